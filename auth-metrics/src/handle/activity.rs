//! When a service was last active. Readers find out; recording knows nothing of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::storage::{Clock, Ticks, whole_nanos};

/// The count at the last reading, and when that count was first seen.
#[derive(Default)]
pub(crate) struct Activity(Mutex<Option<(u64, Ticks)>>);

impl Activity {
    /// Returns whether the count rose within the time before this reading. The first reading counts as a rise.
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
