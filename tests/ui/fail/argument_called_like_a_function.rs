//! Values stand after `=`, as in most attributes.

use auth_metrics::auth_metered;

#[auth_metered(op("login"), kind(token))]
fn login() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
