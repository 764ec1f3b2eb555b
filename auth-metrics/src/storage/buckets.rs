//! The bounds of a histogram and which bucket a duration falls in.

/// Upper bounds of buckets, in seconds for the reader and in whole nanoseconds for the writer.
pub(crate) struct Buckets {
    seconds: Box<[f64]>,
    nanos: Box<[u64]>,
}

impl Buckets {
    /// The 14 defaults of the Python client and eight finer ones below, so that a token check is not one lump.
    pub(crate) const DEFAULT: [f64; 22] = [
        0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05,
        0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
    ];

    /// None unless the bounds are finite, positive and rise by at least a nanosecond.
    pub(crate) fn new(seconds: &[f64]) -> Option<Buckets> {
        let nanos: Box<[u64]> = seconds.iter().map(|bound| to_nanos(*bound)).collect::<Option<_>>()?;
        let rises = nanos.windows(2).all(|pair| pair[0] < pair[1]);
        (rises && !nanos.is_empty()).then(|| Buckets { seconds: seconds.into(), nanos })
    }

    /// The finite upper bounds in seconds; one more bucket takes what is above them.
    pub(crate) fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// How many buckets there are, the unbounded one included.
    pub(crate) fn count(&self) -> usize {
        self.nanos.len() + 1
    }

    /// The bucket of a duration: the first whose bound is not below it.
    #[inline]
    pub(crate) fn index(&self, nanos: u64) -> usize {
        self.nanos.partition_point(|bound| *bound < nanos)
    }
}

impl Default for Buckets {
    fn default() -> Buckets {
        let nanos = Self::DEFAULT.iter().copied().filter_map(to_nanos).collect();
        Buckets { seconds: Box::new(Self::DEFAULT), nanos }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn to_nanos(seconds: f64) -> Option<u64> {
    let nanos = (seconds * 1e9).round();
    (1.0..1e18).contains(&nanos).then_some(nanos as u64)
}
