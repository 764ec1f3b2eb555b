//! Random fractions for jitter and tokens: unpredictable enough that replicas differ, and no secret.

use std::hash::{BuildHasher, RandomState};

/// A number that other processes, and other calls, don't get.
pub(super) fn number() -> u64 {
    // Each state has keys of its own.
    RandomState::new().hash_one(std::process::id())
}

/// From 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "32 bits are exact")]
pub(super) fn fraction() -> f64 {
    (number() >> 32) as f64 / f64::from(u32::MAX)
}
