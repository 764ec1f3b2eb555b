//! The thread of a push.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use auth_metrics::WeakAuthMetrics;

use super::control::{Control, after};
use crate::engine::{Engine, Moment, Outcome};
use crate::export::Counts;
use crate::unwinding::unwinding_stops;

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
pub(super) struct Ending(pub(super) Arc<Control>, pub(super) Arc<Counts>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.1.end();
        self.0.end();
    }
}

/// Works on a thread. If the work panics, the log says so.
pub(super) fn spawn(ending: Ending, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let run = move || {
        let name = ending.1.name();
        if unwinding_stops(work).is_none() {
            let text = format!("push {name} panicked and has ended: start it again");
            unwinding_stops(|| log::error!("auth-metrics-otlp: {text}"));
        }
        drop(ending);
    };
    thread::Builder::new().name("auth-metrics-otlp".to_owned()).spawn(run).map(drop)
}

impl Worker {
    pub(super) fn start(self) -> io::Result<()> {
        let ending = Ending(Arc::clone(&self.control), Arc::clone(&self.counts));
        spawn(ending, || self.run())
    }

    fn run(mut self) {
        loop {
            let asked = self.control.asked();
            let began = Instant::now();
            // Nobody waits any longer for what was asked for.
            let is_late = asked.until.is_some_and(|until| left_of(until).is_zero());
            if is_late && self.control.is_stopped() {
                return;
            }
            let until = asked.until.filter(|_| !is_late);
            let longest = self.timeout.min(LONGEST);
            let timeout = || until.map_or(longest, |until| left_of(until).min(longest));
            let (snapshot, clock) = (|| Some(self.metrics.upgrade()?.snapshot()), self.clock);
            let outcome = self.engine.push(snapshot, || clock.now(), timeout);
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

fn left_of(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Longer than any process runs, so that times can be added.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);
