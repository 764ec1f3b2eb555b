//! What a recorder is told of counters that fall, and of a refresh inside of a refresh.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics024::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};

use super::metrics024::{Bridge, Histograms};
use crate::group::{Group, Observations, Samples};
use crate::{AuthMetrics, Family};

static HITS: Family = Family::counter("cache_hits_total", &[], "Hits.");
static WAITS: Family = Family::histogram("cache_wait_seconds", &[], "Waits.");

struct Cache {
    hits: AtomicU64,
    waits: Mutex<Observations>,
}

impl Group for Cache {
    fn families(&self) -> Vec<&'static Family> {
        vec![&HITS, &WAITS]
    }

    fn collect(&self, samples: &mut Samples) {
        samples.counter(&HITS, &[], self.hits.load(Ordering::Relaxed));
        samples.histogram(&WAITS, &[], &self.waits.lock().unwrap());
    }
}

impl Cache {
    /// Begins again, and waits since then.
    fn restart(&self, waits: &[u64]) {
        let observed = Observations::new(&[1.0, 8.0]).unwrap();
        for wait in waits {
            observed.observe(Duration::from_secs(*wait));
        }
        *self.waits.lock().unwrap() = observed;
    }
}

/// Keeps what it is told. Once it registers something, it refreshes the bridge.
#[derive(Default)]
struct Kept {
    values: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
    observed: Arc<Observed>,
    bridge: Mutex<Option<Arc<Bridge>>>,
}

#[derive(Default)]
struct Observed(AtomicU64);

impl HistogramFn for Observed {
    fn record(&self, _: f64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Kept {
    fn value(&self, key: &Key) -> Arc<AtomicU64> {
        let bridge = self.bridge.lock().unwrap().take();
        if let Some(bridge) = bridge {
            bridge.refresh();
        }
        let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
        let name = format!("{} {}", key.name(), labels.join(","));
        Arc::clone(self.values.lock().unwrap().entry(name.trim().to_owned()).or_default())
    }

    fn told(&self, name: &str) -> u64 {
        self.values.lock().unwrap()[name].load(Ordering::Relaxed)
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.value(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.value(key))
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        if key.name() == WAITS.name {
            Histogram::from_arc(Arc::clone(&self.observed))
        } else {
            Histogram::noop()
        }
    }
}

fn cache() -> (AuthMetrics, Arc<Cache>) {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let new =
        || Cache { hits: AtomicU64::new(0), waits: Mutex::new(Observations::new(&[1.0, 8.0]).unwrap()) };
    let cache = metrics.group(new).unwrap();
    (metrics, cache)
}

#[test]
fn counter_that_falls_goes_on_in_the_recorder() {
    let (metrics, cache) = cache();
    let (bridge, kept) = (Bridge::new(&metrics), Kept::default());
    for (hits, total) in [(7, 7), (9, 9), (2, 11), (3, 12), (0, 12), (5, 17)] {
        cache.hits.store(hits, Ordering::Relaxed);
        with_local_recorder(&kept, || bridge.refresh());
        assert_eq!(kept.told("cache_hits_total"), total);
    }
}

#[test]
fn histogram_that_begins_again_goes_on_as_a_whole() {
    let (metrics, cache) = cache();
    let (bridge, kept) = (Bridge::new(&metrics), Kept::default());
    // The second has more in one bucket, and less in another.
    for waits in [&[4, 4, 16][..], &[4, 4, 4], &[4, 4, 4, 16]] {
        cache.restart(waits);
        with_local_recorder(&kept, || bridge.refresh());
    }
    let bucket = |le: &str| kept.told(&format!("cache_wait_seconds_bucket {le}"));
    assert_eq!([bucket("1.0"), bucket("8.0"), bucket("+Inf")], [0, 5, 7]);
    assert_eq!(kept.told("cache_wait_seconds_count"), 7);
    let sum = f64::from_bits(kept.told("cache_wait_seconds_sum"));
    assert!((sum - 52.0).abs() < 1e-9, "{sum}");
}

#[test]
fn observations_go_on_where_a_histogram_begins_again() {
    let (metrics, cache) = cache();
    let (bridge, kept) = (Bridge::new(&metrics).histograms(Histograms::Observations), Kept::default());
    for (waits, total) in [(&[4, 4, 16][..], 3), (&[4, 4, 4], 6), (&[4], 7)] {
        cache.restart(waits);
        with_local_recorder(&kept, || bridge.refresh());
        assert_eq!(kept.observed.0.load(Ordering::Relaxed), total);
    }
}

#[test]
fn refresh_inside_of_a_refresh_returns() {
    let (metrics, _cache) = cache();
    let (bridge, kept) = (Arc::new(Bridge::new(&metrics)), Kept::default());
    *kept.bridge.lock().unwrap() = Some(Arc::clone(&bridge));
    with_local_recorder(&kept, || bridge.refresh());
    assert!(kept.bridge.lock().unwrap().is_none(), "it was refreshed");
    assert_eq!(kept.told("cache_hits_total"), 0);
}
