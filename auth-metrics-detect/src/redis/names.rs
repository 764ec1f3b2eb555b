//! The names of the keys, and how a score becomes evidence.

use crate::keys::Keys;

/// The form of what is stored. Replicas of another form use other keys.
const VERSION: u32 = 1;
/// Half-lives of a period: what is older than two of them is forgotten.
const HALF_LIVES: f64 = 4.0;
/// What the tables are called: those of sources, networks, accounts.
pub(super) const TABLES: [&str; 3] = ["src", "net", "sub"];

/// The names of an engine's keys.
pub(super) struct Names {
    base: String,
    half_life: f64,
}

/// A period: a sorted set has the evidence of it and of the one before.
///
/// Evidence fades, and scores don't. So a score is the evidence times a factor that grows as evidence fades: divided by the factor of
/// now, the sum of all scores is the sum of all evidence, each faded from its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period(i64);

impl Names {
    /// Engines with another key or half-life have other names. The braces keep all keys in one slot of a cluster.
    pub(super) fn new(prefix: &str, keys: &Keys, half_life: f64) -> Names {
        let group = keys.device(&format!("replicas {VERSION} {half_life}")) >> 32;
        Names { base: format!("{{{prefix}:{group:08x}}}"), half_life }
    }

    pub(super) fn evidence(&self, table: usize, period: Period) -> String {
        format!("{}:{}:{}", self.base, TABLES[table], period.0)
    }

    pub(super) fn news(&self) -> String {
        format!("{}:news", self.base)
    }

    /// The period of a time in seconds since 1970, and the one that follows: evidence is added to both.
    pub(super) fn periods(&self, wall: f64) -> [Period; 2] {
        #[expect(clippy::cast_possible_truncation, reason = "some thousands")]
        let period = (wall / self.length()).floor() as i64;
        [Period(period), Period(period + 1)]
    }

    /// The score of one of evidence.
    pub(super) fn factor(&self, period: Period, wall: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let began = period.0 as f64 * self.length();
        ((wall - began) / self.half_life).exp2()
    }

    /// How long a key is kept that nobody writes to, in seconds: until nobody reads it.
    pub(super) fn lifetime(&self) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most some months")]
        let seconds = (2.0 * self.length()) as u64;
        seconds + 3600
    }

    fn length(&self) -> f64 {
        HALF_LIVES * self.half_life
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sum_of_scores_is_the_sum_of_faded_evidence() {
        let names = Names::new("detect", &Keys::new([7; 16]), 3600.0);
        let (then, now) = (1_000_000.0, 1_000_000.0 + 7200.0);
        let period = names.periods(now)[0];
        let score = 8.0 * names.factor(period, then) + 1.0 * names.factor(period, now);
        assert!((score / names.factor(period, now) - 3.0).abs() < 1e-9, "8 halved twice, and 1");
    }

    #[test]
    fn what_was_written_in_one_period_is_read_in_the_next() {
        let names = Names::new("detect", &Keys::new([7; 16]), 3600.0);
        let [_, next] = names.periods(14_399.0);
        assert_eq!(names.periods(14_400.0)[0], next);
    }

    #[test]
    fn other_keys_and_half_lives_have_other_names() {
        let [one, other] = [[1; 16], [2; 16]].map(Keys::new);
        let names = [Names::new("p", &one, 60.0), Names::new("p", &other, 60.0), Names::new("p", &one, 61.0)]
            .map(|names| names.news());
        assert!(names[0] != names[1] && names[0] != names[2], "{names:?}");
    }
}
