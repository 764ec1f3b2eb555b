//! What tests need from another crate: an annotated function that nobody calls.

use auth_metrics::{FailureReason, auth_metered};

pub mod spelled;

/// The error of [`never_called`].
#[derive(Debug, FailureReason)]
pub enum DormantError {
    /// One reason.
    TokenRevoked,
    /// Another.
    #[reason(account_disabled)]
    Gone,
    /// One of this crate's own.
    #[reason(custom = "dormant_only", fault = server)]
    Asleep,
}

/// Never called, in a library that is linked for its other items only: it must be in every scrape all the same.
///
/// # Errors
///
/// Always.
#[auth_metered(op = "dormant")]
pub async fn never_called() -> Result<(), DormantError> {
    Err(DormantError::Gone)
}

/// Links this library into a test without touching the function above.
pub const LINKED: &str = "linked";
