//! Counts that go on rising where a counter of a handle fell: a recorder takes no lower value. Knows no back end.

/// A counter that fell began again, and all it has since is added to what it had.
#[derive(Debug, Default)]
pub(super) struct Total {
    before: u64,
    last: u64,
}

impl Total {
    /// The total, now that the counter has this value.
    pub(super) fn after(&mut self, value: u64) -> u64 {
        if value < self.last {
            self.restart();
        }
        self.last = value;
        self.now()
    }

    fn restart(&mut self) {
        self.before = self.now();
        self.last = 0;
    }

    fn now(&self) -> u64 {
        self.before.saturating_add(self.last)
    }
}

/// The same for a histogram, which begins again as a whole.
#[derive(Debug, Default)]
pub(super) struct Totals {
    buckets: Vec<Total>,
    counts: Vec<u64>,
    sum_before: f64,
    sum: f64,
}

impl Totals {
    /// Takes the count of each bucket alone, and the sum.
    pub(super) fn see(&mut self, counts: &[u64], sum: f64) {
        self.buckets.resize_with(counts.len(), Total::default);
        if self.buckets.iter().zip(counts).any(|(bucket, count)| *count < bucket.last) {
            self.buckets.iter_mut().for_each(Total::restart);
            self.sum_before += self.sum;
        }
        self.counts.clear();
        self.counts.extend(self.buckets.iter_mut().zip(counts).map(|(bucket, count)| bucket.after(*count)));
        self.sum = sum;
    }

    /// The total of each bucket alone.
    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    pub(super) fn sum(&self) -> f64 {
        self.sum_before + self.sum
    }
}
