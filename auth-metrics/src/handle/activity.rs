//! When a service last did something that counts, found by whoever reads: recording knows nothing of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::storage::{Clock, Ticks, whole_nanos};

/// What was seen at the last reading, and when it was first seen so.
#[derive(Default)]
pub(crate) struct Activity(Mutex<Option<(u64, Ticks)>>);

impl Activity {
    /// Whether the count rose within the time before this reading; the first reading is a rise.
    pub(crate) fn is_within(&self, time: Duration, count: u64, clock: &Clock) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *last {
            Some((seen, since)) if seen == count => clock.nanos_since(since) < whole_nanos(time),
            _ => {
                *last = Some((count, clock.now()));
                true
            }
        }
    }
}
