//! Whatever was observed, what is told is in the same buckets, and adds up.

use proptest::prelude::*;

use super::{LEAST, MOST_AT_ONCE, Spread, to_f64};

const BOUNDS: [f64; 4] = [0.001, 0.01, 0.5, 2.5];

/// What a recorder with the same bounds has after it was told.
#[derive(Default)]
struct Recorder {
    counts: [u64; BOUNDS.len() + 1],
    sum: f64,
}

impl Recorder {
    fn told(&mut self, spread: &mut Spread, counts: &[u64], sum: f64) {
        spread.tell(&BOUNDS, counts, sum, |value, times| {
            self.counts[BOUNDS.partition_point(|bound| *bound < value)] += times as u64;
            self.sum += value * to_f64(times as u64);
        });
    }
}

/// Durations, with bounds themselves among them.
fn durations() -> impl Strategy<Value = Vec<f64>> {
    let duration = prop_oneof![0.000_01..0.02, 0.1..4.0, proptest::sample::select(&BOUNDS[..]), 3.0..1e6];
    prop::collection::vec(duration, 0..40)
}

proptest! {
    #[test]
    fn counts_are_exact_and_the_sum_is_right(rounds in prop::collection::vec(durations(), 1..5)) {
        let (mut spread, mut recorder) = (Spread::default(), Recorder::default());
        let (mut counts, mut sum) = ([0; BOUNDS.len() + 1], 0.0);
        for round in rounds {
            for duration in round {
                counts[BOUNDS.partition_point(|bound| *bound < duration)] += 1;
                sum += duration;
            }
            recorder.told(&mut spread, &counts, sum);
            prop_assert_eq!(recorder.counts, counts);
        }
        // No observation is told at the very low end of its bucket; the next ones make up for it.
        let uppers = BOUNDS.iter().chain(BOUNDS.last());
        let lowest: f64 = uppers.zip(&counts).map(|(bound, count)| LEAST * bound * to_f64(*count)).sum();
        let off = (recorder.sum - sum).abs();
        prop_assert!(off <= 1e-9 * sum + lowest, "{} is not {sum}", recorder.sum);
    }

    #[test]
    fn sum_that_no_observations_have_moves_none_to_another_bucket(counts: [u16; BOUNDS.len() + 1], sum in -10.0..1e9) {
        let (mut spread, mut recorder) = (Spread::default(), Recorder::default());
        let counts = counts.map(u64::from);
        recorder.told(&mut spread, &counts, sum);
        prop_assert_eq!(recorder.counts, counts);
        prop_assert!(recorder.sum.is_finite());
    }
}

#[test]
fn recorder_that_comes_late_is_told_in_parts() {
    let (mut spread, mut recorder) = (Spread::default(), Recorder::default());
    let counts = [MOST_AT_ONCE / 2, 0, MOST_AT_ONCE, 0, 7];
    let sum = 123_456.0;
    recorder.told(&mut spread, &counts, sum);
    assert_eq!(recorder.counts.iter().sum::<u64>(), MOST_AT_ONCE);
    recorder.told(&mut spread, &counts, sum);
    assert_eq!(recorder.counts, counts);
    let told = recorder.counts;
    recorder.told(&mut spread, &counts, sum);
    assert_eq!(recorder.counts, told, "nothing is told twice");
    assert!((recorder.sum - sum).abs() < 1e-6 * sum, "{}", recorder.sum);
}

#[test]
fn nothing_new_is_told_by_nothing() {
    let mut spread = Spread::default();
    spread.tell(&BOUNDS, &[0; 5], 0.0, |_, _| panic!("there is nothing"));
}
