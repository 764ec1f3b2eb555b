//! A handle as a collector of `prometheus-client`, one type for each version of it.

use std::borrow::Cow;

use super::by_family::{Label, Value, visit_by_family};
use crate::events::TraceContext;
use crate::handle::AuthMetrics;
use crate::read::Histogram;
use crate::terms::{Family, FamilyType, without_total};

/// The labels of an exemplar.
type Trace = [(&'static str, String); 2];

fn labels_of(trace: TraceContext) -> Trace {
    [("trace_id", trace.trace_id_hex().to_string()), ("span_id", trace.span_id_hex().to_string())]
}

/// The name without what the crate adds to it: the unit, and the ending of a counter.
fn bare<'n>(name: &'n str, family: &Family) -> &'n str {
    let name = if family.family_type == FamilyType::Counter { without_total(name) } else { name };
    let unit = family.unit().unwrap_or_default();
    name.strip_suffix(unit)
        .and_then(|name| name.strip_suffix('_'))
        .filter(|_| !unit.is_empty())
        .unwrap_or(name)
}

/// The help as `OpenMetrics` has it. The crate escapes nothing there.
fn help(family: &Family) -> Cow<'static, str> {
    if family.help.contains('"') { family.help.replace('"', "\\\"").into() } else { family.help.into() }
}

/// The value of a label for a version that escapes nothing. What a request carries could else end the label, and begin a series.
#[allow(dead_code, reason = "newer versions escape")]
fn escaped(value: &str) -> Cow<'_, str> {
    if value.contains(['\\', '"', '\n']) {
        value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").into()
    } else {
        value.into()
    }
}

/// The bound and the count of each bucket alone; the last bound is the version's own for the one that has none.
fn buckets(histogram: &Histogram<'_>, unbounded: f64) -> Vec<(f64, u64)> {
    let bounds = histogram.bounds().iter().copied().chain([unbounded]);
    bounds.zip(histogram.counts().iter().copied()).collect()
}

/// Keeps an exemplar in a counter of the version's own: the crate has no other way to make one.
#[allow(unused_macros, reason = "older versions keep no time")]
macro_rules! keep {
    (timed $kept:ident $exemplar:ident) => {
        $kept.inc_by(1, Some(labels_of($exemplar.trace())), Some($exemplar.time()))
    };
    (untimed $kept:ident $exemplar:ident) => {
        $kept.inc_by(1, Some(labels_of($exemplar.trace())))
    };
}

