use auth_metrics::auth_metered;

#[auth_metered(op = "login")]
mod login {}

#[auth_metered(op = "login")]
const LIMIT: u8 = 1;

#[auth_metered(op = "login")]
static NAME: &str = "login";

#[auth_metered(op = "login")]
type Login = u8;

#[auth_metered(op = "login")]
pub use std::collections;

#[auth_metered(op = "login")]
unsafe extern "C" {}

#[auth_metered(op = "login")]
macro_rules! nothing {
    () => {};
}

fn main() {
    nothing!();
    let _: (Login, &str) = (LIMIT, NAME);
}
