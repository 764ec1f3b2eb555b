//! The wire contract by its literal names: what dashboards and rules of years ago read must be what is exported today.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Exposure, FAMILIES, Family, Outcome};
use auth_metrics_credentials::{KeyState, RecordCredentials};

use crate::fixture::{builder, busy, handle};
use auth_metrics_tests_scrape::Scrape;

type Row = (&'static str, &'static str, &'static [&'static str]);

/// As the Python module exported them; not made from the library's table on purpose.
const CARRIED_OVER: [Row; 7] = [
    ("service_auth_successful_total", "counter", &["service_id"]),
    ("service_auth_failed_total", "counter", &["service_id", "failure_reason"]),
    ("jwt_token_verifications_total", "counter", &["service_id", "status"]),
    ("service_auth_latency_seconds", "histogram", &["service_id", "operation"]),
    ("rate_limit_exceeded_total", "counter", &["service_id"]),
    ("rate_limit_current", "gauge", &["service_id", "limit_type"]),
    ("auth_active_services", "gauge", &[]),
];

const ADDED: [Row; 12] = [
    ("auth_operations_started_total", "counter", &["service_id", "operation"]),
    ("auth_operations_total", "counter", &["service_id", "operation", "outcome"]),
    ("auth_operation_failures_total", "counter", &["service_id", "operation", "failure_reason"]),
    ("auth_operations_in_flight", "gauge", &["service_id", "operation"]),
    ("auth_swallowed_failures_total", "counter", &["service_id", "operation"]),
    ("auth_operation_info", "gauge", &["service_id", "operation", "kind"]),
    ("auth_failure_reason_info", "gauge", &["failure_reason", "class", "fault"]),
    ("auth_source_operations_total", "counter", &["service_id", "source", "outcome"]),
    ("auth_fail_open_total", "counter", &["service_id", "policy"]),
    ("auth_shadow_decisions_total", "counter", &["service_id", "decision"]),
    ("rate_limit_capacity", "gauge", &["service_id", "limit_type"]),
    ("rate_limit_tracked_keys", "gauge", &["service_id", "limit_type"]),
];

/// There once a tracker or a record of credentials was used.
const CREDENTIALS: [Row; 10] = [
    (
        "auth_credential_not_after_timestamp_seconds",
        "gauge",
        &["service_id", "credential_kind", "credential"],
    ),
    (
        "auth_credential_last_rotated_timestamp_seconds",
        "gauge",
        &["service_id", "credential_kind", "credential"],
    ),
    ("auth_credential_rotation_interval_seconds", "gauge", &["service_id", "credential_kind", "credential"]),
    ("auth_credential_rotations_total", "counter", &["service_id", "credential_kind", "outcome"]),
    ("auth_credential_rotation_duration_seconds", "histogram", &["service_id", "credential_kind"]),
    ("auth_credential_events_total", "counter", &["service_id", "credential_kind", "event"]),
    ("auth_presented_credential_remaining_seconds", "histogram", &["service_id", "credential_kind"]),
    ("auth_key_fetches_total", "counter", &["service_id", "result"]),
    ("auth_key_last_success_timestamp_seconds", "gauge", &["service_id"]),
    ("auth_token_keys_total", "counter", &["service_id", "key_state"]),
];

/// What the library tells of itself.
const LIBRARY: [Row; 3] = [
    ("auth_label_overflow_total", "counter", &["label"]),
    ("auth_metrics_internal_errors_total", "counter", &["kind"]),
    ("auth_metrics_build_info", "gauge", &["version"]),
];

const BOUNDS: [&str; 23] = [
    "1e-05", "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
    "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1.0", "2.5", "5.0", "7.5", "10.0", "+Inf",
];

/// Each family has the type, and each of its samples has these labels and no other.
fn assert_exported(rows: &[Row]) {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let scrape = Scrape::of(&metrics);
    for (name, family_type, labels) in rows {
        let family = scrape.family(name);
        assert_eq!(family.kind, *family_type, "{name}");
        assert!(!family.samples.is_empty(), "{name} has no sample");
        let labels: BTreeSet<&str> = labels.iter().copied().collect();
        for sample in &family.samples {
            let own = sample.labels.keys().map(String::as_str);
            let bound = if sample.name.ends_with("_bucket") { "le" } else { "" };
            let own: BTreeSet<&str> = own.filter(|label| *label != bound).collect();
            assert_eq!(own, labels, "{sample:?}");
        }
    }
}

