//! The error inside of an `Ok` says its own reason, or `classify` reads both.

use auth_metrics::{Reason, auth_metered};

pub struct Foreign;
pub struct Inner;

#[auth_metered(op = "nested", reason = why)]
fn nested() -> Result<Result<u8, Inner>, Foreign> {
    Ok(Ok(1))
}

#[auth_metered(op = "boxed", reason = why)]
fn boxed() -> Result<Result<u8, Box<dyn std::error::Error>>, Foreign> {
    Ok(Ok(1))
}

fn why(_: &Foreign) -> Reason {
    Reason::TokenExpired
}

fn main() {}
