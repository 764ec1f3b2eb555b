//! The bounds of a histogram and which bucket a duration falls in.

/// The most bounds that a histogram can have.
const MOST: usize = 250;

/// Bounds of buckets, in seconds for the reader and in whole nanoseconds for the writer.
///
/// What is observed in a bucket is kept as a count and a rest: by how much all observations are above the bucket's lower
/// bound. Each of the two only rises, so what is computed from them only rises too, whichever of them a reader sees first.
pub(crate) struct Buckets {
    seconds: Box<[f64]>,
    nanos: Box<[u64]>,
    /// The lower bound of each bucket: zero, then the upper bounds. The unbounded bucket is as wide as the last bound.
    steps: Box<[Step]>,
    /// By the number of bits of a duration, the first bucket that it can fall in.
    by_bits: [u8; 65],
}

struct Step {
    lower: u64,
    width: u64,
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
        (rises && (1..=MOST).contains(&nanos.len())).then(|| Buckets::of(seconds.into(), nanos))
    }

    fn of(seconds: Box<[f64]>, nanos: Box<[u64]>) -> Buckets {
        let least = |bits: usize| if bits == 0 { 0 } else { 1_u64 << (bits - 1) };
        let first = |bits| nanos.partition_point(|bound| *bound < least(bits));
        let by_bits = std::array::from_fn(|bits| u8::try_from(first(bits)).unwrap_or(u8::MAX));
        let highest = nanos.last().copied().unwrap_or_default();
        let lower = [0].into_iter().chain(nanos.iter().copied());
        let upper = nanos.iter().copied().chain([2 * highest]);
        let steps = lower.zip(upper).map(|(lower, upper)| Step { lower, width: upper - lower }).collect();
        Buckets { seconds, nanos, steps, by_bits }
    }

    /// The finite upper bounds in seconds; one more bucket takes what is above them.
    pub(crate) fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// How many buckets there are, the unbounded one included.
    pub(crate) fn count(&self) -> usize {
        self.nanos.len() + 1
    }

    /// The upper bound of a bucket in seconds. The unbounded one counts as wide as the last bound.
    pub(crate) fn upper(&self, bucket: usize) -> f64 {
        let last = self.seconds.last().copied().unwrap_or_default();
        self.seconds.get(bucket).copied().unwrap_or(2.0 * last)
    }

    /// The bucket of a duration: the first whose bound is not below it. Durations of as many bits share few bounds, so
    /// a short walk from the first of them finds it.
    #[inline]
    pub(crate) fn index(&self, nanos: u64) -> usize {
        let bits = u64::BITS - nanos.leading_zeros();
        let mut index = usize::from(self.by_bits[bits as usize]);
        while self.nanos.get(index).is_some_and(|bound| *bound < nanos) {
            index += 1;
        }
        index
    }

    /// The bucket of a duration, and what the duration adds to that bucket's rest.
    #[inline]
    pub(crate) fn place(&self, nanos: u64) -> (usize, u64) {
        let index = self.index(nanos);
        let lower = self.steps.get(index).map_or(0, |step| step.lower);
        // The lower bound of its bucket is never above it.
        (index, nanos.wrapping_sub(lower))
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
        let parts =
            observed.filter(|((count, _), _)| **count > 0).map(|((count, rest), Step { lower, width })| {
                u128::from(*count) * u128::from(*lower) + u128::from(shown(*rest, *width))
            });
        parts.sum()
    }
}

impl Default for Buckets {
    fn default() -> Buckets {
        let nanos = Self::DEFAULT.iter().copied().filter_map(to_nanos).collect();
        Buckets::of(Box::new(Self::DEFAULT), nanos)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn to_nanos(seconds: f64) -> Option<u64> {
    let nanos = (seconds * 1e9).round();
    (1.0..1e18).contains(&nanos).then_some(nanos as u64)
}
