//! Custom reasons: every law holds for them as for the standard ones.

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::testing::Scope;
use auth_metrics::{
    AuthMethod, AuthMetrics, Exposure, FailureReason, Fault, Outcome, Reason, ReasonClass, ReasonSet,
    auth_metered, custom_reason,
};
use auth_metrics_tests_scrape::Scrape;

use crate::{count, failures, ledger};

#[derive(Clone, Copy, Debug, FailureReason)]
enum SsoError {
    InvalidCredentials,
    #[reason(custom = "sso_domain_blocked", fault = client)]
    DomainBlocked,
    #[reason(fault = attack, custom = "sso_assertion_forged")]
    Forged,
    #[reason(custom = "sso_directory_stale", fault = server)]
    Stale,
    #[reason(custom = "sso_consent_required", fault = neutral)]
    Consent,
    #[reason(custom = "sso_unmapped", fault = unknown)]
    Unmapped,
}

const CUSTOM: [(SsoError, &str, &str, usize); 5] = [
    (SsoError::DomainBlocked, "sso_domain_blocked", "client", REJECTED),
    (SsoError::Forged, "sso_assertion_forged", "attack", REJECTED),
    (SsoError::Stale, "sso_directory_stale", "server", ERROR),
    (SsoError::Consent, "sso_consent_required", "neutral", INTERIM),
    (SsoError::Unmapped, "sso_unmapped", "unknown", ERROR),
];

// Where each outcome stands in a ledger.
const REJECTED: usize = 3;
const ERROR: usize = 4;
const INTERIM: usize = 5;

/// Shares one label with the type above.
#[derive(Debug, FailureReason)]
#[reason(custom = "sso_domain_blocked", fault = client)]
struct AlsoBlocked;

#[derive(Debug, FailureReason)]
enum GateError {
    #[reason(transparent)]
    Sso(SsoError),
    #[reason(custom = "gate_closed", fault = server)]
    Closed,
}

custom_reason! {
    /// Given by hand only.
    const BADGE_LEFT_AT_HOME = "badge_left_at_home", fault = client;
}

#[auth_metered(op = "sso_login", source = AuthMethod::Saml)]
async fn sso_login(error: Option<SsoError>) -> Result<(), SsoError> {
    error.map_or(Ok(()), Err)
}

#[auth_metered(op = "sso_token", kind = token)]
fn sso_token(error: SsoError) -> Result<(), GateError> {
    Err(GateError::Sso(error))
}

#[auth_metered(op = "sso_classified", classify = by_hand, kind = authorization)]
fn sso_classified() -> bool {
    false
}

fn by_hand(_: &bool) -> Outcome {
    Outcome::Failure(BADGE_LEFT_AT_HOME)
}

#[auth_metered(op = "sso_generic")]
fn sso_generic<E: FailureReason>(error: E) -> Result<(), E> {
    Err(error)
}

fn zero(scope: &Scope, op: &str, reason: &str) -> Option<f64> {
    scope.snapshot().value("auth_operation_failures_total", &[("operation", op), ("failure_reason", reason)])
}

#[test]
fn custom_reason_says_what_a_standard_one_says() {
    let reason = SsoError::DomainBlocked.failure_reason();
    assert_eq!(reason.label(), "sso_domain_blocked");
    assert_eq!((reason.class(), reason.fault()), (ReasonClass::Custom, Fault::Client));
    assert_eq!((reason.http_status(), SsoError::Stale.failure_reason().http_status()), (401, 500));
    assert_eq!(reason, AlsoBlocked.failure_reason());
    assert_eq!(Reason::from_label("sso_domain_blocked"), Some(reason));
    assert_eq!(Reason::from_label("sso_domain"), None);
    assert!(matches!(BADGE_LEFT_AT_HOME, Reason::Custom(_)));
    assert_eq!(format!("{reason:?}"), "Custom(sso_domain_blocked)");
}

#[test]
fn custom_reasons_are_known_as_constants_and_joined_by_label() {
    const GATE: ReasonSet = GateError::REASONS;
    const BADGE: ReasonSet = ReasonSet::of(&[BADGE_LEFT_AT_HOME, Reason::Timeout, BADGE_LEFT_AT_HOME]);
    let labels: Vec<&str> = GATE.iter().map(Reason::label).collect();
    let expected = [
        "invalid_credentials",
        "gate_closed",
        "sso_assertion_forged",
        "sso_consent_required",
        "sso_directory_stale",
        "sso_domain_blocked",
        "sso_unmapped",
    ];
    assert_eq!(labels, expected);
    assert_eq!((GATE.len(), BADGE.len()), (7, 2));
    assert_eq!(GATE.union(BADGE), BADGE.union(GATE));
    assert!(GATE.contains(AlsoBlocked.failure_reason()) && !GATE.contains(BADGE_LEFT_AT_HOME));
    assert!(GATE.includes(SsoError::REASONS) && !SsoError::REASONS.includes(GATE));
    assert_eq!(GateError::Closed.failure_reason().label(), "gate_closed");
}

