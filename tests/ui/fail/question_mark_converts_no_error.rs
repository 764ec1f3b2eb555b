//! The mistake is shown at the user's `?`.

use std::num::ParseIntError;

use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
#[reason(internal_error)]
pub struct LoginError;

fn parse(code: &str) -> Result<u8, ParseIntError> {
    code.parse()
}

#[auth_metered(op = "sync")]
fn sync(code: &str) -> Result<u8, LoginError> {
    let code = parse(code)?;
    Ok(code)
}

#[auth_metered(op = "asynchronous")]
async fn asynchronous(code: &str) -> Result<u8, LoginError> {
    let code = parse(code)?;
    Ok(code)
}

#[auth_metered(op = "no_result", classify = by_length)]
async fn no_result(code: &str) -> usize {
    parse(code)?;
    1
}

fn by_length(_: &usize) -> auth_metrics::Outcome {
    auth_metrics::Outcome::Success
}

fn main() {}
