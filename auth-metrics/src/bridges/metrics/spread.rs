//! Durations in buckets as single observations, for who takes nothing else. Knows no back end.

/// How many observations one call tells at most. If a recorder comes late, the rest comes with the calls after it, and no call stores
/// millions of values at once.
pub(super) const MOST_AT_ONCE: u64 = 1 << 20;

/// The least place in a bucket but the first: its lower bound belongs to the bucket below.
const LEAST: f64 = 1e-3;

/// What of a histogram was told as observations.
#[derive(Debug, Default)]
pub(super) struct Spread {
    counts: Vec<u64>,
    sum: f64,
}

impl Spread {
    /// Tells what is new: a value in each bucket, and how often it is to be recorded. The values are as far up in their buckets as it takes
    /// for the sum to be right.
    pub(super) fn tell(
        &mut self,
        bounds: &[f64],
        counts: &[u64],
        sum: f64,
        mut record: impl FnMut(f64, usize),
    ) {
        self.counts.resize(counts.len(), 0);
        let told = self.counts.iter();
        let new = counts.iter().zip(told).map(|(count, told)| count.saturating_sub(*told));
        let place = Place::of(edges(bounds).zip(new), sum - self.sum);
        let mut left = MOST_AT_ONCE;
        for ((edges, count), told) in edges(bounds).zip(counts).zip(&mut self.counts) {
            let times = count.saturating_sub(*told).min(left);
            if times > 0 {
                let value = place.value(edges);
                record(value, usize::try_from(times).unwrap_or(usize::MAX));
                *told += times;
                self.sum += value * to_f64(times);
                left -= times;
            }
        }
    }
}

/// The bounds of each bucket. The last one has no upper bound.
fn edges(bounds: &[f64]) -> impl Iterator<Item = (f64, Option<f64>)> {
    let lower = [0.0].into_iter().chain(bounds.iter().copied());
    lower.zip(bounds.iter().copied().map(Some).chain([None]))
}

/// Where in their buckets observations are.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// From the lower bound to the upper one.
    part: f64,
    /// Above the last bound.
    unbounded: f64,
}

impl Place {
    fn of(new: impl Iterator<Item = ((f64, Option<f64>), u64)>, sum: f64) -> Place {
        let (mut lowest, mut width, mut last, mut above) = (0.0, 0.0, 0.0, 0.0);
        for ((lower, upper), count) in new {
            let count = to_f64(count);
            lowest += lower * count;
            if let Some(upper) = upper {
                width += (upper - lower) * count;
            } else {
                (last, above) = (lower, count);
            }
        }
        let rest = sum - lowest;
        // The bucket without an upper bound is as wide as it needs to be, and else as wide as it is high.
        let part = (rest / (width + last * above)).clamp(0.0, 1.0);
        let unbounded = if above > 0.0 { (rest - width * part) / above } else { 0.0 };
        // No data, no width.
        let part = if part.is_nan() { 1.0 } else { part };
        Place { part, unbounded: last + unbounded.max(last * LEAST) }
    }

    fn value(self, (lower, upper): (f64, Option<f64>)) -> f64 {
        let part = if lower > 0.0 { self.part.max(LEAST) } else { self.part };
        upper.map_or(self.unbounded, |upper| (lower + (upper - lower) * part).min(upper))
    }
}

#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
