//! A future that is neither boxed nor ready has no room for the attempt.

use auth_metrics::auth_metered;

#[auth_metered(op = "login", future)]
fn pending() -> std::future::Pending<Result<(), std::convert::Infallible>> {
    std::future::pending()
}

fn main() {}
