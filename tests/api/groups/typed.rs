//! The typed view of a snapshot agrees with what a scrape would show exactly.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::{
    AuthMethod, AuthMetrics, Clock, FailureReason, Outcome, Reason, ReasonSet, Snapshot, auth_metered,
};
use proptest::prelude::*;

struct Given(Reason);

impl FailureReason for Given {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::InvalidCredentials]);

    fn failure_reason(&self) -> Reason {
        self.0
    }
}

#[auth_metered(op = "sourced", source = method, service = service)]
fn sourced(service: &str, method: AuthMethod, reason: Option<Reason>) -> Result<(), Given> {
    reason.map_or(Ok(()), |reason| Err(Given(reason)))
}

#[derive(Clone, Debug)]
struct Call {
    service: usize,
    op: usize,
    reason: Option<Reason>,
    micros: u64,
}

fn call() -> impl Strategy<Value = Call> {
    let reason = prop::option::of(prop::sample::select(Reason::ALL.to_vec()));
    (0..3_usize, 0..4_usize, reason, 0..20_000_000_u64).prop_map(|(service, op, reason, micros)| Call {
        service,
        op,
        reason,
        micros,
    })
}

const SERVICES: [&str; 3] = ["gateway", "orders", "not\u{200b}one"];
const OPS: [&str; 4] = ["login", "verify", "renew", "sourced"];
const METHODS: [AuthMethod; 2] = [AuthMethod::Password, AuthMethod::Passkey];

fn assert_typed(snapshot: &Snapshot) -> Result<(), TestCaseError> {
    let value = |name: &str, labels: &[(&str, &str)]| snapshot.value(name, labels);
    let (mut started, mut failed) = (0, 0);
    for operation in snapshot.operations() {
        let of = [("service_id", operation.service_id()), ("operation", operation.name())];
        let with = |label| [of[0], of[1], label];
        started += operation.started();
        prop_assert_eq!(value("auth_operations_started_total", &of), Some(operation.started() as f64));
        prop_assert_eq!(value("auth_operations_in_flight", &of), Some(operation.in_flight() as f64));
        for (outcome, count) in operation.outcomes() {
            let labels = with(("outcome", outcome));
            prop_assert_eq!(value("auth_operations_total", &labels), Some(count as f64));
        }
        prop_assert_eq!(operation.outcomes().next(), Some(("success", operation.succeeded())));
        for (reason, count) in operation.reasons() {
            failed += count;
            prop_assert_eq!(operation.reason(reason), count);
            let labels = with(("failure_reason", reason.label()));
            prop_assert_eq!(value("auth_operation_failures_total", &labels), Some(count as f64));
        }
        let latency = operation.latency();
        let summed = snapshot.histogram("service_auth_latency_seconds", &of).unwrap();
        prop_assert_eq!(latency.counts(), summed.counts());
        prop_assert_eq!(value("service_auth_latency_seconds_count", &of), Some(latency.count() as f64));
        prop_assert_eq!(value("service_auth_latency_seconds_sum", &of), Some(latency.sum()));
        for (bound, count) in latency.cumulative() {
            let le = if bound == f64::INFINITY { "+Inf".to_owned() } else { bound.to_string() };
            let labels = [of[0], of[1], ("le", le.as_str())];
            prop_assert_eq!(value("service_auth_latency_seconds_bucket", &labels), Some(count as f64));
        }
    }
    prop_assert_eq!(value("auth_operations_started_total", &[]).unwrap_or(0.0), started as f64);
    let mut reasons: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    for each in snapshot.reasons() {
        let key = (each.service_id(), each.operation(), each.reason().label());
        prop_assert!(reasons.insert(key, each.count()).is_none(), "{:?} twice", key);
    }
    prop_assert_eq!(reasons.values().sum::<u64>(), failed);
    prop_assert_eq!(value("auth_operation_failures_total", &[]).unwrap_or(0.0), failed as f64);
    let mut by_source = 0;
    for source in snapshot.sources() {
        for (outcome, count) in source.outcomes() {
            by_source += count;
            let labels =
                [("service_id", source.service_id()), ("source", source.label()), ("outcome", outcome)];
            prop_assert_eq!(value("auth_source_operations_total", &labels), Some(count as f64));
        }
    }
    prop_assert_eq!(value("auth_source_operations_total", &[]).unwrap_or(0.0), by_source as f64);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn typed_view_says_what_the_values_say(calls in prop::collection::vec(call(), 0..40), open in 0..4_usize) {
        let now = Arc::new(Mutex::new(Duration::ZERO));
        let reading = Arc::clone(&now);
        let clock = Clock::from_fn(move || *reading.lock().unwrap());
        let metrics = AuthMetrics::builder().service_id("gateway").clock(clock).build().unwrap();
        metrics.declare::<Given>("login");
        for Call { service, op, reason, micros } in calls.iter().cloned() {
            let service = SERVICES[service];
            if OPS[op] == "sourced" {
                let method = METHODS[usize::from(micros % 2 == 0)];
                let _ = metrics.in_scope(|| sourced(service, method, reason));
                continue;
            }
            let attempt = metrics.attempt_for(service, OPS[op]);
            *now.lock().unwrap() += Duration::from_micros(micros);
            attempt.finish(reason.map_or(Outcome::Success, Outcome::Failure));
        }
        let in_flight: Vec<_> = (0..open).map(|_| metrics.attempt("login")).collect();
        let snapshot = metrics.snapshot();
        assert_typed(&snapshot)?;
        let started: u64 = snapshot.operations().map(|operation| operation.started()).sum();
        let ended: u64 = snapshot.operations().flat_map(|operation| operation.outcomes()).map(|(_, count)| count).sum();
        prop_assert_eq!([started, ended], [(calls.len() + open) as u64, calls.len() as u64]);
        drop(in_flight);
        assert_typed(&metrics.snapshot())?;
        assert_typed(&snapshot)?;
    }
}