#[test]
fn every_custom_reason_is_exported_at_zero_with_its_class_and_fault() {
    let scope = Scope::new();
    for (_, label, fault, _) in CUSTOM {
        assert_eq!(zero(&scope, "sso_login", label), Some(0.0), "{label}");
        assert_eq!(zero(&scope, "sso_token", label), Some(0.0), "{label}");
        let labels = [("failure_reason", label), ("class", "custom"), ("fault", fault)];
        assert_eq!(count(&scope.snapshot(), "auth_failure_reason_info", &labels), 1.0, "{label}");
    }
    assert_eq!(zero(&scope, "sso_token", "gate_closed"), Some(0.0));
    assert_eq!(zero(&scope, "sso_login", "gate_closed"), None);
    let snapshot = scope.snapshot();
    let failed = [("failure_reason", "sso_domain_blocked")];
    assert_eq!(snapshot.value("service_auth_failed_total", &failed), Some(0.0));
    assert_eq!(
        snapshot.value("jwt_token_verifications_total", &[("status", "failed_gate_closed")]),
        Some(0.0)
    );
}

#[test]
fn function_that_may_give_any_reason_is_exported_with_every_custom_one() {
    let scope = Scope::new();
    for label in ["badge_left_at_home", "gate_closed", "sso_unmapped", "dormant_only"] {
        assert_eq!(zero(&scope, "sso_classified", label), Some(0.0), "{label}");
    }
    assert!(!scope.metrics().in_scope(sso_classified));
    assert_eq!(failures(&scope, "sso_classified", "badge_left_at_home"), 1.0);
}

#[test]
fn custom_reason_of_another_crate_that_nobody_gives_is_exported_at_zero() {
    assert_eq!(auth_metrics_tests_linked::LINKED, "linked");
    assert_eq!(zero(&Scope::new(), "dormant", "dormant_only"), Some(0.0));
}

#[tokio::test]
async fn every_custom_reason_ends_an_attempt_with_the_outcome_of_its_fault() {
    for (error, label, _, outcome) in CUSTOM {
        let scope = Scope::new();
        assert!(scope.metrics().scope(sso_login(Some(error))).await.is_err());
        assert!(scope.metrics().scope(sso_login(Some(SsoError::InvalidCredentials))).await.is_err());
        assert!(scope.metrics().scope(sso_login(None)).await.is_ok());
        let mut expected = [3.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0];
        expected[outcome] += 1.0;
        assert_eq!(ledger(&scope, "sso_login"), expected, "{label}");
        assert_eq!(failures(&scope, "sso_login", label), 1.0);
        assert_eq!(failures(&scope, "sso_login", "invalid_credentials"), 1.0);

        let snapshot = scope.snapshot();
        let failed = [("failure_reason", label)];
        assert_eq!(count(&snapshot, "service_auth_failed_total", &failed), 1.0, "{label}");
        assert_eq!(
            count(&snapshot, "service_auth_latency_seconds_count", &[("operation", "sso_login")]),
            3.0
        );
        for (at, outcome) in ["success", "rejected", "error", "interim", "cancelled"].into_iter().enumerate()
        {
            let labels = [("source", "saml"), ("outcome", outcome)];
            assert_eq!(
                count(&snapshot, "auth_source_operations_total", &labels),
                expected[at + 2],
                "{label}"
            );
        }
    }
}

#[test]
fn custom_reason_of_a_token_has_its_status() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(|| sso_token(SsoError::Forged)).is_err());
    let status = [("status", "failed_sso_assertion_forged")];
    assert_eq!(count(&scope.snapshot(), "jwt_token_verifications_total", &status), 1.0);
}

