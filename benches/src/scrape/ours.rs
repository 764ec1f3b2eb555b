//! A grid of the same size in auth-metrics, and its series in collectors of the `prometheus` crate.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, FailureReason, Outcome};
use prometheus::{CounterVec, GaugeVec, HistogramOpts, HistogramVec, Opts, Registry};

use super::grid::{count, operations, pairs, services};
use super::peers::gathered;
use super::{COLLECTORS, Encoder, OURS, REGISTRY};
use crate::contenders::BOUNDS;

/// As many reasons as make about 6,000 series beside the histograms of 30 services with 10 operations each.
#[derive(FailureReason)]
#[expect(dead_code, reason = "only its list of reasons is asked for")]
enum GridError {
    InvalidCredentials,
    RateLimited,
    DependencyUnavailable,
    Timeout,
}

fn handle() -> &'static AuthMetrics {
    static METRICS: LazyLock<AuthMetrics> = LazyLock::new(fill);
    &METRICS
}

fn fill() -> AuthMetrics {
    // Every attempt takes another time, so that every bucket has something.
    static NANOS: AtomicU64 = AtomicU64::new(0);
    let step = |reading: u64| (reading % 13 + 1).pow(5) * 20_000;
    let clock =
        Clock::from_fn(move || Duration::from_nanos(NANOS.fetch_add(step(NANOS.load(Relaxed)), Relaxed)));
    let builder = AuthMetrics::builder().service_id(&services()[0]).buckets(BOUNDS).clock(clock);
    let metrics = builder.build().unwrap();
    operations().iter().for_each(|operation| metrics.declare::<GridError>(operation));
    for (pair, (service, operation)) in pairs().enumerate() {
        let outcomes = [Outcome::Success].into_iter().chain(GridError::REASONS.iter().map(Outcome::Failure));
        for (index, outcome) in outcomes.enumerate() {
            for _ in 0..count(pair, index) / 2 {
                metrics.attempt_for(service, operation).finish(outcome);
            }
        }
    }
    metrics
}

pub fn text() -> Encoder {
    Encoder::new(OURS, || handle().encode_text().into_bytes())
}

pub fn registry() -> Encoder {
    let registry = Registry::new();
    handle().register(&registry).unwrap();
    gathered(REGISTRY, registry)
}

/// The labels of a line by name, and its value.
fn parse(line: &str) -> (&str, BTreeMap<&str, &str>, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = series.trim_end_matches('}').split_once('{').unwrap_or((series, ""));
    let labels = labels.split("\",").filter_map(|label| label.trim_end_matches('"').split_once("=\""));
    (name, labels.collect(), value.parse().unwrap())
}

/// Collectors of the crate's own with all the series of a text.
pub fn collectors(text: &str) -> Result<Encoder, String> {
    let registry = Registry::new();
    for family in text.split("# HELP ").skip(1) {
        let (head, rest) = family.split_once('\n').unwrap();
        let (name, help) = head.split_once(' ').unwrap();
        let (kind, samples) = rest.split_once('\n').unwrap();
        let samples: Vec<_> = samples.lines().map(parse).collect();
        let Some((_, first, _)) = samples.first() else { continue };
        let names: Vec<&str> = first.keys().copied().filter(|name| *name != "le").collect();
        let values = |labels: &BTreeMap<&str, &str>| {
            names.iter().map(|name| labels[name].to_owned()).collect::<Vec<_>>()
        };
        let opts = Opts::new(name, help);
        let registered = match kind.rsplit(' ').next() {
            Some("counter") => {
                let vec = CounterVec::new(opts, &names).unwrap();
                samples
                    .iter()
                    .for_each(|(_, labels, value)| vec.with_label_values(&values(labels)).inc_by(*value));
                registry.register(Box::new(vec))
            }
            Some("gauge") => {
                let vec = GaugeVec::new(opts, &names).unwrap();
                samples
                    .iter()
                    .for_each(|(_, labels, value)| vec.with_label_values(&values(labels)).set(*value));
                registry.register(Box::new(vec))
            }
            Some("histogram") => {
                let vec = HistogramVec::new(HistogramOpts::new(name, help).buckets(BOUNDS.to_vec()), &names)
                    .unwrap();
                let mut below = 0.0;
                for (_, labels, value) in samples.iter().filter(|(_, labels, _)| labels.contains_key("le")) {
                    let histogram = vec.with_label_values(&values(labels));
                    let bound: f64 = labels["le"].parse().unwrap();
                    (0..(value - below) as u64).for_each(|_| histogram.observe(bound.min(9.0)));
                    below = if bound.is_infinite() { 0.0 } else { *value };
                }
                registry.register(Box::new(vec))
            }
            other => return Err(format!("{name} is a {other:?}")),
        };
        registered.map_err(|refusal| refusal.to_string())?;
    }
    Ok(gathered(COLLECTORS, registry))
}
