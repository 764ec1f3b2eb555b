//! `Proxies`: sources that look like a proxy of the service itself, so that no verdict about them means anybody.

use crate::sketch::Fading;

const CANDIDATES: usize = 8;
const HALF_LIFE: f64 = 3600.0;
/// The share of all attempts, and how many accounts.
const SHARE: f32 = 0.25;
const SUBJECTS: u32 = 50;
/// A proxy carries honest users: an attacker has hardly any success.
const SUCCESSES: f32 = 0.3;

/// A source with many attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Candidate {
    source: u64,
    attempts: Fading,
    successes: Fading,
    /// Which of 64 groups of accounts it had.
    subjects: u64,
    is_proxy: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Proxies {
    candidates: [Candidate; CANDIDATES],
    all: Fading,
}

impl Proxies {
    /// Counts an attempt; whether its source looks like a proxy from now on, and did not before.
    pub(crate) fn count(&mut self, source: u64, subject: u64, is_success: bool, now: f64) -> bool {
        self.all.add(1.0, now, HALF_LIFE);
        let all = self.all.get(now, HALF_LIFE);
        let candidate = match self.candidates.iter().position(|candidate| candidate.source == source) {
            Some(known) => &mut self.candidates[known],
            None => match self.weakest(now) {
                // It inherits the count of the one that it replaces: whoever has a quarter of all is never missed.
                Some(weakest) => {
                    *weakest = Candidate { source, attempts: weakest.attempts, ..Candidate::default() };
                    weakest
                }
                None => return false,
            },
        };
        candidate.attempts.add(1.0, now, HALF_LIFE);
        candidate.successes.add(f32::from(u8::from(is_success)), now, HALF_LIFE);
        candidate.subjects |= 1 << (subject >> 58);
        let attempts = candidate.attempts.get(now, HALF_LIFE);
        let is_proxy = attempts > SHARE * all
            && distinct(candidate.subjects) >= SUBJECTS
            && candidate.successes.get(now, HALF_LIFE) > SUCCESSES * attempts;
        let is_new = is_proxy && !candidate.is_proxy;
        candidate.is_proxy |= is_proxy;
        is_new
    }

    pub(crate) fn is_proxy(&self, source: u64) -> bool {
        self.candidates.iter().any(|candidate| candidate.source == source && candidate.is_proxy)
    }

    fn weakest(&mut self, now: f64) -> Option<&mut Candidate> {
        let attempts = |candidate: &Candidate| candidate.attempts.get(now, HALF_LIFE);
        self.candidates
            .iter_mut()
            .filter(|candidate| !candidate.is_proxy || attempts(candidate) < 1.0)
            .min_by(|one, other| attempts(one).total_cmp(&attempts(other)))
    }
}

/// Estimates how many there are from which of 64 groups they fall into.
fn distinct(groups: u64) -> u32 {
    let empty = groups.count_zeros();
    if empty == 0 {
        return 256;
    }
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 266")]
    let estimate = (64.0 * (64.0 / empty as f32).ln()).round() as u32;
    estimate
}
