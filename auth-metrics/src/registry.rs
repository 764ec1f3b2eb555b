//! A handle as a collector of the `prometheus` crate.

use std::cell::Cell;
use std::collections::HashMap;

use prometheus::core::{Collector, Desc};
use prometheus::{Registry, proto};

use crate::handle::{AuthMetrics, InternalError, RegisterError};
use crate::read::{FullName, Histogram, Labels, Visitor};
use crate::terms::{FAMILIES, Family, FamilyType};

impl AuthMetrics {
    /// Registers everything this handle exports in a registry, so that `registry.gather()` returns it.
    ///
    /// Registering the same handle in the same registry again changes nothing.
    ///
    /// The crate's encoder spells the bounds of buckets in its own way: `le="1"` where [`encode_text`](AuthMetrics::encode_text) has
    /// `le="1.0"`. To Prometheus 2 these are two series, so let it scrape a handle in one way only. Prometheus 3 stores `1.0` for both.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Clash`] names a metric that the registry already has from other code. Nothing is registered then, but the
    /// registry may keep refusing other labels under this library's names. Two handles can share a registry if their
    /// namespaces differ, or if both have the same constant labels with different values.
    pub fn register(&self, registry: &Registry) -> Result<(), RegisterError> {
        let families =
            Families { metrics: self.clone(), descs: descs(self).map_err(RegisterError::Refused)? };
        match registry.register(Box::new(families)) {
            Ok(()) => Ok(()),
            Err(_) if self.is_registered(registry) => Ok(()),
            Err(refusal) => Err(self.name_clash(registry, refusal)),
        }
    }

    /// Returns whether a scrape of the registry reaches this handle. The registry offers no other way to find out.
    fn is_registered(&self, registry: &Registry) -> bool {
        SOUGHT.set(Some(Sought { metrics: self.clone(), found: false }));
        registry.gather();
        SOUGHT.take().is_some_and(|sought| sought.found)
    }

    /// Finds the metric that the registry refuses, by offering each alone.
    fn name_clash(&self, registry: &Registry, refusal: prometheus::Error) -> RegisterError {
        for desc in descs(self).into_iter().flatten() {
            let metric = desc.fq_name.clone();
            let probe = || Box::new(Families { metrics: self.clone(), descs: vec![desc.clone()] });
            match registry.register(probe()) {
                Ok(()) => drop(registry.unregister(probe())),
                Err(source) => return RegisterError::Clash { metric, source },
            }
        }
        RegisterError::Refused(refusal)
    }
}

/// Registers the default handle of the process in the registry of `prometheus::gather`.
pub(crate) fn register_default(metrics: &AuthMetrics) {
    if metrics.register(prometheus::default_registry()).is_err() {
        metrics.count_internal_error(InternalError::DefaultRegistry);
    }
}

struct Sought {
    metrics: AuthMetrics,
    found: bool,
}

thread_local! {
    /// The handle that this thread looks for in a registry; see `is_registered`.
    static SOUGHT: Cell<Option<Sought>> = const { Cell::new(None) };
}

struct Families {
    metrics: AuthMetrics,
    descs: Vec<Desc>,
}

impl Collector for Families {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<proto::MetricFamily> {
        // A thread that is being torn down seeks nothing.
        if let Some(mut sought) = SOUGHT.try_with(Cell::take).ok().flatten() {
            sought.found |= sought.metrics.is(&self.metrics);
            SOUGHT.set(Some(sought));
        }
        let snapshot = self.metrics.snapshot();
        let families = Vec::with_capacity(FAMILIES.len());
        let mut collected = Collected { labels: Labels::of(&snapshot), families, metrics: Vec::new() };
        snapshot.visit(&mut collected);
        collected.close();
        collected.families
    }
}

fn descs(metrics: &AuthMetrics) -> prometheus::Result<Vec<Desc>> {
    let options = metrics.options();
    let const_labels: HashMap<String, String> = options.const_labels.iter().cloned().collect();
    let desc = |family: &'static Family| {
        let labels = family.labels.iter().map(|label| (*label).to_owned()).collect();
        let name = FullName { namespace: options.namespace.as_deref(), name: family.name };
        Desc::new(name.to_string(), family.help.to_owned(), labels, const_labels.clone())
    };
    metrics.families().map(desc).collect()
}

struct Collected<'s> {
    labels: Labels<'s>,
    families: Vec<proto::MetricFamily>,
    /// The labels of the present family.
    metrics: Vec<proto::Metric>,
}

impl<'s> Collected<'s> {
    fn close(&mut self) {
        if let Some(family) = self.labels.told() {
            let mut closed = proto::MetricFamily::default();
            closed.set_name(self.labels.name().to_string());
            closed.set_help(family.help.to_owned());
            closed.set_field_type(match family.family_type {
                FamilyType::Counter => proto::MetricType::COUNTER,
                FamilyType::Gauge => proto::MetricType::GAUGE,
                FamilyType::Histogram => proto::MetricType::HISTOGRAM,
            });
            closed.set_metric(std::mem::take(&mut self.metrics));
            self.families.push(closed);
        }
    }

    /// Adds a sample with its labels, in the order of their names as the crate's own collectors have them.
    fn push(&mut self, last: Option<&'s str>, set: impl FnOnce(&mut proto::Metric)) {
        let mut labels: Vec<proto::LabelPair> =
            self.labels.with(last).map(|(name, value)| pair(name, value)).collect();
        labels.sort_by(|one, other| one.name().cmp(other.name()));
        let mut metric = proto::Metric::from_label(labels);
        set(&mut metric);
        self.metrics.push(metric);
    }
}

fn pair(name: &str, value: &str) -> proto::LabelPair {
    let mut pair = proto::LabelPair::default();
    pair.set_name(name.to_owned());
    pair.set_value(value.to_owned());
    pair
}

impl<'s> Visitor<'s> for Collected<'s> {
    fn family(&mut self, family: &'static Family) {
        self.close();
        self.labels.family(family);
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.labels.label(position, value);
    }

    #[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        let mut counter = proto::Counter::default();
        counter.set_value(value as f64);
        self.push(last, |metric| metric.set_counter(counter));
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        let mut gauge = proto::Gauge::default();
        gauge.set_value(value);
        self.push(last, |metric| metric.set_gauge(gauge));
    }

    fn histogram(&mut self, told: &Histogram<'s>) {
        let finite = told.cumulative().take(told.bounds().len());
        let buckets = finite.map(|(bound, count)| {
            let mut bucket = proto::Bucket::default();
            bucket.set_upper_bound(bound);
            bucket.set_cumulative_count(count);
            bucket
        });
        let mut histogram = proto::Histogram::default();
        histogram.set_bucket(buckets.collect());
        histogram.set_sample_count(told.count());
        histogram.set_sample_sum(told.sum());
        self.push(None, |metric| metric.set_histogram(histogram));
    }
}
