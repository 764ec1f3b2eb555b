//! What a handle shows, read without any of the code that pushes.

use std::collections::BTreeMap;

use auth_metrics::read::{Histogram, Labels, Visitor};
use auth_metrics::{AuthMetrics, Family};

use super::receiver::{Key, Received};

#[derive(Default)]
pub(super) struct Scraped {
    pub(super) counters: BTreeMap<Key, i128>,
    pub(super) histograms: BTreeMap<Key, Received>,
}

impl Scraped {
    /// Everything but what the push says of itself, which changes with each.
    pub(super) fn of(metrics: &AuthMetrics) -> Scraped {
        let snapshot = metrics.snapshot();
        let mut reading = Reading { labels: Labels::of(&snapshot), scraped: Scraped::default() };
        snapshot.visit(&mut reading);
        reading.scraped
    }
}

struct Reading<'s> {
    labels: Labels<'s>,
    scraped: Scraped,
}

impl Reading<'_> {
    fn key(&self, last: Option<&str>) -> Key {
        let mut labels: Vec<String> =
            self.labels.with(last).map(|(name, value)| format!("{name}={value:?}")).collect();
        labels.sort();
        format!("{}{{{}}}", self.labels.name(), labels.join(","))
    }
}

impl<'s> Visitor<'s> for Reading<'s> {
    fn family(&mut self, family: &'static Family) {
        self.labels.family(family);
    }
    fn label(&mut self, position: usize, value: &'s str) {
        self.labels.label(position, value);
    }
    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        self.scraped.counters.insert(self.key(last), value.into());
    }
    fn gauge(&mut self, _: Option<&'s str>, _: f64) {}
    fn histogram(&mut self, histogram: &Histogram<'s>) {
        let (bounds, counts) = (histogram.bounds().to_vec(), histogram.counts().to_vec());
        self.scraped.histograms.insert(self.key(None), Received { bounds, counts, sum: histogram.sum() });
    }
}

/// Whether this is one of the push's own series.
pub(super) fn is_own(key: &str) -> bool {
    key.starts_with("auth_otlp_")
}
