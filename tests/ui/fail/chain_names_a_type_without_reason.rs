//! A type in a chain says its own reason, or a function says it.

use auth_metrics::{Outcome, auth_metered, reason_chain};

fn outcome<T>(result: &anyhow::Result<T>) -> Outcome {
    Outcome::from_result(result, |error| reason_chain!(error; std::num::ParseIntError, std::io::Error => kind))
}

fn kind(error: &std::io::Error) -> std::io::ErrorKind {
    error.kind()
}

#[auth_metered(op = "login", classify = outcome)]
async fn login() -> anyhow::Result<u8> {
    Ok(1)
}

fn main() {}
