//! An alias hides from the attribute that the error can be any.

use auth_metrics::auth_metered;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[auth_metered(op = "login")]
async fn login(code: &str) -> Result<u8, BoxError> {
    Ok(code.parse()?)
}

fn main() {}
