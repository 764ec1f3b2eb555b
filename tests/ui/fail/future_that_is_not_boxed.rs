//! Only a box can hold the future and the attempt around it without a change of its type.

use auth_metrics::auth_metered;

#[auth_metered(op = "login", future)]
fn ready() -> std::future::Ready<Result<(), std::convert::Infallible>> {
    std::future::ready(Ok(()))
}

fn main() {}