#[test]
fn custom_reasons_of_a_generic_function_are_listed_with_their_first_call() {
    let scope = Scope::new();
    assert_eq!(zero(&scope, "sso_generic", "sso_unmapped"), Some(0.0), "any reason is possible");
    crate::declare_unknown(scope.metrics());
    assert_eq!(zero(&scope, "sso_generic", "sso_unmapped"), None);
    assert!(scope.metrics().in_scope(|| sso_generic(SsoError::Stale)).is_err());
    assert_eq!(zero(&scope, "sso_generic", "sso_unmapped"), Some(0.0));
    assert_eq!(zero(&scope, "sso_generic", "gate_closed"), None);
    for _ in 0..2 {
        assert!(scope.metrics().in_scope(|| sso_generic(GateError::Closed)).is_err());
        assert!(scope.metrics().in_scope(|| sso_generic(SsoError::Stale)).is_err());
    }
    assert_eq!(failures(&scope, "sso_generic", "sso_directory_stale"), 3.0);
    assert_eq!(failures(&scope, "sso_generic", "gate_closed"), 2.0);
    scope.metrics().declare::<GateError>("sso_declared");
    assert_eq!(zero(&scope, "sso_declared", "gate_closed"), Some(0.0));
}

#[test]
fn custom_reason_is_recorded_by_hand() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.attempt("door").finish(Outcome::Failure(BADGE_LEFT_AT_HOME));
    metrics.record_failed_auth("door", BADGE_LEFT_AT_HOME);
    metrics.record_failed_token_verification("door", BADGE_LEFT_AT_HOME);
    let snapshot = metrics.snapshot();
    let label = [("failure_reason", "badge_left_at_home")];
    assert_eq!(count(&snapshot, "auth_operation_failures_total", &label), 1.0);
    assert_eq!(count(&snapshot, "service_auth_failed_total", &label), 2.0);
    let status = [("status", "failed_badge_left_at_home")];
    assert_eq!(count(&snapshot, "jwt_token_verifications_total", &status), 1.0);
}

/// The failures of an operation in the order of the scrape, each with its count.
fn failures_of(scrape: &Scrape, op: &str) -> Vec<String> {
    let samples = scrape.family("auth_operation_failures_total").samples.iter();
    let samples = samples.filter(|sample| sample.label("operation") == Some(op));
    samples.map(|sample| format!("{} {}", sample.labels["failure_reason"], sample.value)).collect()
}

#[test]
fn strict_exposure_shows_no_custom_refusal() {
    let exported = |exposure| {
        let metrics = AuthMetrics::builder().exposure(exposure).build().unwrap();
        metrics.attempt("door").finish(Outcome::Failure(BADGE_LEFT_AT_HOME));
        metrics.attempt("door").finish(Outcome::Failure(SsoError::Stale.failure_reason()));
        let counted = failures_of(&Scrape::of(&metrics), "door").into_iter();
        counted.filter(|failure| failure.ends_with(" 1")).collect::<Vec<_>>()
    };
    assert_eq!(exported(Exposure::Strict), ["invalid_credentials 1", "sso_directory_stale 1"]);
    assert_eq!(exported(Exposure::Standard), ["badge_left_at_home 1", "sso_directory_stale 1"]);
}

#[test]
fn strict_exposure_shows_no_custom_step() {
    let exported = |exposure, name, label, value| {
        let metrics = AuthMetrics::builder().exposure(exposure).build().unwrap();
        metrics.attempt("door").finish(Outcome::Failure(SsoError::Consent.failure_reason()));
        Scrape::of(&metrics).sum(name, &[("operation", "door"), (label, value)]) == Some(1.0)
    };
    for (exposure, reason, outcome) in [
        (Exposure::Strict, "invalid_credentials", "rejected"),
        (Exposure::Standard, "sso_consent_required", "interim"),
    ] {
        assert!(exported(exposure, "auth_operation_failures_total", "failure_reason", reason), "{reason}");
        assert!(exported(exposure, "auth_operations_total", "outcome", outcome), "{outcome}");
    }
}

#[tokio::test]
async fn text_and_registry_show_custom_reasons_alike_after_the_standard_ones_by_label() {
    let scope = Scope::new();
    let registry = Registry::new();
    scope.metrics().register(&registry).unwrap();
    assert!(scope.metrics().scope(sso_login(Some(SsoError::Consent))).await.is_err());
    let mut written = failures_of(&Scrape::of(scope.metrics()), "sso_login");
    let expected = [
        "invalid_credentials 0",
        "cancelled 0",
        "panicked 0",
        "sso_assertion_forged 0",
        "sso_consent_required 1",
        "sso_directory_stale 0",
        "sso_domain_blocked 0",
        "sso_unmapped 0",
    ];
    assert_eq!(written, expected);
    let gathered = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    let mut gathered = failures_of(&Scrape::read(&gathered), "sso_login");
    gathered.sort();
    written.sort();
    assert_eq!(gathered, written);
}
