//! Handles that stand still and handles that have seen everything, for the tests beside this.

use std::time::{Duration, SystemTime};

use auth_metrics::{
    AuthMethod, AuthMetrics, AuthMetricsBuilder, Clock, FailureReason, OperationKind, Outcome, Reason,
    ReasonSet, ShadowDecision, auth_metered,
};
use auth_metrics_credentials::RecordCredentials;
use auth_metrics_credentials::{Credential, CredentialTracker};
use auth_metrics_credentials::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome};

/// The error of logins that tests declare.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoginError;

impl FailureReason for LoginError {
    const REASONS: ReasonSet =
        ReasonSet::of(&[Reason::InvalidCredentials, Reason::UnknownSubject, Reason::DependencyUnavailable]);

    fn failure_reason(&self) -> Reason {
        Reason::InvalidCredentials
    }
}

/// A handle for the service `gateway` whose clock stands still: every attempt takes no time.
pub(crate) fn builder() -> AuthMetricsBuilder {
    AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::ZERO))
}

pub(crate) fn handle() -> AuthMetrics {
    builder().build().unwrap()
}

/// Records into every family, several services and several operations; one attempt of `login` stays in flight.
pub(crate) fn busy(metrics: &AuthMetrics) -> auth_metrics::Attempt {
    metrics.declare::<LoginError>("login");
    metrics.declare_as::<LoginError>("verify", OperationKind::Token);
    metrics.declare_as::<LoginError>("authorise", OperationKind::Authorization);
    for op in ["login", "verify", "authorise"] {
        for service in ["gateway", "orders"] {
            metrics.attempt_for(service, op).finish(Outcome::Success);
            metrics.attempt_for(service, op).finish(Outcome::Failure(Reason::InvalidCredentials));
            metrics.attempt_for(service, op).finish(Outcome::Failure(Reason::DependencyUnavailable));
            metrics.attempt_for(service, op).finish(Outcome::Failure(Reason::MfaRequired));
            drop(metrics.attempt_for(service, op));
        }
    }
    metrics.record_service_registration("orders");
    metrics.record_successful_auth("orders");
    metrics.record_failed_auth("orders", Reason::AccountLocked);
    metrics.record_auth_latency("orders", "by_hand", Duration::from_millis(30));
    metrics.record_successful_token_verification("orders");
    metrics.record_failed_token_verification("orders", Reason::TokenExpired);
    metrics.record_rate_limit_exceeded("orders");
    metrics.update_rate_limit_usage(
        "orders",
        [("per_minute", 42.5), ("not a name", 1.0), ("per_hour", f64::NAN)],
    );
    life(metrics);
    assert!(metrics.in_scope(|| sourced(AuthMethod::Passkey)).is_ok());
    metrics.attempt("login")
}

/// Records into every family of credentials, keys, decisions and capacities.
fn life(metrics: &AuthMetrics) {
    metrics.update_rate_limit_capacity("orders", [("per_minute", 60.0)]);
    metrics.update_rate_limit_tracked_keys("orders", [("per_minute", 1_200.0)]);
    metrics.record_fail_open("orders", "risk_engine");
    metrics.record_shadow_decision("orders", ShadowDecision::WouldDeny);
    metrics.record_token_key("orders", KeyState::Previous);
    metrics.record_key_fetch("orders", KeyFetch::Success);
    let (kind, second) = (CredentialKind::SigningKey, Duration::from_secs(1));
    let hour = 3_600 * second;
    metrics.record_presented_credential("orders", kind, hour);
    metrics.record_credential_event("orders", kind, CredentialEvent::Rotated);
    metrics.record_credential_rotation("orders", kind, RotationOutcome::Success, hour);
    let soon = Credential::new(kind, "access.tokens")
        .with_not_after(SystemTime::UNIX_EPOCH + 4_000_000_000 * second);
    let soon = soon.with_last_rotated(SystemTime::UNIX_EPOCH).with_rotation_interval(hour);
    CredentialTracker::for_service(metrics, "orders").declare(soon).unwrap();
}

#[auth_metered(op = "sourced", source = method)]
fn sourced(method: AuthMethod) -> Result<AuthMethod, LoginError> {
    Ok(method)
}
