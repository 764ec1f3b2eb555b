//! Our forecast of the next day is nearly as good as that of a batch model that sees the whole history: exponential
//! smoothing of a series without its seasons.

// What is compared is the source itself: it is no part of the crate's public API.
#[path = "../../auth-metrics-detect/src/learning"]
#[allow(dead_code, unreachable_pub)]
mod learning {
    pub(crate) mod bytes;
    pub(crate) mod holt_winters;
}

use augurs_core::{Fit, Predict};
use augurs_ets::AutoETS;
use augurs_mstl::MSTLModel;
use learning::holt_winters::HoltWinters;

const DAY: usize = 24;
const WEEK: usize = 7 * DAY;

/// Numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// Six weeks of hourly logins: a curve of the day, quiet weekends, growth, noise, a slow wander, and, if it has an odd day, one day
/// that is far off.
fn series(seed: u64, has_odd_day: bool) -> Vec<f64> {
    let mut dice = Dice(seed);
    let (height, weekend) = (150.0 + 200.0 * dice.uniform(), 0.4 + 0.4 * dice.uniform());
    let (growth, noise) = (0.1 * (dice.uniform() - 0.3), 4.0 + 20.0 * dice.uniform());
    let odd_day = 16 + (10.0 * dice.uniform()) as usize;
    let mut wander = 0.0;
    let hour = |t: usize| {
        let angle = (t % DAY) as f64 / DAY as f64 * std::f64::consts::TAU;
        let day = 1.0 - 0.8 * angle.cos() + 0.3 * (2.0 * angle).sin();
        wander = 0.97 * wander + 0.3 * noise * dice.normal();
        let share = if (t / DAY) % 7 >= 5 { weekend } else { 1.0 };
        let odd = if has_odd_day && t / DAY == odd_day { 2.5 } else { 1.0 };
        (height * day * share * odd + 100.0 + growth * t as f64 + wander + noise * dice.normal()).max(0.0)
    };
    (0..6 * WEEK).map(hour).collect()
}

fn mean_error(forecast: impl Iterator<Item = f64>, truth: &[f64]) -> f64 {
    forecast.zip(truth).map(|(each, truth)| (each - truth).abs()).sum::<f64>() / truth.len() as f64
}

fn ours(history: &[f64]) -> impl Iterator<Item = f64> {
    let mut model = HoltWinters::new();
    history.iter().enumerate().for_each(|(hour, value)| model.learn(hour as u32, *value as f32));
    (1..=DAY as u16).map(move |ahead| f64::from(model.forecast(ahead).unwrap().median))
}

fn theirs(history: &[f64]) -> Vec<f64> {
    let model = MSTLModel::new(vec![DAY, WEEK], AutoETS::non_seasonal().into_trend_model());
    model.fit(history).unwrap().predict(DAY, None).unwrap().point
}

#[test]
fn day_ahead_error_is_near_that_of_a_batch_model() {
    let (mut sum_of_ours, mut sum_of_theirs) = (0.0, 0.0);
    println!("seed, odd day | ours | MSTL + AutoETS | ratio");
    for (seed, has_odd_day) in
        [(1, true), (2, true), (3, true), (5, true), (8, true), (1, false), (2, false), (3, false)]
    {
        let series = series(seed, has_odd_day);
        // From each midnight of the last ten days.
        let days = (series.len() / DAY - 10)..series.len() / DAY;
        let (mut own, mut other) = (0.0, 0.0);
        for day in days {
            let (history, rest) = series.split_at(day * DAY);
            own += mean_error(ours(history), &rest[..DAY]) / 10.0;
            other += mean_error(theirs(history).into_iter(), &rest[..DAY]) / 10.0;
        }
        println!("{seed}, {has_odd_day} | {own:.2} | {other:.2} | {:.3}", own / other);
        assert!(own <= 1.1 * other, "seed {seed}: {own} against {other}");
        (sum_of_ours, sum_of_theirs) = (sum_of_ours + own, sum_of_theirs + other);
    }
    println!("all | {sum_of_ours:.2} | {sum_of_theirs:.2} | {:.3}", sum_of_ours / sum_of_theirs);
}