macro_rules! version {
    ($name:ident, $version:tt, $label:path, $unbounded:expr, $time:ident) => {
        #[doc = concat!("A `Collector` of prometheus-client ", stringify!($version), ".")]
        pub mod $name {
            use std::borrow::Cow;
            use std::fmt;

            use ::$name::collector;
            use ::$name::encoding::{DescriptorEncoder, MetricEncoder};
            use ::$name::metrics::MetricType;
            use ::$name::metrics::exemplar::CounterWithExemplar;
            use ::$name::registry::Unit;

            use super::*;
            use crate::bridges::by_family::Families;

            /// Everything that a handle exports, in a registry of prometheus-client.
            ///
            /// Each scrape reads the handle once. The namespace and the constant labels of the handle stand on every series, behind the
            /// registry's own prefix and labels. The registry does not notice if two of its collectors have a metric of the same name, so
            /// register one handle once.
            ///
            /// Counters have their exemplars. Buckets have none: the crate offers no way to hand them over. It spells bounds below 0.0001 in its
            /// own way: `le="0.00001"` where a scrape has `le="1e-05"`. To Prometheus 2 these are two series, so let it scrape a handle in one
            /// way only.
            ///
            /// ```
            /// use auth_metrics::AuthMetrics;
            #[doc = concat!("use auth_metrics::bridges::", stringify!($name), "::AuthCollector;")]
            #[doc = concat!("use ", stringify!($name), "::{encoding::text::encode, registry::Registry};")]
            ///
            /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
            /// let mut registry = Registry::default();
            /// registry.register_collector(Box::new(AuthCollector::new(&metrics)));
            ///
            /// let mut text = String::new();
            /// encode(&mut text, &registry)?;
            /// assert!(text.contains("service_auth_successful_total{service_id=\"gateway\"} 0\n"));
            /// # Ok(()) }
            /// ```
            #[derive(Clone)]
            pub struct AuthCollector {
                metrics: AuthMetrics,
            }

            impl AuthCollector {
                /// Makes a collector of everything this handle exports.
                pub fn new(metrics: &AuthMetrics) -> AuthCollector {
                    AuthCollector { metrics: metrics.clone() }
                }
            }

            impl fmt::Debug for AuthCollector {
                fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                    out.debug_struct("AuthCollector").finish_non_exhaustive()
                }
            }

            impl collector::Collector for AuthCollector {
                fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
                    let mut encoded = Encoded { encoder, result: Ok(()) };
                    visit_by_family(&self.metrics.snapshot(), &mut encoded);
                    encoded.result
                }
            }

            struct Encoded<'e> {
                encoder: DescriptorEncoder<'e>,
                /// Nothing is encoded after an error.
                result: fmt::Result,
            }

            impl Families for Encoded<'_> {
                fn label_value<'s>(&self, value: &'s str) -> Cow<'s, str> {
                    $label(value)
                }

                fn family<'a, 's: 'a>(
                    &mut self,
                    family: &'static Family,
                    name: &str,
                    samples: impl Iterator<Item = (&'a [Label<'s>], &'a Value<'s>)>,
                ) {
                    if self.result.is_ok() {
                        self.result = encode_family(&mut self.encoder, family, name, samples);
                    }
                }
            }

            fn encode_family<'a, 's: 'a>(
                encoder: &mut DescriptorEncoder<'_>,
                family: &'static Family,
                name: &str,
                mut samples: impl Iterator<Item = (&'a [Label<'s>], &'a Value<'s>)>,
            ) -> fmt::Result {
                let family_type = match family.family_type {
                    FamilyType::Counter => MetricType::Counter,
                    FamilyType::Gauge => MetricType::Gauge,
                    FamilyType::Histogram => MetricType::Histogram,
                };
                let unit = family.unit().map(|unit| Unit::Other(unit.to_owned()));
                let name = bare(name, family);
                let mut family = encoder.encode_descriptor(name, &help(family), unit.as_ref(), family_type)?;
                samples.try_for_each(|(labels, value)| match labels {
                    [] => encode_value(&mut family, value),
                    _ => encode_value(&mut family.encode_family(&labels)?, value),
                })
            }

            fn encode_value(encoder: &mut MetricEncoder<'_>, value: &Value<'_>) -> fmt::Result {
                match value {
                    Value::Counter(value, None) => encoder.encode_counter::<Trace, _, u64>(value, None),
                    Value::Counter(value, Some(exemplar)) => {
                        let kept = CounterWithExemplar::<Trace>::default();
                        keep!($time kept exemplar);
                        let (_, kept) = kept.get();
                        encoder.encode_counter(value, (*kept).as_ref())
                    }
                    Value::Gauge(value) => encoder.encode_gauge(value),
                    Value::Histogram(histogram) => {
                        let buckets = buckets(histogram, $unbounded);
                        encoder.encode_histogram::<Trace>(histogram.sum(), histogram.count(), &buckets, None)
                    }
                }
            }
        }
    };
}

// The crate's version; how it takes the value of a label; the bound that it writes as `+Inf`; whether its exemplars have a time.
#[cfg(feature = "prometheus-client022")]
version!(prometheus_client022, 0.22, escaped, f64::MAX, untimed);
#[cfg(feature = "prometheus-client023")]
version!(prometheus_client023, 0.23, escaped, f64::MAX, untimed);
#[cfg(feature = "prometheus-client024")]
version!(prometheus_client024, 0.24, escaped, f64::MAX, timed);
#[cfg(feature = "prometheus-client025")]
version!(prometheus_client025, 0.25, Cow::Borrowed, f64::INFINITY, timed);
#[cfg(feature = "prometheus-client026")]
version!(prometheus_client026, 0.26, Cow::Borrowed, f64::INFINITY, timed);
