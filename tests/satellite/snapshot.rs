//! A snapshot stands alone.

use std::sync::{Arc, Weak};
use std::time::Duration;

use auth_metrics::group::{Group, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family, Outcome, Snapshot};
use auth_metrics_tests_satellite::{Ending, StepUp, to_csv};

use crate::builder;

fn handle() -> (AuthMetrics, Arc<StepUp>) {
    let metrics = builder().exposure(Exposure::Full).build().unwrap();
    let step_up = StepUp::of(&metrics).unwrap();
    (metrics, step_up)
}

fn record(metrics: &AuthMetrics, step_up: &StepUp) {
    metrics.attempt_for("orders", "login").finish(Outcome::Success);
    step_up.record(metrics, ("orders", "sms"), Ending::Success, Duration::from_secs(2));
}

#[test]
fn snapshot_can_be_sent_shared_and_kept() {
    fn is_free<T: Send + Sync + 'static>() {}
    is_free::<Snapshot>();
    let (metrics, step_up) = handle();
    record(&metrics, &step_up);
    let snapshot = metrics.snapshot();
    let here = to_csv(&snapshot);
    drop((metrics, step_up));
    let (snapshot, there) = std::thread::spawn(move || {
        let there = to_csv(&snapshot);
        (snapshot, there)
    })
    .join()
    .unwrap();
    assert_eq!(here, there);
    assert_eq!(snapshot.value("step_up_challenges_total", &[("outcome", "success")]), Some(1.0));
    assert_eq!(snapshot.operations().map(|operation| operation.started()).sum::<u64>(), 1);
}

#[test]
fn snapshot_stays_as_it_was_whatever_is_recorded_later() {
    let (metrics, step_up) = handle();
    record(&metrics, &step_up);
    let before = metrics.snapshot();
    let written = to_csv(&before);
    for _ in 0..50 {
        record(&metrics, &step_up);
    }
    metrics.record_fail_open("orders", "risk_engine");
    assert_eq!(to_csv(&before), written);
    let after = metrics.snapshot();
    for name in ["step_up_challenges_total", "step_up_answer_seconds_count", "auth_operations_started_total"]
    {
        assert_eq!([before.value(name, &[]), after.value(name, &[])], [Some(1.0), Some(51.0)], "{name}");
    }
    assert_eq!(before.histogram("step_up_answer_seconds", &[]).unwrap().count(), 1);
}

static CANARY: Family = Family::gauge("canary", &[], "Always 1.");

struct Canary;

impl Group for Canary {
    fn families(&self) -> Vec<&'static Family> {
        vec![&CANARY]
    }

    fn collect(&self, samples: &mut Samples) {
        samples.gauge(&CANARY, &[], 1.0);
    }
}

#[test]
fn snapshot_keeps_neither_the_handle_nor_its_groups_alive() {
    let metrics = AuthMetrics::builder().build().unwrap();
    let canary: Weak<Canary> = Arc::downgrade(&metrics.group(|| Canary).unwrap());
    let snapshot = metrics.snapshot();
    assert!(canary.upgrade().is_some());
    drop(metrics);
    assert!(canary.upgrade().is_none());
    assert_eq!(snapshot.value("canary", &[]), Some(1.0));
}
