//! What a scrape shows of the shapes before any of them is called.

use auth_metrics::testing::Scope;

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
