//! Histograms as observations: an exporter with the handle's bounds has the handle's buckets.

use std::time::Duration;

use auth_metrics::bridges::metrics024::{Bridge, Histograms};
use metrics_exporter_prometheus018::{Matcher, PrometheusBuilder};
use metrics024::with_local_recorder;

use crate::samples::samples;
use crate::world::{SEEDS, World};

const WAITS: &str = "sessions_wait";
const LATENCY: &str = "service_auth_latency_seconds";

/// The bounds of a histogram, as a scrape has them.
fn bounds(text: &str, name: &str) -> Vec<f64> {
    let mut bounds: Vec<f64> = samples(text)
        .into_keys()
        .filter(|(series, _)| series.ends_with(&format!("{name}_bucket")))
        .map(|(_, labels)| labels["le"].parse().unwrap())
        .filter(|bound: &f64| bound.is_finite())
        .collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds
}

#[test]
fn buckets_and_counts_are_exact_and_sums_are_right() {
    for seed in SEEDS {
        let mut world = World::new(seed);
        world.metrics.record_auth_latency("gateway", "login", Duration::ZERO);
        let ours = world.metrics.encode_text();
        let mut builder = PrometheusBuilder::new();
        for name in [WAITS, LATENCY] {
            let matcher = Matcher::Suffix(name.to_owned());
            builder = builder.set_buckets_for_metric(matcher, &bounds(&ours, name)).unwrap();
        }
        let recorder = builder.build_recorder();
        let bridge = Bridge::new(&world.metrics).histograms(Histograms::Observations);
        for _ in 0..4 {
            with_local_recorder(&recorder, || bridge.refresh());
            let (told, expected) =
                (samples(&recorder.handle().render()), samples(&world.metrics.encode_text()));
            for (series, value) in &expected {
                let told = told.get(series).unwrap_or_else(|| panic!("{series:?} is not there"));
                let is_sum = series.0.ends_with("_seconds_sum") || series.0.ends_with("_wait_sum");
                // Nothing is told at the very low end of a bucket.
                let off = if is_sum { 2e-3 * value + 1e-6 } else { 0.0 };
                assert!((told - value).abs() <= off, "{series:?} is {told}, not {value}");
            }
            world.live();
        }
    }
}
