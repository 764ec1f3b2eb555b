//! The attribute among others, above and below it, and twice on one function.
#![deny(warnings, unused_must_use)]

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, auth_metered};

#[derive(Debug, FailureReason)]
#[reason(policy_denied)]
pub struct Denied;

/// Documented above.
#[auth_metered(op = "outer")]
#[must_use]
#[auth_metered(op = "inner", kind = authorization)]
/// Documented below.
#[inline]
pub async fn twice(allowed: bool) -> Result<u8, Denied> {
    if allowed { Ok(1) } else { Err(Denied) }
}

#[inline(always)]
#[auth_metered(op = "outer_now")]
#[auth_metered(op = "inner_now", kind = token)]
#[cold]
#[doc(hidden)]
pub fn twice_now(allowed: bool) -> Result<u8, Denied> {
    if allowed { Ok(1) } else { Err(Denied) }
}

#[auth_metered(op = "by_status", classify = by_status)]
#[auth_metered(op = "by_class", kind = authorization, classify = by_class)]
#[must_use]
pub async fn status(code: u16) -> u16 {
    code
}

fn by_status(status: &u16) -> Outcome {
    if *status == 200 { Outcome::Success } else { Outcome::Failure(Reason::PermissionDenied) }
}

fn by_class(status: &u16) -> Outcome {
    if *status < 500 { Outcome::Success } else { Outcome::Failure(Reason::InternalError) }
}

#[auth_metered(op = "answers", false_is = invalid_credentials)]
#[auth_metered(op = "refusals", false_is = success)]
#[track_caller]
#[allow(clippy::bool_comparison)]
fn answer(yes: bool) -> bool {
    #[allow(unused_variables)]
    let unused = 1;
    yes == true
}

#[tokio::main(flavor = "current_thread")]
#[auth_metered(op = "main", metrics = auth_metrics::testing::Scope::new().metrics())]
async fn main() -> Result<(), Denied> {
    let scope = Scope::new();
    scope
        .run(async {
            assert!(twice(false).await.is_err());
            assert!(twice_now(true).is_ok());
            assert_eq!(status(403).await, 403);
            assert!(!answer(false));
        })
        .await;
    let snapshot = scope.snapshot();
    let ended = |operation, outcome| {
        snapshot.value("auth_operations_total", &[("operation", operation), ("outcome", outcome)])
    };
    for (operation, outcome) in [
        ("outer", "rejected"),
        ("inner", "rejected"),
        ("outer_now", "success"),
        ("inner_now", "success"),
        ("by_status", "rejected"),
        ("by_class", "success"),
        ("answers", "rejected"),
        ("refusals", "success"),
    ] {
        assert_eq!(ended(operation, outcome), Some(1.0), "{operation}");
    }
    Ok(())
}
