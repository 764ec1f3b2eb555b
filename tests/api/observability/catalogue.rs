//! A binary whose operations can give every reason.

use auth_metrics::catalogue::Catalogue;
use auth_metrics::{AuthMetrics, AuthMetricsBuilder, FailureReason, Outcome, Reason, auth_metered};

#[derive(FailureReason)]
enum LoginError {
    InvalidCredentials,
    AccountLocked,
}

#[auth_metered(op = "login")]
fn login() -> Result<(), LoginError> {
    Err(if cfg!(debug_assertions) { LoginError::AccountLocked } else { LoginError::InvalidCredentials })
}

/// Any reason is possible.
#[auth_metered(op = "verify", kind = token, classify = any)]
fn verify() -> u8 {
    0
}

fn any(_: &u8) -> Outcome {
    Outcome::Failure(Reason::TokenExpired)
}

/// Nobody calls them, and they are in the catalogue all the same.
pub(crate) const CALLED: [fn(); 2] = [|| drop(login()), || assert_eq!(verify(), 0)];

pub(crate) fn builder() -> AuthMetricsBuilder {
    AuthMetrics::builder().service_id("gateway")
}

pub(crate) fn catalogue() -> Catalogue {
    assert_eq!(CALLED.len(), 2);
    builder().build().unwrap().catalogue()
}
