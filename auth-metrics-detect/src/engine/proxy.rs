//! `Proxies`: sources that look like a proxy of the service itself, so that no verdict about them means anybody.

const CANDIDATES: usize = 8;
const HALF_LIFE: f64 = 3600.0;
/// The share of all attempts, and how many accounts.
const PARTS: u32 = 4;
const SUBJECTS: u32 = 50;
/// A proxy carries honest users: an attacker has hardly any success. In tenths.
const SUCCESSES: u32 = 3;

/// A source with many attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Candidate {
    source: u64,
    attempts: u32,
    successes: u32,
    /// Which of 64 groups of accounts it had.
    subjects: u64,
    is_proxy: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Proxies {
    candidates: [Candidate; CANDIDATES],
    all: u32,
    faded: f64,
}

impl Proxies {
    /// Halves what is more than an hour old.
    fn fade(&mut self, now: f64) {
        if now - self.faded < HALF_LIFE {
            return;
        }
        self.faded = now;
        self.all /= 2;
        for candidate in &mut self.candidates {
            candidate.attempts /= 2;
            candidate.successes /= 2;
        }
    }

    /// Counts an attempt; whether its source looks like a proxy from now on, and did not before.
    pub(crate) fn count(&mut self, source: u64, subject: u64, is_success: bool, now: f64) -> bool {
        self.fade(now);
        self.all = self.all.saturating_add(1);
        let all = self.all;
        let candidate = match self.candidates.iter().position(|candidate| candidate.source == source) {
            Some(known) => &mut self.candidates[known],
            None => match self.weakest() {
                // It inherits the count of the one that it replaces: whoever has a quarter of all is never missed.
                Some(weakest) => {
                    *weakest = Candidate { source, attempts: weakest.attempts, ..Candidate::default() };
                    weakest
                }
                None => return false,
            },
        };
        candidate.attempts = candidate.attempts.saturating_add(1);
        candidate.successes = candidate.successes.saturating_add(u32::from(is_success));
        candidate.subjects |= 1 << (subject >> 58);
        let is_proxy = candidate.attempts > all / PARTS
            && candidate.attempts >= SUBJECTS
            && distinct(candidate.subjects) >= SUBJECTS
            && candidate.successes > candidate.attempts / 10 * SUCCESSES;
        let is_new = is_proxy && !candidate.is_proxy;
        candidate.is_proxy |= is_proxy;
        is_new
    }

    pub(crate) fn is_proxy(&self, source: u64) -> bool {
        self.candidates.iter().any(|candidate| candidate.source == source && candidate.is_proxy)
    }

    fn weakest(&mut self) -> Option<&mut Candidate> {
        let may_go = |candidate: &&mut Candidate| !candidate.is_proxy || candidate.attempts == 0;
        self.candidates.iter_mut().filter(may_go).min_by_key(|candidate| candidate.attempts)
    }
}

/// Estimates how many there are from which of 64 groups they fall into.
fn distinct(groups: u64) -> u32 {
    let empty = groups.count_zeros();
    if empty == 0 {
        return 256;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 266"
    )]
    let estimate = (64.0 * (64.0 / empty as f32).ln()).round() as u32;
    estimate
}

crate::saved::saved! { Proxies { candidates, all, faded } }
crate::saved::saved! { Candidate { source, attempts, successes, subjects, is_proxy } }
