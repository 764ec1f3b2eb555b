use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
#[reason(internal_error, crate = "auth_metrics")]
pub struct LoginError;

#[auth_metered(op = "login", crate = "auth_metrics")]
fn login() -> Result<(), LoginError> {
    Ok(())
}

fn main() {}
