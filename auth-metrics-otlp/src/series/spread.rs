//! `Spread`: a histogram, and what a server is still owed of it.

use super::count::Count;

/// A histogram: the count of each bucket alone, and the sum.
#[derive(Debug, Default)]
pub(crate) struct Spread {
    bounds: Vec<f64>,
    counts: Vec<Count>,
    sum: Sum,
}

/// A sum of doubles. The server adds up what it is sent, and rounds each time: so what it has by now is followed to the bit, and what is
/// owed is the rest. The rounding never adds up.
#[derive(Debug, Default)]
struct Sum {
    now: f64,
    /// What was summed before the histogram began again.
    before: f64,
    /// What the server has.
    told: f64,
    sent: f64,
}

impl Spread {
    /// Takes the histogram of a snapshot. Whether it began again.
    pub(crate) fn see(&mut self, bounds: &[f64], counts: &[u64], sum: f64) -> bool {
        let is_new = self.counts.is_empty();
        let has_other_bounds = self.bounds != bounds || self.counts.len() != counts.len();
        if has_other_bounds {
            self.rearrange(bounds, counts.len());
        }
        let falls = |(known, count): (&Count, &u64)| *count < known.now();
        let begins_again = has_other_bounds || self.counts.iter().zip(counts).any(falls);
        if begins_again && !is_new {
            self.counts.iter_mut().for_each(Count::restart);
            self.sum.before += self.sum.now;
        }
        for (known, count) in self.counts.iter_mut().zip(counts) {
            known.see(*count);
        }
        self.sum.now = sum;
        begins_again && !is_new
    }

    /// Puts what is owed into the buckets of other bounds, as well as it can be known.
    fn rearrange(&mut self, bounds: &[f64], buckets: usize) {
        let owed: Vec<u64> = self.counts.iter().map(Count::owed).collect();
        let mut counts: Vec<Count> = (0..buckets).map(|_| Count::default()).collect();
        let last = buckets.saturating_sub(1);
        for (bound, owed) in self.bounds.iter().chain([&f64::INFINITY]).zip(owed) {
            let place = bounds.partition_point(|each| each < bound).min(last);
            if let Some(count) = counts.get_mut(place) {
                count.owe(owed);
            }
        }
        self.bounds = bounds.to_vec();
        self.counts = counts;
    }

    pub(crate) fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The counts and the sum since the start.
    pub(crate) fn now(&self) -> (Vec<u64>, f64) {
        (self.counts.iter().map(Count::now).collect(), self.sum.now)
    }

    pub(crate) fn is_owed(&self) -> bool {
        self.counts.iter().any(|count| count.owed() > 0)
    }

    /// Puts what is owed into a request.
    pub(crate) fn send(&mut self) -> (Vec<u64>, f64) {
        let counts: Vec<u64> = self.counts.iter_mut().map(Count::send).collect();
        let rest = self.sum.before + self.sum.now - self.sum.told;
        // Where nothing was observed nothing was summed, and what the rounding left waits for the next observation.
        self.sum.sent = if counts.iter().any(|count| *count > 0) { rest.max(0.0) } else { 0.0 };
        (counts, self.sum.sent)
    }

    /// A server took the request.
    pub(crate) fn settle(&mut self) {
        self.counts.iter_mut().for_each(Count::settle);
        self.sum.told += std::mem::take(&mut self.sum.sent);
    }

    /// No server took the request, and it will not be sent again.
    pub(crate) fn withdraw(&mut self) {
        self.counts.iter_mut().for_each(Count::withdraw);
        self.sum.sent = 0.0;
    }
}
