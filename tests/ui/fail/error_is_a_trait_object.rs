//! Trait objects of one's own: the trait has a reason, or it has not.

use std::sync::Arc;

use auth_metrics::auth_metered;

pub trait AppError {}

type Shared = Arc<dyn AppError + Send + Sync>;

#[auth_metered(op = "login")]
async fn login() -> Result<u8, Box<dyn AppError>> {
    Ok(1)
}

#[auth_metered(op = "check")]
fn check() -> Result<u8, Shared> {
    Ok(1)
}

fn main() {}
