//! `reason_chain!` where people write it, under the lints they have.
#![deny(warnings, unused_qualifications, unused_imports)]

use std::error::Error;

use auth_metrics::{FailureReason, Outcome, Reason, auth_metered, reason_chain, reasons};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    AccountLocked,
    #[reason(with = why)]
    Other(anyhow::Error),
}

impl std::fmt::Display for LoginError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for LoginError {}

fn why(error: &anyhow::Error) -> Reason {
    auth_metrics::reason_chain! { error; std::io::Error => reasons::io }
}

fn outcome<T>(result: &anyhow::Result<T>) -> Outcome {
    Outcome::from_result(result, |error| reason_chain!(error; LoginError, std::io::Error => reasons::io))
}

#[auth_metered(op = "anyhow", classify = outcome)]
async fn with_anyhow(fail: bool) -> anyhow::Result<u8> {
    if fail { anyhow::bail!(LoginError::AccountLocked) } else { Ok(1) }
}

#[auth_metered(op = "in_a_variant")]
fn in_a_variant() -> Result<(), LoginError> {
    Err(LoginError::Other(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
}

#[auth_metered(op = "boxed", classify = of_boxed)]
fn boxed(text: &str) -> Result<u8, Box<dyn Error>> {
    Ok(text.parse()?)
}

fn of_boxed<T>(result: &Result<T, Box<dyn Error>>) -> Outcome {
    Outcome::from_result(
        result,
        |error| reason_chain!(error; std::num::ParseIntError => |_| Reason::MalformedRequest),
    )
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = auth_metrics::testing::Scope::new();
    scope
        .run(async {
            assert!(with_anyhow(true).await.is_err());
            assert!(in_a_variant().is_err());
            assert!(boxed("x").is_err());
        })
        .await;
    let snapshot = scope.snapshot();
    for (operation, reason) in
        [("anyhow", "account_locked"), ("in_a_variant", "timeout"), ("boxed", "malformed_request")]
    {
        let labels = [("operation", operation), ("failure_reason", reason)];
        assert_eq!(snapshot.value("auth_operation_failures_total", &labels), Some(1.0), "{operation}");
    }
}
