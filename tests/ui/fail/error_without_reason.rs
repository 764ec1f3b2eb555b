//! The most common mistake: the derive is missing.

use auth_metrics::auth_metered;

pub enum LoginError {
    WrongPassword,
}

#[auth_metered(op = "login")]
async fn login(password: &str) -> Result<u8, LoginError> {
    if password.is_empty() { Err(LoginError::WrongPassword) } else { Ok(1) }
}

fn main() {}
