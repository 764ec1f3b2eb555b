//! What a recorder is asked, and when.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use auth_metrics::AuthMetrics;
use auth_metrics::bridges::metrics024::{Bridge, Histograms};
use metrics024::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};

use crate::samples::samples;
use crate::world::World;

/// Counts what it is asked, and keeps what it was told of histograms.
#[derive(Default)]
struct Asked {
    registered: Mutex<Vec<String>>,
    described: Mutex<Vec<(String, Option<Unit>)>>,
    recorded: Arc<Recorded>,
}

#[derive(Default)]
struct Recorded(AtomicUsize);

impl HistogramFn for Recorded {
    fn record(&self, _: f64) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Asked {
    fn register(&self, key: &Key, metadata: &Metadata<'_>) {
        assert_eq!(metadata.target(), "auth_metrics");
        self.registered.lock().unwrap().push(key.to_string());
    }

    fn describe(&self, name: &KeyName, unit: Option<Unit>) {
        self.described.lock().unwrap().push((name.as_str().to_owned(), unit));
    }

    fn times(&self) -> usize {
        self.registered.lock().unwrap().len()
    }
}

impl Recorder for Asked {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, unit);
    }
    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, unit);
    }
    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, unit);
    }
    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.register(key, metadata);
        Counter::noop()
    }
    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.register(key, metadata);
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.register(key, metadata);
        Histogram::from_arc(Arc::clone(&self.recorded))
    }
}

fn refreshed(bridge: &Bridge, recorder: &Asked) {
    with_local_recorder(recorder, || bridge.refresh());
}

#[test]
fn first_refresh_registers_every_series_of_a_scrape() {
    let world = World::new(0);
    let asked = Asked::default();
    refreshed(&Bridge::new(&world.metrics), &asked);
    let registered = asked.registered.lock().unwrap();
    assert_eq!(registered.iter().collect::<BTreeSet<_>>().len(), registered.len(), "each once");
    assert_eq!(registered.len(), samples(&world.metrics.encode_text()).len());
}

#[test]
fn known_series_are_not_registered_again() {
    let mut world = World::new(0);
    let (asked, bridge) = (Asked::default(), Bridge::new(&world.metrics));
    refreshed(&bridge, &asked);
    let (first, described) = (asked.times(), asked.described.lock().unwrap().len());
    refreshed(&bridge, &asked);
    assert_eq!(asked.times(), first);
    world.live();
    refreshed(&bridge, &asked);
    let later = asked.times();
    assert!(later > first, "new ones are");
    refreshed(&bridge, &asked);
    assert_eq!(asked.times(), later);
    assert_eq!(asked.described.lock().unwrap().len(), described, "a family is described once");
}

#[test]
fn families_are_described_once_with_their_units() {
    let world = World::new(0);
    let asked = Asked::default();
    refreshed(&Bridge::new(&world.metrics).histograms(Histograms::Observations), &asked);
    let described = asked.described.lock().unwrap();
    let unit = |ending: &str| {
        let found: Vec<_> = described.iter().filter(|(name, _)| name.ends_with(ending)).collect();
        assert_eq!(found.len(), 1, "{ending}");
        found[0].1
    };
    assert_eq!(unit("service_auth_latency_seconds"), Some(Unit::Seconds));
    assert_eq!(unit("sessions_read_bytes_total"), Some(Unit::Bytes));
    assert_eq!(unit("auth_operations_started_total"), None);
    let families = world.metrics.encode_text().matches("# TYPE ").count();
    assert_eq!(described.len(), families);
}

#[test]
fn another_recorder_is_told_everything() {
    let mut world = World::new(0);
    world.live();
    let bridge = Bridge::new(&world.metrics).histograms(Histograms::Observations);
    let recorders = [Asked::default(), Asked::default()];
    for recorder in &recorders {
        refreshed(&bridge, recorder);
    }
    let [one, other] =
        recorders.map(|recorder| (recorder.times(), recorder.recorded.0.load(Ordering::Relaxed)));
    assert_eq!(one, other);
    assert!(one.1 > 0, "there were observations");
}

#[test]
fn without_a_recorder_nothing_happens_and_one_that_comes_later_is_told() {
    let world = World::new(0);
    let bridge = Bridge::new(&world.metrics);
    bridge.refresh();
    let asked = Asked::default();
    refreshed(&bridge, &asked);
    assert_eq!(asked.times(), samples(&world.metrics.encode_text()).len());
}

#[test]
fn bridge_shows_nothing_of_what_it_holds() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    assert_eq!(format!("{:?}", Bridge::new(&metrics)), "Bridge { histograms: Series, .. }");
}
