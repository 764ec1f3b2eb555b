use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
pub enum LoginError {
    Timeout,
}

pub enum AuthState {
    Denied,
}

type Answer = Result<AuthState, LoginError>;

#[auth_metered(op = "login", verdict)]
async fn login() -> Result<AuthState, LoginError> {
    Ok(AuthState::Denied)
}

#[auth_metered(op = "log_on", verdict)]
fn log_on() -> Answer {
    Err(LoginError::Timeout)
}

#[auth_metered(op = "log_in", verdict)]
fn log_in() -> AuthState {
    AuthState::Denied
}

fn main() {}
