//! Reads single values out of a snapshot, by the names and labels of a scrape.

use super::{Histogram, Labels, Snapshot, Visitor};
use crate::handle::Exposure;
use crate::terms::Family;

impl Snapshot {
    /// The sum of all samples of a metric that have these labels; `None` if there is no such sample.
    ///
    /// The name is that of a scrape without the handle's namespace; a histogram has `_bucket` (with the label `le`, in any spelling of
    /// the number), `_sum` and `_count`. Labels that are not given match any value.
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
        let mut sum = Sum { sought: Sought::of(self, name, labels), found: None };
        self.visit_as(Exposure::Full, &mut sum);
        sum.found
    }

    /// Adds up all histograms of a family that have these labels; `None` if there is none.
    ///
    /// The name is that of the family, without the handle's namespace. Labels that are not given match any value. The sum of
    /// histograms that differ in their bounds has the bounds that all of them have.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics::AuthMetrics;
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").buckets([0.1, 1.0]).build()?;
    /// metrics.record_auth_latency("gateway", "login", Duration::from_millis(250));
    /// let snapshot = metrics.snapshot();
    /// let latency = snapshot.histogram("service_auth_latency_seconds", &[("operation", "login")]).unwrap();
    /// assert_eq!((latency.counts(), latency.sum()), ([0, 1, 0].as_slice(), 0.25));
    /// # Ok(()) }
    /// ```
    pub fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Option<Histogram<'_>> {
        let mut sum = HistogramSum { sought: Sought::of(self, name, labels), found: None };
        self.visit_as(Exposure::Full, &mut sum);
        sum.found
    }
}

/// What is looked for, and the sample that is told.
struct Sought<'a, 's> {
    name: &'a str,
    labels: &'a [(&'a str, &'a str)],
    told: Labels<'s>,
}

impl<'a, 's> Sought<'a, 's> {
    fn of(snapshot: &'s Snapshot, name: &'a str, labels: &'a [(&'a str, &'a str)]) -> Sought<'a, 's> {
        Sought { name, labels, told: Labels::of(snapshot) }
    }

    /// Whether the sample that is told is meant: its name has this ending, and `bound` is its `le`.
    fn is_told(&self, ending: &str, last: Option<&str>, bound: Option<f64>) -> bool {
        let is_named =
            self.told.told().is_some_and(|family| self.name.strip_prefix(family.name) == Some(ending));
        is_named
            && self.labels.iter().all(|(name, value)| {
                let mut labels = self.told.variable(last);
                let is_bound = |bound: f64| *name == "le" && value.parse() == Ok(bound);
                labels.any(|label| label == (*name, *value)) || bound.is_some_and(is_bound)
            })
    }
}

struct Sum<'a, 's> {
    sought: Sought<'a, 's>,
    found: Option<f64>,
}

impl Sum<'_, '_> {
    fn add(&mut self, ending: &str, last: Option<&str>, bound: Option<f64>, value: f64) {
        if self.sought.is_told(ending, last, bound) {
            self.found = Some(self.found.unwrap_or(0.0) + value);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
impl<'s> Visitor<'s> for Sum<'_, 's> {
    fn family(&mut self, family: &'static Family) {
        self.sought.told.family(family);
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.sought.told.label(position, value);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        self.add("", last, None, value as f64);
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        self.add("", last, None, value);
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        self.add("_count", None, None, histogram.count() as f64);
        self.add("_sum", None, None, histogram.sum());
        for (bound, count) in histogram.cumulative() {
            self.add("_bucket", None, Some(bound), count as f64);
        }
    }
}

struct HistogramSum<'a, 's> {
    sought: Sought<'a, 's>,
    found: Option<Histogram<'s>>,
}

impl<'s> Visitor<'s> for HistogramSum<'_, 's> {
    fn family(&mut self, family: &'static Family) {
        self.sought.told.family(family);
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.sought.told.label(position, value);
    }

    fn counter(&mut self, _: Option<&'s str>, _: u64) {}

    fn gauge(&mut self, _: Option<&'s str>, _: f64) {}

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        if self.sought.is_told("", None, None) {
            match &mut self.found {
                Some(sum) => sum.add(histogram),
                None => self.found = Some(histogram.clone()),
            }
        }
    }
}
