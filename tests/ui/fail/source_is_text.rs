//! What a request carries must not become a label.

use auth_metrics::auth_metered;

#[auth_metered(op = "login", source = user)]
async fn string(user: String) -> Result<usize, std::convert::Infallible> {
    Ok(user.len())
}

#[auth_metered(op = "login", source = "password")]
fn literal() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