#[test]
fn families_of_the_python_module_keep_name_type_and_labels() {
    assert_exported(&CARRIED_OVER);
}

#[test]
fn added_families_keep_name_type_and_labels() {
    assert_exported(&ADDED);
    assert_exported(&CREDENTIALS);
    assert_exported(&LIBRARY);
}

/// Name, type and help of each family that a handle shows, in the order of its scrape.
fn shown(metrics: &AuthMetrics) -> Vec<(String, String, String)> {
    let families = Scrape::of(metrics).families.into_iter();
    families.map(|family| (family.name, family.kind, family.help)).collect()
}

fn row(family: &Family) -> (String, String, String) {
    (family.name.to_owned(), family.family_type.label().to_owned(), family.help.to_owned())
}

#[track_caller]
fn assert_names(shown: &[(String, String, String)], rows: &[&[Row]]) {
    let shown: Vec<&str> = shown.iter().map(|family| family.0.as_str()).collect();
    assert_eq!(shown, rows.concat().iter().map(|row| row.0).collect::<Vec<_>>());
}

#[test]
fn first_scrape_shows_every_family_of_the_core_in_the_order_of_its_table_and_no_other() {
    let shown = shown(&handle());
    assert_eq!(shown, FAMILIES.iter().map(|family| row(family)).collect::<Vec<_>>());
    assert_names(&shown, &[&CARRIED_OVER, &ADDED, &LIBRARY]);
}

#[test]
fn families_of_credentials_are_all_there_with_the_first_of_them_before_those_of_the_library_itself() {
    let metrics = handle();
    metrics.record_token_key("orders", KeyState::Previous);
    let shown = shown(&metrics);
    let core = FAMILIES.len() - LIBRARY.len();
    let (core, library) = FAMILIES.split_at(core);
    let table = core.iter().chain(auth_metrics_credentials::families::FAMILIES).chain(library);
    assert_eq!(shown, table.map(|family| row(family)).collect::<Vec<_>>());
    assert_names(&shown, &[&CARRIED_OVER, &ADDED, &CREDENTIALS, &LIBRARY]);
}

#[test]
fn every_histogram_has_the_bounds_of_the_contract() {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let scrape = Scrape::of(&metrics);
    let samples = &scrape.family("service_auth_latency_seconds").samples;
    let bounds: Vec<&str> = samples.iter().filter_map(|sample| sample.label("le")).collect();
    assert_eq!(bounds.len() % BOUNDS.len(), 0);
    assert!(bounds.len() > BOUNDS.len());
    for histogram in bounds.chunks(BOUNDS.len()) {
        assert_eq!(histogram, BOUNDS);
    }
}

#[test]
fn latency_of_exactly_a_bound_is_in_its_bucket_and_a_nanosecond_more_in_the_next() {
    let metrics = handle();
    let at_most = |op, le| {
        let labels = [("service_id", "gateway"), ("operation", op), ("le", le)];
        Scrape::of(&metrics).value("service_auth_latency_seconds_bucket", &labels)
    };
    metrics.record_auth_latency("gateway", "exact", Duration::from_millis(75));
    metrics.record_auth_latency("gateway", "above", Duration::from_nanos(75_000_001));
    assert_eq!([at_most("exact", "0.05"), at_most("exact", "0.075")], [Some(0.0), Some(1.0)]);
    assert_eq!([at_most("above", "0.075"), at_most("above", "0.1")], [Some(0.0), Some(1.0)]);
}

#[test]
fn latencies_add_up_in_seconds() {
    let metrics = builder().exposure(Exposure::Full).build().unwrap();
    for latency in [Duration::from_millis(30), Duration::from_secs(12), Duration::ZERO] {
        metrics.record_auth_latency("gateway", "login", latency);
    }
    let scrape = Scrape::of(&metrics);
    let labels = [("service_id", "gateway"), ("operation", "login")];
    assert_eq!(scrape.value("service_auth_latency_seconds_sum", &labels), Some(12.03));
    assert_eq!(scrape.value("service_auth_latency_seconds_count", &labels), Some(3.0));
}

