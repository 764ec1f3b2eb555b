//! Makes the generators that spread waits and name credentials and takings of a lease. Nothing secret is made with them.

use std::hash::{BuildHasher, RandomState};

use fastrand::Rng;

/// A generator with a seed from the system's random source. fastrand's own seed is a point in time and the number of a thread,
/// and replicas that start from one image may share both.
pub(super) fn generator() -> Rng {
    Rng::with_seed(RandomState::new().hash_one(0))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::generator;

    #[test]
    fn no_two_generators_begin_alike() {
        let first: HashSet<u64> = (0..1_000).map(|_| generator().u64(..)).collect();
        assert_eq!(first.len(), 1_000);
    }
}
