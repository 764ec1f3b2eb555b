//! Which challenges were answered: each is accepted once, and the memory of them has a bound.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::puzzle::Unproven;

/// What makes a challenge unique.
pub(super) type Nonce = [u8; 16];

/// The answered challenges of one lifetime or two.
pub(super) struct Used {
    life: Duration,
    /// In each half.
    capacity: usize,
    halves: Mutex<Halves>,
}

#[derive(Default)]
struct Halves {
    began: Duration,
    current: HashSet<Nonce>,
    previous: HashSet<Nonce>,
}

impl Used {
    /// Remembers each for at least `life`, and at most `capacity` of them in that time.
    pub(super) fn new(life: Duration, capacity: usize) -> Self {
        Self { life, capacity, halves: Mutex::default() }
    }

    /// Marks a challenge as answered. If there is no room for it, it is refused: an answer that is not remembered could be replayed.
    pub(super) fn spend(&self, nonce: Nonce, now: Duration) -> Result<(), Unproven> {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.turn_over(self.life, now);
        if halves.current.contains(&nonce) || halves.previous.contains(&nonce) {
            return Err(Unproven::Replayed);
        }
        if halves.current.len() >= self.capacity {
            return Err(Unproven::Busy);
        }
        halves.current.insert(nonce);
        Ok(())
    }
}

impl Halves {
    /// After a lifetime, what was current becomes the previous half; what was previous has expired by then.
    fn turn_over(&mut self, life: Duration, now: Duration) {
        let passed = now.saturating_sub(self.began);
        if passed < life {
            return;
        }
        self.previous = std::mem::take(&mut self.current);
        if passed >= life.saturating_mul(2) {
            self.previous.clear();
        }
        self.began = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(60);

    fn nonce(number: u8) -> Nonce {
        [number; 16]
    }

    #[test]
    fn memory_has_a_bound_and_room_again_after_a_lifetime() {
        let used = Used::new(LIFE, 2);
        assert_eq!(used.spend(nonce(1), Duration::ZERO), Ok(()));
        assert_eq!(used.spend(nonce(2), Duration::ZERO), Ok(()));
        assert_eq!(used.spend(nonce(3), Duration::ZERO), Err(Unproven::Busy));
        assert_eq!(used.spend(nonce(1), Duration::ZERO), Err(Unproven::Replayed));
        assert_eq!(used.spend(nonce(3), LIFE), Ok(()));
        assert_eq!(used.spend(nonce(1), LIFE), Err(Unproven::Replayed));
    }

    #[test]
    fn nothing_is_forgotten_within_its_lifetime_and_everything_after_two() {
        let used = Used::new(LIFE, 100);
        let late = LIFE.saturating_sub(Duration::from_millis(1));
        assert_eq!(used.spend(nonce(1), late), Ok(()));
        assert_eq!(used.spend(nonce(2), LIFE), Ok(()));
        assert_eq!(used.spend(nonce(1), late + late), Err(Unproven::Replayed));
        assert_eq!(used.spend(nonce(1), LIFE * 4), Ok(()));
    }
}
