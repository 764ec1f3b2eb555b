//! The bounds of a histogram and which bucket a duration falls in.

/// The most bounds that a histogram can have.
const MOST: usize = 250;

/// Bounds of buckets, in seconds for the reader and in whole nanoseconds for the writer.
///
/// What is observed in a bucket is kept as a count and a rest: by how much all observations are above the bucket's lower
/// bound. Each of the two only rises, so what is computed from them only rises too, whichever of them a reader sees first.
pub(crate) struct Buckets {
    seconds: Box<[f64]>,
    steps: Box<[Step]>,
    /// By the highest bit of a duration, the first bucket that it can fall in.
    firsts: [(usize, Step); 64],
}

/// A bucket: what is above the one bound and not above the other. The last one has no upper bound.
#[derive(Clone, Copy)]
struct Step {
    lower: u64,
    upper: u64,
}

impl Step {
    /// The unbounded bucket counts as wide as the last bound.
    fn width(&self) -> u64 {
        if self.upper == u64::MAX { self.lower } else { self.upper - self.lower }
    }
}

impl Buckets {
    /// The most that is added to a sum above the lower bound of a bucket for a duration that a caller made up: a day. Without
    /// that one endless duration would fill the rest of its bucket for ever.
    pub(crate) const MOST_ABOVE: u64 = 86_400_000_000_000;

    /// The 14 defaults of the Python client and eight finer ones below, so that a token check is not one lump.
    pub(crate) const DEFAULT: [f64; 22] = [
        0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05,
        0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
    ];

    /// None unless there are 1 to 250 bounds, finite, positive, each a nanosecond or more above the one before.
    pub(crate) fn new(seconds: &[f64]) -> Option<Buckets> {
        let nanos: Box<[u64]> = seconds.iter().map(|bound| to_nanos(*bound)).collect::<Option<_>>()?;
        let rises = nanos.windows(2).all(|pair| pair[0] < pair[1]);
        (rises && (1..=MOST).contains(&nanos.len())).then(|| Buckets::of(seconds.into(), &nanos))
    }

    fn of(seconds: Box<[f64]>, nanos: &[u64]) -> Buckets {
        let lower = [0].into_iter().chain(nanos.iter().copied());
        let upper = nanos.iter().copied().chain([u64::MAX]);
        let steps: Box<[Step]> = lower.zip(upper).map(|(lower, upper)| Step { lower, upper }).collect();
        let firsts = std::array::from_fn(|bit| {
            let first = nanos.partition_point(|bound| *bound < 1_u64 << bit);
            (first, steps[first])
        });
        Buckets { seconds, steps, firsts }
    }

    /// The finite upper bounds in seconds; one more bucket takes what is above them.
    pub(crate) fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// How many buckets there are, the unbounded one included.
    pub(crate) fn count(&self) -> usize {
        self.steps.len()
    }

    /// The upper bound of a bucket in seconds. The unbounded one counts as wide as the last bound.
    pub(crate) fn upper(&self, bucket: usize) -> f64 {
        let last = self.seconds.last().copied().unwrap_or_default();
        self.seconds.get(bucket).copied().unwrap_or(2.0 * last)
    }

    /// The bucket of a duration: the first whose bound is not below it.
    pub(crate) fn index(&self, nanos: u64) -> usize {
        self.place(nanos).0
    }

    /// The bucket of a duration, and what the duration adds to that bucket's rest. Durations of as many bits share few
    /// bounds, so a short walk from the first of them finds it.
    pub(crate) fn place(&self, nanos: u64) -> (usize, u64) {
        let (mut index, _) = *self.first(nanos);
        // The last one takes everything, so there is always one.
        while let Some(step) = self.steps.get(index) {
            if nanos <= step.upper {
                return (index, nanos - step.lower);
            }
            index += 1;
        }
        (index, 0)
    }

    /// The same if it takes no walk.
    #[inline]
    pub(crate) fn place_at_once(&self, nanos: u64) -> Option<(usize, u64)> {
        let (index, step) = self.first(nanos);
        if nanos <= step.upper { Some((*index, nanos - step.lower)) } else { None }
    }

    /// The first bucket that a duration of as many bits can fall in.
    #[inline]
    fn first(&self, nanos: u64) -> &(usize, Step) {
        &self.firsts[(nanos | 1).ilog2() as usize]
    }

    /// The sum of all observations in nanoseconds: `observed` has the counts of the buckets, then their rests.
    pub(crate) fn exact_sum(&self, observed: &[u64]) -> u128 {
        self.sum(observed, |rest, _| rest)
    }

    /// The same in steps as wide as the buckets: one observation moves it by the lower or the upper bound of its bucket. What
    /// a step leaves out is carried over, so that the sum is behind the exact one by less than the widths of the buckets that
    /// were observed.
    pub(crate) fn coarse_sum(&self, observed: &[u64]) -> u128 {
        self.sum(observed, |rest, width| rest - rest % width.max(1))
    }

    fn sum(&self, observed: &[u64], shown: impl Fn(u64, u64) -> u64) -> u128 {
        let (counts, rests) = observed.split_at(observed.len().min(self.count()));
        let observed = counts.iter().zip(rests).zip(&self.steps);
        let parts = observed.filter(|((count, _), _)| **count > 0).map(|((count, rest), step)| {
            u128::from(*count) * u128::from(step.lower) + u128::from(shown(*rest, step.width()))
        });
        parts.sum()
    }
}

impl Default for Buckets {
    fn default() -> Buckets {
        let nanos: Vec<u64> = Self::DEFAULT.iter().copied().filter_map(to_nanos).collect();
        Buckets::of(Box::new(Self::DEFAULT), &nanos)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn to_nanos(seconds: f64) -> Option<u64> {
    let nanos = (seconds * 1e9).round();
    (1.0..1e18).contains(&nanos).then_some(nanos as u64)
}
