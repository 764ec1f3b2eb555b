//! Whatever threads record, in whatever order they come and go, a snapshot sums exactly what was recorded.

use auth_metrics::testing::Scope;
use auth_metrics::{Outcome, Reason, Snapshot};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Succeed,
    Fail(Reason),
    Abandon,
    /// A snapshot in the middle.
    Look,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Succeed),
        4 => proptest::sample::select(Reason::ALL).prop_map(Step::Fail),
        1 => Just(Step::Abandon),
        1 => Just(Step::Look),
    ];
    proptest::collection::vec(step, 0..12)
}

/// Waves of threads: those of one wave run at the same time, the next wave takes over their slots.
fn waves() -> impl Strategy<Value = Vec<Vec<Vec<Step>>>> {
    proptest::collection::vec(proptest::collection::vec(steps(), 1..6), 1..5)
}

fn total(snapshot: &Snapshot, name: &str, labels: &[(&str, &str)]) -> f64 {
    snapshot.value(name, labels).unwrap_or(0.0)
}

fn run(scope: &Scope, thread: &[Step]) {
    for step in thread {
        match step {
            Step::Succeed => scope.metrics().attempt("mixed").finish(Outcome::Success),
            Step::Fail(reason) => scope.metrics().attempt("mixed").finish(Outcome::Failure(*reason)),
            Step::Abandon => drop(scope.metrics().attempt("mixed")),
            Step::Look => {
                let snapshot = scope.snapshot();
                let in_flight = total(&snapshot, "auth_operations_in_flight", &[]);
                assert!(in_flight >= 0.0, "in flight fell to {in_flight}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn snapshot_sums_what_was_recorded(waves in waves()) {
        let scope = Scope::new();
        for wave in &waves {
            std::thread::scope(|threads| {
                for thread in wave {
                    threads.spawn(|| run(&scope, thread));
                }
            });
        }
        let steps = || waves.iter().flatten().flatten();
        let taken = |wanted: fn(&Step) -> bool| steps().filter(|step| wanted(step)).count() as f64;
        let snapshot = scope.snapshot();
        let op = [("operation", "mixed")];
        let attempts = taken(|step| !matches!(step, Step::Look));
        prop_assert_eq!(total(&snapshot, "auth_operations_started_total", &op), attempts);
        prop_assert_eq!(total(&snapshot, "service_auth_latency_seconds_count", &op), attempts);
        let succeeded = taken(|step| matches!(step, Step::Succeed));
        prop_assert_eq!(total(&snapshot, "service_auth_successful_total", &[]), succeeded);
        for reason in Reason::ALL {
            let said = steps().filter(|step| matches!(step, Step::Fail(each) if each == reason)).count() as f64;
            let dropped = if *reason == Reason::Cancelled { taken(|step| matches!(step, Step::Abandon)) } else { 0.0 };
            let labels = [("operation", "mixed"), ("failure_reason", reason.label())];
            prop_assert_eq!(total(&snapshot, "auth_operation_failures_total", &labels), said + dropped);
        }
    }
}
