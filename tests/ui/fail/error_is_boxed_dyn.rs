//! An error that can be anything has no reason of its own.

use std::sync::Arc;

use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
async fn login(code: &str) -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Ok(code.parse()?)
}

#[auth_metered(op = "check")]
fn check() -> Result<(), Arc<dyn std::error::Error>> {
    Ok(())
}

fn main() {}
