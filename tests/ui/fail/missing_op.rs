//! The message offers the function's own name.

use auth_metrics::auth_metered;

#[auth_metered]
fn verify_totp() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(kind = token)]
fn _2fa() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
