//! The thread of a push.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use auth_metrics::WeakAuthMetrics;

use super::control::{Control, after};
use crate::engine::{Engine, Moment, Outcome};
use crate::export::Counts;

/// What the thread works with.
pub(super) struct Worker {
    pub(super) engine: Engine,
    pub(super) metrics: WeakAuthMetrics,
    pub(super) control: Arc<Control>,
    pub(super) counts: Arc<Counts>,
    pub(super) clock: Clock,
    pub(super) every: Duration,
    pub(super) timeout: Duration,
}

/// The machine's time.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    began: Instant,
}

impl Clock {
    pub(super) fn new() -> Clock {
        Clock { began: Instant::now() }
    }

    pub(super) fn now(self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment {
            since_1970: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
            monotonic: self.began.elapsed(),
        }
    }
}

/// Says that the thread has ended, whatever ended it.
struct Ending(Arc<Control>, Arc<Counts>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.1.end();
        self.0.end();
    }
}

impl Worker {
    pub(super) fn start(self) -> io::Result<()> {
        let ending = Ending(Arc::clone(&self.control), Arc::clone(&self.counts));
        let run = move || {
            let _ending = ending;
            self.run();
        };
        thread::Builder::new().name("auth-metrics-otlp".to_owned()).spawn(run).map(drop)
    }

    fn run(mut self) {
        loop {
            let asked = self.control.asked();
            let began = Instant::now();
            let left = asked.until.map(|until| until.saturating_duration_since(began));
            // Nobody waits any longer for what was asked for.
            let is_late = left.is_some_and(|left| left.is_zero());
            if is_late && self.control.is_stopped() {
                return;
            }
            let timeout = left.filter(|_| !is_late).map_or(self.timeout, |left| left.min(self.timeout));
            let snapshot = || Some(self.metrics.upgrade()?.snapshot());
            let outcome = self.engine.push(snapshot, self.clock.now(), timeout);
            self.control.answer(asked, outcome == Outcome::Delivered);
            let due = match outcome {
                Outcome::Delivered | Outcome::Refused => began + self.every.min(LONGEST),
                Outcome::Later(wait) => after(wait),
                Outcome::Gone => return,
            };
            if !self.control.wait(due) {
                return;
            }
        }
    }
}

/// Longer than any process runs, so that times can be added.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);