#[test]
fn ordinary_latency_moves_the_sum_after_endless_ones() {
    let metrics = builder().exposure(Exposure::Full).build().unwrap();
    let labels = [("service_id", "gateway"), ("operation", "login")];
    let sum = || Scrape::of(&metrics).value("service_auth_latency_seconds_sum", &labels).unwrap();
    for times in [1, 1_000, 300_000] {
        (0..times).for_each(|_| metrics.record_auth_latency("gateway", "login", Duration::MAX));
        let before = sum();
        metrics.record_auth_latency("gateway", "login", Duration::from_secs(3));
        assert_eq!(sum() - before, 3.0, "after {times} endless ones, {before}");
    }
    let count = Scrape::of(&metrics).value("service_auth_latency_seconds_count", &labels);
    assert_eq!(count, Some(301_004.0));
}

#[test]
fn ordinary_attempt_moves_the_sum_after_a_clock_leapt() {
    let now = Arc::new(Mutex::new(Duration::ZERO));
    let reading = Arc::clone(&now);
    let clock = Clock::from_fn(move || *reading.lock().unwrap());
    let metrics = builder().exposure(Exposure::Full).clock(clock).build().unwrap();
    let labels = [("service_id", "gateway"), ("operation", "login")];
    let sum = || Scrape::of(&metrics).value("service_auth_latency_seconds_sum", &labels).unwrap();
    let attempt = |until| {
        *now.lock().unwrap() = Duration::ZERO;
        let attempt = metrics.attempt("login");
        *now.lock().unwrap() = until;
        attempt.finish(Outcome::Success);
    };
    for _ in 0..3 {
        attempt(Duration::MAX);
        let before = sum();
        attempt(Duration::from_secs(3));
        assert!((sum() - before - 3.0).abs() < 1e-4, "{before}");
    }
}

#[test]
fn latency_adds_a_day_at_most_to_the_bound_below_it() {
    let metrics = builder().exposure(Exposure::Full).build().unwrap();
    metrics.record_auth_latency("gateway", "login", Duration::MAX);
    let sum = metrics.snapshot().value("service_auth_latency_seconds_sum", &[("operation", "login")]);
    assert_eq!(sum, Some(10.0 + 86_400.0));
}

#[test]
fn usage_of_a_limit_is_the_last_that_was_told() {
    let metrics = handle();
    let usage = |limit| {
        let labels = [("service_id", "orders"), ("limit_type", limit)];
        Scrape::of(&metrics).value("rate_limit_current", &labels)
    };
    metrics.update_rate_limit_usage("orders", [("per_minute", 42.0), ("per_hour", 0.25)]);
    metrics.update_rate_limit_usage("orders", vec![(String::from("per_minute"), -3.0)]);
    assert_eq!([usage("per_minute"), usage("per_hour")], [Some(-3.0), Some(0.25)]);
    metrics.update_rate_limit_usage("orders", [("per_minute", f64::INFINITY)]);
    assert_eq!(usage("per_minute"), Some(f64::INFINITY));
}

#[test]
fn usage_that_is_no_number_is_an_internal_error_and_changes_nothing() {
    let metrics = handle();
    metrics.update_rate_limit_usage(
        "orders",
        [("per_minute", 7.0), ("per_minute", f64::NAN), ("per_day", f64::NAN)],
    );
    let scrape = Scrape::of(&metrics);
    let usage =
        |limit| scrape.value("rate_limit_current", &[("service_id", "orders"), ("limit_type", limit)]);
    assert_eq!([usage("per_minute"), usage("per_day")], [Some(7.0), None]);
    assert_eq!(scrape.value("auth_metrics_internal_errors_total", &[("kind", "invalid_value")]), Some(2.0));
}

#[test]
fn library_names_its_version() {
    let scrape = Scrape::of(&handle());
    assert_eq!(scrape.value("auth_metrics_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), Some(1.0));
}
