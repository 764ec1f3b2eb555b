//! What requests bring that can't be read: counted for the process, since a layer knows no handle. Clients cause it, so it is no internal
//! error.

use std::sync::atomic::{AtomicU64, Ordering};

/// A header that was ignored.
#[derive(Clone, Copy)]
pub(super) enum Malformed {
    Traceparent,
    Forwarded,
}

static COUNTS: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

impl Malformed {
    /// Its labels, in the order of the counts.
    pub(super) const LABELS: [&str; 2] = ["traceparent", "forwarded"];

    pub(super) fn count(self) {
        COUNTS[self as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn counts() -> impl Iterator<Item = u64> {
        COUNTS.iter().map(|count| count.load(Ordering::Relaxed))
    }
}
