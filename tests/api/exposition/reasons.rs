//! The closed set of reasons by its literal names: what a label of a dashboard means is stable for ever.

use auth_metrics::{Outcome, Reason};

use crate::fixture::builder;
use auth_metrics_tests_scrape::Scrape;

/// Label, class, fault, whether it reveals that an account exists, and the outcome it ends an attempt with.
pub(crate) type Row = (&'static str, &'static str, &'static str, bool, &'static str);

/// Written out by hand; not made from the library's table on purpose.
pub(crate) const TABLE: [Row; 43] = [
    ("invalid_credentials", "credentials", "client", false, "rejected"),
    ("unknown_subject", "credentials", "client", true, "rejected"),
    ("missing_credentials", "credentials", "client", false, "rejected"),
    ("credential_expired", "credentials", "client", true, "rejected"),
    ("credential_revoked", "credentials", "attack", true, "rejected"),
    ("credential_compromised", "credentials", "attack", true, "rejected"),
    ("account_locked", "account", "attack", true, "rejected"),
    ("account_disabled", "account", "client", true, "rejected"),
    ("account_unverified", "account", "client", true, "rejected"),
    ("token_malformed", "token", "client", false, "rejected"),
    ("token_signature_invalid", "token", "attack", false, "rejected"),
    ("token_key_unknown", "token", "attack", false, "rejected"),
    ("token_algorithm_rejected", "token", "attack", false, "rejected"),
    ("token_expired", "token", "client", false, "rejected"),
    ("token_not_yet_valid", "token", "client", false, "rejected"),
    ("token_revoked", "token", "client", false, "rejected"),
    ("token_replayed", "token", "attack", false, "rejected"),
    ("token_claim_mismatch", "token", "client", false, "rejected"),
    ("token_binding_failed", "token", "attack", false, "rejected"),
    ("mfa_required", "mfa", "neutral", true, "interim"),
    ("mfa_invalid", "mfa", "client", true, "rejected"),
    ("mfa_expired", "mfa", "client", true, "rejected"),
    ("mfa_denied", "mfa", "attack", true, "rejected"),
    ("permission_denied", "authorization", "client", true, "rejected"),
    ("policy_denied", "authorization", "client", false, "rejected"),
    ("rate_limited", "abuse", "client", false, "rejected"),
    ("abuse_blocked", "abuse", "attack", false, "rejected"),
    ("malformed_request", "protocol", "client", false, "rejected"),
    ("client_rejected", "protocol", "client", false, "rejected"),
    ("csrf_rejected", "protocol", "attack", false, "rejected"),
    ("challenge_issued", "protocol", "neutral", false, "interim"),
    ("authorization_pending", "protocol", "neutral", false, "interim"),
    ("slow_down", "protocol", "neutral", false, "interim"),
    ("session_invalid", "session", "client", false, "rejected"),
    ("session_expired", "session", "client", false, "rejected"),
    ("dependency_unavailable", "server", "server", false, "error"),
    ("overloaded", "server", "server", false, "error"),
    ("configuration_error", "server", "server", false, "error"),
    ("internal_error", "server", "server", false, "error"),
    ("timeout", "lifecycle", "server", false, "error"),
    ("cancelled", "lifecycle", "neutral", false, "cancelled"),
    ("panicked", "lifecycle", "server", false, "error"),
    ("unknown", "lifecycle", "unknown", false, "error"),
];

pub(crate) fn reason(label: &str) -> Reason {
    Reason::from_label(label).unwrap_or_else(|| panic!("{label} is no reason"))
}

#[test]
fn every_reason_is_exported_with_its_class_and_fault_and_no_other_is() {
    let scrape = Scrape::of(&builder().build().unwrap());
    for (label, class, fault, _, _) in TABLE {
        let labels = [("failure_reason", label), ("class", class), ("fault", fault)];
        assert_eq!(scrape.value("auth_failure_reason_info", &labels), Some(1.0), "{label}");
    }
    assert_eq!(scrape.family("auth_failure_reason_info").samples.len(), TABLE.len());
}

#[test]
fn every_reason_ends_an_attempt_with_the_outcome_of_its_fault() {
    for (label, _, _, _, expected) in TABLE {
        let metrics = builder().build().unwrap();
        metrics.attempt("login").finish(Outcome::Failure(reason(label)));
        let scrape = Scrape::of(&metrics);
        for outcome in ["success", "rejected", "error", "interim", "cancelled"] {
            let labels = [("service_id", "gateway"), ("operation", "login"), ("outcome", outcome)];
            let count = Some(f64::from(u8::from(outcome == expected)));
            assert_eq!(scrape.value("auth_operations_total", &labels), count, "{label} {outcome}");
        }
    }
}

#[test]
fn every_reason_is_counted_once_under_its_label() {
    let metrics = builder().exposure(auth_metrics::Exposure::Full).build().unwrap();
    for (label, ..) in TABLE {
        metrics.attempt("login").finish(Outcome::Failure(reason(label)));
        metrics.record_failed_token_verification("gateway", reason(label));
    }
    let scrape = Scrape::of(&metrics);
    for (label, ..) in TABLE {
        let labels = [("service_id", "gateway"), ("operation", "login"), ("failure_reason", label)];
        assert_eq!(scrape.value("auth_operation_failures_total", &labels), Some(1.0), "{label}");
        let labels = [("service_id", "gateway"), ("failure_reason", label)];
        assert_eq!(scrape.value("service_auth_failed_total", &labels), Some(1.0), "{label}");
        let status = format!("failed_{label}");
        let labels = [("service_id", "gateway"), ("status", status.as_str())];
        assert_eq!(scrape.value("jwt_token_verifications_total", &labels), Some(1.0), "{label}");
    }
}
