//! `Shared`: what the threads of the sinks, the observer and the families have in common.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, WeakAuthMetrics};

use super::counts::{Counts, Outlet};
use crate::format::Origin;
/// What the threads of the sinks need.
pub(crate) struct Shared {
    pub(crate) counts: Counts,
    pub(crate) outlets: Box<[Outlet]>,
    pub(super) origin: Origin,
    pub(super) metrics: OnceLock<WeakAuthMetrics>,
    /// When whoever ends the trail stops waiting.
    pub(super) deadline: OnceLock<Instant>,
    /// Attempts that the handle dropped, as far as a gap says so.
    pub(super) overflow_told: AtomicU64,
    warned: Mutex<Option<Instant>>,
}

/// Some records are not with every sink: it is slow, hangs or fails. They were counted, as `dropped_shutdown` if the trail has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unwritten {
    /// The sinks that do not have everything.
    pub sinks: Vec<&'static str>,
}

impl Shared {
    pub(super) fn new(outlets: Box<[Outlet]>, origin: Origin) -> Shared {
        Shared {
            counts: Counts::default(),
            outlets,
            origin,
            metrics: OnceLock::new(),
            deadline: OnceLock::new(),
            overflow_told: AtomicU64::new(0),
            warned: Mutex::new(None),
        }
    }

    /// The handle, while it lives.
    pub(crate) fn metrics(&self) -> Option<AuthMetrics> {
        self.metrics.get()?.upgrade()
    }

    /// How many attempts the handle dropped before the trail got them, and how many got lost here.
    pub(crate) fn overflow(&self) -> u64 {
        let dropped = self.metrics().map_or(0, |metrics| metrics.events().dropped_attempts());
        dropped.max(self.overflow_told.load(Ordering::Relaxed)) + self.counts.lost()
    }

    /// How many attempts started and ended, by the handle.
    pub(super) fn started_and_ended(&self) -> (u64, u64) {
        let Some(metrics) = self.metrics() else { return (0, 0) };
        let snapshot = metrics.snapshot();
        let counted = snapshot.operations().map(|operation| {
            (operation.started(), operation.outcomes().map(|(_, count)| count).sum::<u64>())
        });
        counted.fold((0, 0), |(all, over), (started, ended)| (all + started, over + ended))
    }

    /// Whether nobody waits for the end any longer.
    pub(super) fn is_overdue(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| Instant::now() >= *deadline)
    }

    /// Says once a minute that a sink fails. The message of the system names no identity; that of a sink is not shown.
    pub(super) fn warn(&self, sink: &str, error: &std::io::Error) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.is_none_or(|at| at.elapsed() >= Duration::from_secs(60)) {
            *warned = Some(Instant::now());
            log::warn!("auth-metrics-audit: the sink {sink} fails: {}", error.kind());
        }
    }

    /// Ends all threads, and waits for them.
    pub(super) fn end(&self, until: Instant) -> Result<(), Unwritten> {
        let _ = self.deadline.set(until);
        self.outlets.iter().for_each(|outlet| outlet.queue.close());
        let late = self.outlets.iter().filter(|outlet| !outlet.queue.wait_for_end(until));
        let late: Vec<_> = late.map(|outlet| outlet.name).collect();
        if late.is_empty() { Ok(()) } else { Err(Unwritten { sinks: late }) }
    }
}

/// The end of a wait, which may be as good as none.
pub(super) fn after(timeout: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);
    Instant::now() + timeout.min(LONGEST)
}

impl fmt::Display for Unwritten {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "not everything is with the sinks {}: give them longer, or see why they are slow",
            self.sinks.join(", ")
        )
    }
}

impl std::error::Error for Unwritten {}
