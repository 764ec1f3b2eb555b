//! `metrics`, with metrics-exporter-prometheus behind it: its text has what a scrape of the handle shows.

use std::sync::atomic::{AtomicBool, Ordering};

use auth_metrics::Outcome;
use auth_metrics::bridges::metrics024::Bridge;

use crate::samples::{descriptions, samples};
use crate::world::{SEEDS, World};

/// Gauges that a scrape of the handle has no more.
const GONE: &str = "sessions_age_seconds";

/// The text of the exporter has everything, and beyond it only gauges that are gone, each without a value.
#[track_caller]
fn assert_same(theirs: &str, ours: &str) -> usize {
    let (mut told, expected) = (samples(theirs), samples(ours));
    let length = told.len();
    told.retain(|series, value| {
        expected.contains_key(series) || !(series.0.ends_with(GONE) && value.is_nan())
    });
    assert_eq!(told, expected);
    let described = descriptions(theirs);
    for line in descriptions(ours) {
        let name = line.split(' ').nth(2).unwrap();
        let has_samples = expected.keys().any(|series| series.0 == name);
        assert!(!has_samples || described.contains(&line), "it says otherwise than {line}");
    }
    length - told.len()
}

macro_rules! exporters {
    ($($name:ident $exporter:ident)*) => {$(
        mod $name {
            use metrics024::with_local_recorder;
            use $exporter::PrometheusBuilder;

            use super::*;

            #[test]
            fn exporter_shows_what_a_scrape_shows() {
                let mut gone = 0;
                for seed in SEEDS {
                    let mut world = World::new(seed);
                    let recorder = PrometheusBuilder::new().build_recorder();
                    let bridge = Bridge::new(&world.metrics);
                    for _ in 0..4 {
                        with_local_recorder(&recorder, || bridge.refresh());
                        gone += assert_same(&recorder.handle().render(), &world.metrics.encode_text());
                        world.live();
                    }
                }
                assert!(gone > 10, "only {gone} gauges went");
            }

            #[test]
            fn exporter_loses_nothing_while_threads_record() {
                let world = World::new(1);
                let recorder = PrometheusBuilder::new().build_recorder();
                let bridge = Bridge::new(&world.metrics);
                let stop = AtomicBool::new(false);
                std::thread::scope(|scope| {
                    for service in ["gateway", "orders"] {
                        let (metrics, stop) = (&world.metrics, &stop);
                        scope.spawn(move || {
                            while !stop.load(Ordering::Relaxed) {
                                metrics.attempt_for(service, "login").finish(Outcome::Success);
                            }
                        });
                    }
                    let refreshers = [(); 2].map(|()| {
                        scope.spawn(|| {
                            for _ in 0..50 {
                                with_local_recorder(&recorder, || bridge.refresh());
                            }
                        })
                    });
                    let refreshed = refreshers.map(|each| each.join());
                    stop.store(true, Ordering::Relaxed);
                    assert!(refreshed.into_iter().all(|each| each.is_ok()));
                });
                with_local_recorder(&recorder, || bridge.refresh());
                assert_same(&recorder.handle().render(), &world.metrics.encode_text());
            }
        }
    )*};
}

exporters! {
    v017 metrics_exporter_prometheus017
    v018 metrics_exporter_prometheus018
}
