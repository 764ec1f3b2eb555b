//! Handles that stand still and handles that have seen everything, for the tests beside this.

use std::time::Duration;

use auth_metrics::{
    AuthMetrics, Builder, Clock, FailureReason, Kind, Method, Outcome, Reason, ReasonSet, auth_metered,
};

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
pub(crate) fn builder() -> Builder {
    AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::ZERO))
}

pub(crate) fn handle() -> AuthMetrics {
    builder().build().unwrap()
}

/// Records into every family, several services and several operations; one attempt of `login` stays in flight.
pub(crate) fn busy(metrics: &AuthMetrics) -> auth_metrics::Attempt {
    metrics.declare::<LoginError>("login");
    metrics.declare_as::<LoginError>("verify", Kind::Token);
    metrics.declare_as::<LoginError>("authorise", Kind::Authorization);
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
    assert!(metrics.in_scope(|| sourced(Method::Passkey)).is_ok());
    metrics.attempt("login")
}

#[auth_metered(op = "sourced", source = method)]
fn sourced(method: Method) -> Result<Method, LoginError> {
    Ok(method)
}
