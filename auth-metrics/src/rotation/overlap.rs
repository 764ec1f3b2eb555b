//! Old credentials that are still accepted beside their successor.

use std::time::Duration;

use tokio::time::Instant;

use super::later::later;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Old {
    pub(super) generation: u64,
    /// Whether this replica rotated it: that one counts the event.
    pub(super) counted: bool,
    failures: u32,
    due: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Overlapping(Vec<Old>);

impl Overlapping {
    pub(super) fn begin(&mut self, generation: u64, counted: bool, overlap: Duration) {
        self.0.push(Old { generation, counted, failures: 0, due: later(overlap) });
    }

    /// How long until the first of them is over.
    pub(super) fn wait(&self) -> Option<Duration> {
        let first = self.0.iter().map(|old| old.due).min()?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    /// Takes one whose overlap is over.
    pub(super) fn take_over(&mut self) -> Option<Old> {
        let now = Instant::now();
        let place = self.0.iter().position(|old| old.due <= now)?;
        Some(self.0.remove(place))
    }

    /// Tries again later.
    pub(super) fn again(&mut self, old: Old, wait: impl FnOnce(u32) -> Duration) {
        let failures = old.failures.saturating_add(1);
        self.0.push(Old { failures, due: later(wait(failures)), ..old });
    }
}
