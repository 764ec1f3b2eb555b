//! `Shared`: what the threads of the sinks, the observer and the families have in common.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use auth_metrics::{AuthMetrics, WeakAuthMetrics};

use super::counts::{Counts, Outlet};
use crate::format::Origin;
use crate::unwinding::unwinding_stops;

/// What the threads of the sinks need.
pub(crate) struct Shared {
    pub(crate) counts: Counts,
    pub(crate) outlets: Box<[Outlet]>,
    pub(super) origin: Origin,
    pub(super) metrics: OnceLock<WeakAuthMetrics>,
    /// When whoever ends the trail stops waiting.
    pub(super) deadline: OnceLock<Instant>,
    /// Attempts that the handle dropped, as far as the trail has seen.
    pub(super) overflow_seen: AtomicU64,
    /// Attempts and steps that never got here, as far as a gap says so.
    pub(super) attempts_told: AtomicU64,
    pub(super) steps_told: AtomicU64,
    warned: Mutex<Option<Instant>>,
}

/// Some records have not come to an end at every sink: it is slow, hangs, or could not make them durable. What a sink refused has come to an
/// end, and was counted as `dropped_failed`. Once the trail has ended, the others are counted as `dropped_shutdown`.
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
            overflow_seen: AtomicU64::new(0),
            attempts_told: AtomicU64::new(0),
            steps_told: AtomicU64::new(0),
            warned: Mutex::new(None),
        }
    }

    /// The handle, while it lives.
    pub(crate) fn metrics(&self) -> Option<AuthMetrics> {
        self.metrics.get()?.upgrade()
    }

    /// Says that nobody could see what was dropped, and that the last attempts may be missing.
    pub(super) fn warn_if_not_installed(&self) {
        if self.metrics.get().is_none() {
            log::warn!(
                "auth-metrics-audit: the trail ends and was never installed: call `install` with the handle that it observes"
            );
        }
    }

    /// How many attempts the handle dropped before the trail got them, and how many got lost here.
    pub(crate) fn overflow(&self) -> u64 {
        let dropped = self.metrics().map_or(0, |metrics| metrics.events().dropped_attempts());
        dropped.max(self.overflow_seen.load(Ordering::Relaxed)) + self.counts.lost()
    }

    /// How many attempts started and ended, by the handle.
    pub(super) fn started_and_ended(&self) -> Option<(u64, u64)> {
        let metrics = self.metrics()?;
        let snapshot = metrics.snapshot();
        let counted = snapshot.operations().map(|operation| {
            (operation.started(), operation.outcomes().map(|(_, count)| count).sum::<u64>())
        });
        Some(counted.fold((0, 0), |(all, over), (started, ended)| (all + started, over + ended)))
    }

    /// Whether nobody waits for the end any longer.
    pub(super) fn is_overdue(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| Instant::now() >= *deadline)
    }

    /// Says once a minute that a sink fails. The message of the system names no identity; that of a sink is not shown.
    pub(super) fn warn(&self, sink: &str, error: &std::io::Error) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = warned.is_none_or(|at| at.elapsed() >= Duration::from_secs(60));
        if is_due {
            *warned = Some(Instant::now());
        }
        // A logger that hangs must not stop the other sinks.
        drop(warned);
        if is_due {
            // A logger that panics is not the affair of the sink.
            unwinding_stops(|| log::warn!("auth-metrics-audit: the sink {sink} fails: {}", error.kind()));
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
