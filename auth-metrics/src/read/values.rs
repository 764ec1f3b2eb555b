//! Reads single values out of a snapshot, by the names and labels of a scrape.

use super::{HistogramView, Snapshot, Visitor};
use crate::handle::Exposure;
use crate::terms::Family;

impl Snapshot {
    /// The sum of all samples of a metric that have these labels; `None` if there is no such sample.
    ///
    /// The name is that of a scrape without the handle's namespace; a histogram has `_bucket` (with the label `le`),
    /// `_sum` and `_count`. Labels that are not given match any value.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Reason};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_failed_auth("orders", Reason::UnknownSubject);
    /// metrics.record_failed_auth("orders", Reason::InvalidCredentials);
    ///
    /// let snapshot = metrics.snapshot();
    /// assert_eq!(snapshot.value("service_auth_failed_total", &[("service_id", "orders")]), Some(2.0));
    /// assert_eq!(snapshot.value("service_auth_failed_total", &[("failure_reason", "unknown_subject")]), Some(1.0));
    /// assert_eq!(snapshot.value("service_auth_failed_totl", &[]), None);
    /// # Ok(()) }
    /// ```
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let mut sum = Sum { name, labels, family: None, values: Vec::new(), found: None };
        self.visit(Exposure::Full, &mut sum);
        sum.found
    }
}

struct Sum<'a, 's> {
    name: &'a str,
    labels: &'a [(&'a str, &'a str)],
    family: Option<&'static Family>,
    /// The values of the family's first labels.
    values: Vec<&'s str>,
    found: Option<f64>,
}

impl Sum<'_, '_> {
    fn add(&mut self, suffix: &str, last: Option<&str>, bound: Option<&str>, value: f64) {
        let Some(family) = self.family else { return };
        let has = |name: &str, wanted: &str| {
            let mut labels = family.labels.iter().zip(self.values.iter().copied().chain(last));
            let own = labels.any(|(label, value)| *label == name && value == wanted);
            own || name == "le" && bound == Some(wanted)
        };
        let named = self.name.strip_prefix(family.name) == Some(suffix);
        if named && self.labels.iter().all(|(name, value)| has(name, value)) {
            self.found = Some(self.found.unwrap_or(0.0) + value);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
impl<'s> Visitor<'s> for Sum<'_, 's> {
    fn family(&mut self, family: &'static Family) {
        self.family = self.name.starts_with(family.name).then_some(family);
        self.values.clear();
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.values.truncate(position);
        self.values.push(value);
    }

    fn count(&mut self, last: Option<&'s str>, value: u64) {
        self.add("", last, None, value as f64);
    }

    fn level(&mut self, last: Option<&'s str>, value: f64) {
        self.add("", last, None, value);
    }

    fn histogram(&mut self, histogram: &HistogramView<'_>) {
        let total: u64 = histogram.counts.iter().sum();
        self.add("_count", None, None, total as f64);
        self.add("_sum", None, None, histogram.sum());
        let mut cumulative = 0;
        for (bound, count) in histogram.bounds.iter().zip(histogram.counts) {
            cumulative += count;
            self.add("_bucket", None, Some(&bound.to_string()), cumulative as f64);
        }
        self.add("_bucket", None, Some("+Inf"), total as f64);
    }
}
