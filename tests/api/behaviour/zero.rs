//! Law 3: what can happen is exported at zero before it happens.

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered, reasons};

use crate::count;

#[derive(Debug, FailureReason)]
enum InnerError {
    TokenExpired,
    #[reason(token_signature_invalid)]
    Forged,
}

#[expect(dead_code, reason = "never made: what it could be is the point")]
#[derive(Debug, FailureReason)]
enum DeepError {
    #[reason(transparent)]
    Token(InnerError),
    #[reason(with = reasons::io)]
    Disk(std::io::Error),
    #[reason(with = overloaded_or_timeout, among(overloaded, timeout))]
    Pool(u8),
}

fn overloaded_or_timeout(_: &u8) -> auth_metrics::Reason {
    auth_metrics::Reason::Timeout
}

#[auth_metered(op = "deep", kind = token)]
async fn deep() -> Result<(), DeepError> {
    Ok(())
}

#[auth_metered(op = "listed_flag", false_is = permission_denied, kind = authorization)]
fn listed_flag() -> bool {
    true
}

fn reasons_of(scope: &Scope, op: &str) -> Vec<&'static str> {
    let snapshot = scope.snapshot();
    let zero = |reason: &&auth_metrics::Reason| {
        snapshot
            .value("auth_operation_failures_total", &[("operation", op), ("failure_reason", reason.label())])
            == Some(0.0)
    };
    auth_metrics::Reason::ALL.iter().filter(zero).map(|reason| reason.label()).collect()
}

#[test]
fn every_reason_of_nested_errors_is_exported_at_zero() {
    let expected = [
        "token_signature_invalid",
        "token_expired",
        "dependency_unavailable",
        "overloaded",
        "configuration_error",
        "internal_error",
        "timeout",
        "cancelled",
        "panicked",
    ];
    assert_eq!(reasons_of(&Scope::new(), "deep"), expected);
}

#[test]
fn token_operation_zeroes_the_token_family_and_not_the_authentication_one() {
    let scope = Scope::new();
    crate::declare_unknown(scope.metrics());
    let snapshot = scope.snapshot();
    let status =
        snapshot.value("jwt_token_verifications_total", &[("status", "failed_token_signature_invalid")]);
    assert_eq!(status, Some(0.0));
    let failed =
        snapshot.value("service_auth_failed_total", &[("failure_reason", "token_signature_invalid")]);
    assert_eq!(failed, None);
}

#[test]
fn reason_named_in_the_attribute_is_exported_at_zero() {
    assert_eq!(reasons_of(&Scope::new(), "listed_flag"), ["permission_denied", "cancelled", "panicked"]);
}

#[test]
fn function_of_another_crate_that_nobody_calls_is_exported_at_zero() {
    let scope = Scope::new();
    assert_eq!(auth_metrics_tests_linked::LINKED, "linked");
    assert_eq!(reasons_of(&scope, "dormant"), ["account_disabled", "token_revoked", "cancelled", "panicked"]);
    let snapshot = scope.snapshot();
    for outcome in ["success", "rejected", "error", "interim", "cancelled"] {
        assert_eq!(
            count(&snapshot, "auth_operations_total", &[("operation", "dormant"), ("outcome", outcome)]),
            0.0
        );
    }
    assert_eq!(count(&snapshot, "service_auth_latency_seconds_count", &[("operation", "dormant")]), 0.0);
    assert_eq!(count(&snapshot, "auth_operations_in_flight", &[("operation", "dormant")]), 0.0);
}

#[auth_metered(op = "generic")]
async fn generic<E: FailureReason>(error: E) -> Result<(), E> {
    Err(error)
}

#[tokio::test]
async fn generic_error_is_listed_by_declare() {
    let scope = Scope::new();
    assert_eq!(reasons_of(&scope, "generic").len(), auth_metrics::Reason::ALL.len());
    scope.metrics().declare::<InnerError>("generic");
    let expected = ["token_signature_invalid", "token_expired", "cancelled", "panicked"];
    assert_eq!(reasons_of(&scope, "generic"), expected);
    assert!(scope.metrics().scope(generic(InnerError::Forged)).await.is_err());
    assert_eq!(crate::failures(&scope, "generic", "token_signature_invalid"), 1.0);
}

#[tokio::test]
async fn reason_that_was_never_listed_is_counted_all_the_same() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(generic(auth_metrics_tests_linked::DormantError::Gone)).await.is_err());
    assert!(scope.metrics().scope(generic(InnerError::TokenExpired)).await.is_err());
    assert_eq!(crate::failures(&scope, "generic", "account_disabled"), 1.0);
    assert_eq!(crate::failures(&scope, "generic", "token_expired"), 1.0);
}

#[test]
fn registered_service_exports_the_operations_that_take_their_service_from_the_call() {
    let scope = Scope::new();
    scope.metrics().record_service_registration("orders");
    let snapshot = scope.snapshot();
    let started =
        |op| snapshot.value("auth_operations_started_total", &[("service_id", "orders"), ("operation", op)]);
    assert_eq!(started("routed"), Some(0.0));
    assert_eq!(started("deep"), None);
}
