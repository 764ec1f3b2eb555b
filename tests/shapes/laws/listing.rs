//! What a scrape shows of the shapes before any of them is called.

use auth_metrics::testing::Scope;

use super::{assert_same, both};

#[test]
fn operations_stand_at_zero_with_the_reasons_of_their_errors() {
    let snapshot = Scope::new().snapshot();
    let listed = |op, reason| {
        let labels = [("operation", op), ("failure_reason", reason)];
        snapshot.value("auth_operation_failures_total", &labels)
    };
    for (op, reason) in [
        ("decode_claims", "token_malformed"),
        ("users_find", "token_expired"),
        ("store_get", "dependency_unavailable"),
        ("store_shared", "unknown_subject"),
        ("form_login", "timeout"),
        ("drops_now", "internal_error"),
        ("bind", "invalid_credentials"),
        ("verify_bearer", "dependency_unavailable"),
        ("future_static", "session_expired"),
        ("axum_login", "permission_denied"),
        ("actix_login", "missing_credentials"),
        ("tracked", "token_signature_invalid"),
    ] {
        assert_eq!(listed(op, reason), Some(0.0), "{op} {reason}");
    }
    // Which reasons a generic error has is not known, so it may be any.
    for (op, reason) in [("session_find", "session_expired"), ("chain_read", "account_locked")] {
        assert_eq!(listed(op, reason), Some(0.0), "{op} {reason}");
    }
}

#[test]
fn an_error_of_a_body_called_as_one_of_the_module_is_listed_from_the_first_call_on() {
    let scope = Scope::new();
    let listed = |reason| {
        let labels = [("operation", "kiosk_login"), ("failure_reason", reason)];
        scope.snapshot().value("auth_operation_failures_total", &labels)
    };
    assert_eq!((listed("account_locked"), listed("session_expired")), (Some(0.0), None));
    let (plain, metered) = both!(scope, code => code::bodies::kiosk());
    assert_same(&plain, &metered);
    assert_eq!((listed("account_locked"), listed("session_expired")), (Some(0.0), Some(1.0)));
}
