//! Old credentials that are still accepted beside their successor, and when each of them is to be retired.

use std::time::Duration;

use tokio::time::Instant;

use super::deadline::later;
use super::id::Id;

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Old {
    /// None if the rotator was never told which one it started with.
    pub(super) id: Option<Id>,
    pub(super) successor: Id,
    /// Whether this replica rotated it: that one counts the event.
    pub(super) counted: bool,
    failures: u32,
    due: Due,
}

#[derive(Clone, Copy, Debug)]
enum Due {
    /// Not before its successor is known to be good, and noted for the other replicas.
    Unsettled,
    At(Instant),
}

impl Due {
    fn at(self) -> Option<Instant> {
        match self {
            Due::At(at) => Some(at),
            Due::Unsettled => None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Overlapping(Vec<Old>);

impl Overlapping {
    /// A successor is in use. The overlap begins when that is [settled](Overlapping::settle).
    pub(super) fn begin(&mut self, id: Option<Id>, successor: Id, counted: bool) {
        self.0.push(Old { id, successor, counted, failures: 0, due: Due::Unsettled });
    }

    /// What was waiting for it overlaps for so long from now on.
    pub(super) fn settle(&mut self, overlap: Duration) {
        for old in &mut self.0 {
            if matches!(old.due, Due::Unsettled) {
                old.due = Due::At(later(overlap));
            }
        }
    }

    /// The one of this id is in use again.
    pub(super) fn remove(&mut self, id: &Id) {
        self.0.retain(|old| old.id.as_ref() != Some(id));
    }

    /// How long until the first of them is over.
    pub(super) fn wait(&self) -> Option<Duration> {
        let first = self.0.iter().filter_map(|old| old.due.at()).min()?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    /// Takes one whose overlap is over.
    pub(super) fn take_over(&mut self) -> Option<Old> {
        let now = Instant::now();
        let place = self.0.iter().position(|old| old.due.at().is_some_and(|due| due <= now))?;
        Some(self.0.remove(place))
    }

    /// This one is over, and was not tried to its end. Others come first.
    pub(super) fn put_back(&mut self, old: Old) {
        self.0.push(old);
    }

    /// Tries again later.
    pub(super) fn again(&mut self, old: Old, wait: impl FnOnce(u32) -> Duration) {
        let failures = old.failures.saturating_add(1);
        self.0.push(Old { failures, due: Due::At(later(wait(failures))), ..old });
    }
}
