//! Waits for what another thread does.

use std::thread;
use std::time::{Duration, Instant};

/// Returns once something holds. What does not hold after a minute never will.
#[track_caller]
pub(crate) fn eventually(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not come to hold");
        thread::yield_now();
    }
}
