//! A function that takes the value itself would take it away from the caller.

use auth_metrics::{Outcome, auth_metered};

#[auth_metered(op = "check", classify = by_status)]
fn check() -> u16 {
    200
}

fn by_status(_: u16) -> Outcome {
    Outcome::Success
}

fn main() {}
