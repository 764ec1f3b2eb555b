//! `prometheus-client`: its encoder, in each version, writes what ours writes.

use std::collections::BTreeMap;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics_tests_scrape::{Labels, sample};

use crate::samples::{descriptions, samples};
use crate::world::{SEEDS, World};

/// The exemplars of counters by their series: its labels, its value and its time.
fn exemplars(text: &str) -> BTreeMap<(String, Labels), (Labels, f64, Option<f64>)> {
    let mut exemplars = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((before, exemplar)) = line.rsplit_once(" # {trace_id=") else { continue };
        // One in the value of a label is none.
        let Ok(counter) = sample(before) else { continue };
        let (labels, numbers) = exemplar.split_once("} ").unwrap();
        let labels = sample(&format!("exemplar{{trace_id={labels}}} 0")).unwrap().labels;
        let mut numbers = numbers.split(' ').map(|number| number.parse::<f64>().unwrap());
        let exemplar = (labels, numbers.next().unwrap(), numbers.next());
        if !counter.name.ends_with("_bucket") {
            exemplars.insert((counter.name, counter.labels), exemplar);
        }
    }
    exemplars
}

#[track_caller]
fn assert_same(theirs: &str, ours: &str, has_times: bool) -> usize {
    assert_eq!(samples(theirs), samples(ours));
    assert_eq!(descriptions(theirs), descriptions(ours));
    assert!(!theirs.lines().any(|line| line.contains("_bucket{") && line.contains("} # {trace_id")));
    let mut expected = exemplars(ours);
    if !has_times {
        for (_, _, time) in expected.values_mut() {
            *time = None;
        }
    }
    assert_eq!(exemplars(theirs), expected);
    expected.len()
}

macro_rules! versions {
    ($($name:ident $client:ident $has_times:literal)*) => {$(
        mod $name {
            use auth_metrics::bridges::$client::AuthCollector;
            use $client::encoding::text::encode;
            use $client::registry::Registry;

            use super::*;

            fn encoded(registry: &Registry) -> String {
                let mut text = String::new();
                encode(&mut text, registry).unwrap();
                text
            }

            #[test]
            fn encodes_what_a_scrape_shows() {
                let mut compared = 0;
                for seed in SEEDS {
                    let mut world = World::new(seed);
                    let mut registry = Registry::default();
                    registry.register_collector(Box::new(AuthCollector::new(&world.metrics)));
                    for _ in 0..3 {
                        compared += assert_same(&encoded(&registry), &world.metrics.encode_openmetrics(), $has_times);
                        world.live();
                    }
                }
                assert!(compared > 100, "only {compared} exemplars were compared");
            }

            #[test]
            fn bounds_below_a_ten_thousandth_are_spelled_otherwise() {
                let metrics = AuthMetrics::builder().buckets([1e-5, 0.00025, 1.0, 2.5, 10.0]).build().unwrap();
                metrics.record_auth_latency("gateway", "login", Duration::ZERO);
                let mut registry = Registry::default();
                registry.register_collector(Box::new(AuthCollector::new(&metrics)));
                let text = encoded(&registry);
                for bound in ["0.00001", "0.00025", "1.0", "2.5", "10.0", "+Inf"] {
                    assert!(text.contains(&format!("{{le=\"{bound}\"")), "{bound}: {text}");
                }
            }

            #[test]
            fn prefix_and_labels_of_the_registry_come_first() {
                let world = World::new(0);
                let mut registry = Registry::with_prefix("app");
                let pod = [("pod".into(), "7".into())];
                registry
                    .sub_registry_with_labels(pod.into_iter())
                    .register_collector(Box::new(AuthCollector::new(&world.metrics)));
                let mut expected = samples(&world.metrics.encode_openmetrics());
                expected = expected
                    .into_iter()
                    .map(|((name, mut labels), value)| {
                        labels.insert("pod".into(), "7".into());
                        ((format!("app_{name}"), labels), value)
                    })
                    .collect();
                assert_eq!(samples(&encoded(&registry)), expected);
            }
        }
    )*};
}

versions! {
    v022 prometheus_client022 false
    v023 prometheus_client023 false
    v024 prometheus_client024 true
    v025 prometheus_client025 true
    v026 prometheus_client026 true
}

#[test]
fn text_of_0_26_shows_the_same() {
    use auth_metrics::bridges::prometheus_client026::AuthCollector;
    use prometheus_client026::encoding::prometheus_text::encode;
    use prometheus_client026::registry::Registry;

    for seed in SEEDS {
        let mut world = World::new(seed);
        world.live();
        let mut registry = Registry::default();
        registry.register_collector(Box::new(AuthCollector::new(&world.metrics)));
        let (mut theirs, ours) = (String::new(), world.metrics.encode_text());
        encode(&mut theirs, &registry).unwrap();
        assert_eq!(samples(&theirs), samples(&ours));
        let types = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.starts_with("# TYPE ")).map(str::to_owned).collect()
        };
        assert_eq!(types(&theirs), types(&ours));
    }
}
