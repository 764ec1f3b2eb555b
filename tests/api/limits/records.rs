//! What is recorded by hand of keys, credentials and decisions: exact, with every value of the label from the first use on.

use std::time::Duration;

use auth_metrics::{AuthMetrics, ShadowDecision};
use auth_metrics_credentials::RecordCredentials;
use auth_metrics_credentials::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome};

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// Each label has a sample, and only `label` has counted.
fn assert_counted(metrics: &AuthMetrics, family: &str, name: &str, labels: &[&str], counted: &str) {
    for label in labels {
        let value = metrics.snapshot().value(family, &[("service_id", "orders"), (name, label)]);
        assert_eq!(value, Some(f64::from(u8::from(*label == counted))), "{family} {label}");
    }
}

#[test]
fn first_use_of_a_family_exports_every_value_of_its_label() {
    let (metrics, kind) = (handle(), CredentialKind::ApiKey);
    for family in [
        "auth_token_keys_total",
        "auth_key_fetches_total",
        "auth_shadow_decisions_total",
        "auth_credential_events_total",
        "auth_credential_rotations_total",
    ] {
        assert_eq!(metrics.snapshot().value(family, &[]), None, "{family}");
    }
    metrics.record_token_key("orders", KeyState::Retired);
    metrics.record_key_fetch("orders", KeyFetch::Error);
    metrics.record_shadow_decision("orders", ShadowDecision::WouldAllow);
    metrics.record_credential_event("orders", kind, CredentialEvent::Compromised);
    metrics.record_credential_rotation("orders", kind, RotationOutcome::Timeout, Duration::from_secs(2));
    let labels = ["current", "previous", "retired", "unknown"];
    assert_counted(&metrics, "auth_token_keys_total", "key_state", &labels, "retired");
    let labels = ["success", "error", "cancelled"];
    assert_counted(&metrics, "auth_key_fetches_total", "result", &labels, "error");
    let labels = ["same", "would_deny", "would_allow"];
    assert_counted(&metrics, "auth_shadow_decisions_total", "decision", &labels, "would_allow");
    let labels = ["success", "error", "panicked", "timeout", "cancelled"];
    assert_counted(&metrics, "auth_credential_rotations_total", "outcome", &labels, "timeout");
    let labels = [
        "created",
        "activated",
        "rotated",
        "retired",
        "expiring",
        "expired",
        "revoked",
        "compromised",
        "rotation_failed",
        "rehash_needed",
    ];
    assert_counted(&metrics, "auth_credential_events_total", "event", &labels, "compromised");
}

#[test]
fn histograms_have_their_own_bounds_and_exact_sums() {
    let (metrics, kind) = (handle(), CredentialKind::Token);
    metrics.record_presented_credential("orders", kind, Duration::ZERO);
    metrics.record_presented_credential("orders", kind, Duration::from_secs(300));
    metrics.record_presented_credential("orders", kind, Duration::from_secs(1 << 40));
    metrics.record_credential_rotation("orders", kind, RotationOutcome::Success, Duration::from_millis(10));
    let text = metrics.encode_text();
    let labels = "{service_id=\"orders\",credential_kind=\"token\"";
    for line in [
        format!("auth_presented_credential_remaining_seconds_bucket{labels},le=\"1.0\"}} 1"),
        format!("auth_presented_credential_remaining_seconds_bucket{labels},le=\"60.0\"}} 1"),
        format!("auth_presented_credential_remaining_seconds_bucket{labels},le=\"300.0\"}} 2"),
        format!("auth_presented_credential_remaining_seconds_bucket{labels},le=\"3.1536e+07\"}} 2"),
        format!("auth_presented_credential_remaining_seconds_bucket{labels},le=\"+Inf\"}} 3"),
        format!("auth_credential_rotation_duration_seconds_bucket{labels},le=\"0.01\"}} 1"),
        format!("auth_credential_rotation_duration_seconds_bucket{labels},le=\"600.0\"}} 1"),
        format!("auth_credential_rotation_duration_seconds_sum{labels}}} 0.01"),
    ] {
        assert!(text.lines().any(|each| each == line), "{line}\n{text}");
    }
}

#[test]
fn ordinary_observation_moves_a_sum_after_extreme_ones() {
    const YEAR: u64 = 365 * 86_400;
    let (metrics, kind) = (handle(), CredentialKind::Certificate);
    let presented = |remaining| metrics.record_presented_credential("orders", kind, remaining);
    let rotated = |took| metrics.record_credential_rotation("orders", kind, RotationOutcome::Success, took);
    let sum = |family| metrics.snapshot().value(family, &[("service_id", "orders")]).unwrap();
    let (remaining, durations) =
        ("auth_presented_credential_remaining_seconds_sum", "auth_credential_rotation_duration_seconds_sum");
    presented(Duration::from_secs(8_000 * YEAR)); // until the year 9999
    assert_eq!(sum(remaining), 3_650.0 * 86_400.0, "ten years at most");
    for _ in 0..2_000 {
        presented(Duration::from_secs(8_000 * YEAR));
        presented(Duration::MAX);
        presented(Duration::from_secs(YEAR));
        rotated(Duration::MAX);
    }
    let before = [sum(remaining), sum(durations)];
    presented(Duration::from_millis(3_600_250));
    rotated(Duration::from_millis(40));
    assert!((sum(remaining) - before[0] - 3_600.25).abs() < 1e-3, "{before:?}");
    assert!((sum(durations) - before[1] - 0.04).abs() < 1e-3, "{before:?}");
}

#[test]
fn policies_are_exported_at_zero_when_declared_and_folded_beyond_sixteen() {
    let metrics = handle();
    metrics.declare_policy("orders", "risk_engine");
    let of = |policy| {
        metrics.snapshot().value("auth_fail_open_total", &[("service_id", "orders"), ("policy", policy)])
    };
    assert_eq!(of("risk_engine"), Some(0.0));
    for policy in
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "risk_engine"]
    {
        metrics.record_fail_open("orders", policy);
    }
    metrics.record_fail_open("orders", "No Name");
    assert_eq!((of("risk_engine"), of("o"), of("p"), of("other")), (Some(1.0), Some(1.0), None, Some(3.0)));
    let folded = metrics.snapshot().value("auth_label_overflow_total", &[("label", "policy")]);
    assert_eq!(folded, Some(3.0));
}

#[test]
fn shadow_decisions_are_counted_by_how_two_policies_differ() {
    let metrics = handle();
    metrics.record_fail_open("gateway", "risk_engine");
    for (allowed, would_allow) in [(true, true), (true, false), (false, true), (false, false)] {
        metrics.record_shadow_decision("gateway", ShadowDecision::between(allowed, would_allow));
    }
    let decisions = ["same", "would_deny", "would_allow"].map(|decision| {
        let labels = [("service_id", "gateway"), ("decision", decision)];
        metrics.snapshot().value("auth_shadow_decisions_total", &labels).unwrap()
    });
    assert_eq!(decisions, [2.0, 1.0, 1.0]);
    assert_eq!(metrics.snapshot().value("auth_fail_open_total", &[("service_id", "gateway")]), Some(1.0));
}
