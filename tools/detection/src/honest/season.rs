//! When people log in: the hours of the day and the days of the week.

use auth_metrics_random::Random;

use crate::time::{BEGIN, DAY, HOUR, Span};

/// The share of the busiest hour, by hour of the day.
const HOURS: [f64; 24] = [
    0.10, 0.06, 0.05, 0.05, 0.06, 0.12, 0.28, 0.55, 0.90, 1.00, 0.95, 0.88, 0.80, 0.85, 0.88, 0.84, 0.78,
    0.70, 0.62, 0.58, 0.55, 0.45, 0.32, 0.18,
];
const WEEKEND: f64 = 0.5;

/// How busy a moment is, the busiest being 1.
pub fn weight(t: f64) -> f64 {
    let hours = (t - BEGIN) / HOUR;
    let hour = hours.rem_euclid(24.0);
    let (at, part) = (hour as usize % 24, hour.fract());
    let smooth = HOURS[at] * (1.0 - part) + HOURS[(at + 1) % 24] * part;
    if is_weekend(t) { smooth * WEEKEND } else { smooth }
}

pub fn is_weekend(t: f64) -> bool {
    ((t - BEGIN) / DAY).rem_euclid(7.0) >= 5.0
}

/// Hours of work of somebody with a shift of their clock.
pub fn is_work(t: f64, zone: f64) -> bool {
    let hour = ((t + zone - BEGIN) / HOUR).rem_euclid(24.0);
    !is_weekend(t) && (8.0..17.5).contains(&hour)
}

/// Draws a moment of a span. A zone shifts the clock by seconds.
pub fn moment(random: &mut Random, span: Span, zone: f64) -> f64 {
    loop {
        let t = random.between(span.from, span.to);
        if random.chance(weight(t + zone)) {
            return t;
        }
    }
}
