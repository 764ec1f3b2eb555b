//! The bounds of a histogram and which bucket a duration falls in.

/// The most bounds that a histogram can have.
const MOST: usize = 250;

/// Upper bounds of buckets, in seconds for the reader and in whole nanoseconds for the writer.
pub(crate) struct Buckets {
    seconds: Box<[f64]>,
    nanos: Box<[u64]>,
    /// By the number of bits of a duration, the first bucket that it can fall in.
    by_bits: [u8; 65],
}

impl Buckets {
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
        Buckets { seconds, nanos, by_bits }
    }

    /// The finite upper bounds in seconds; one more bucket takes what is above them.
    pub(crate) fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// How many buckets there are, the unbounded one included.
    pub(crate) fn count(&self) -> usize {
        self.nanos.len() + 1
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
