//! An error of another crate that can hold any other.

use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
async fn login() -> anyhow::Result<u8> {
    Ok(1)
}

fn main() {}
