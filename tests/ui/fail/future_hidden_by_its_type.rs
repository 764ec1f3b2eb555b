//! Without the argument `future`, a hidden future looks like a value that says nothing.

use std::pin::Pin;

use auth_metrics::auth_metered;

type Boxed = Pin<Box<dyn Future<Output = Result<u8, std::convert::Infallible>>>>;

#[auth_metered(op = "login")]
fn login() -> Boxed {
    Box::pin(async { Ok(1) })
}

fn main() {}
