use auth_metrics::{FailureReason, Outcome, Reason, auth_metered};

#[derive(FailureReason)]
pub enum LoginError {
    Timeout,
}

fn by_status(status: &u16) -> Outcome {
    if *status < 400 { Outcome::Success } else { Outcome::Failure(Reason::InternalError) }
}

fn reason(_: &u32) -> Reason {
    Reason::InternalError
}

#[auth_metered(op = "login", verdict = by_status)]
async fn login() -> Result<u32, LoginError> {
    Err(LoginError::Timeout)
}

#[auth_metered(op = "log_on", verdict = reason)]
async fn log_on() -> Result<u32, LoginError> {
    Ok(1)
}

fn main() {}
