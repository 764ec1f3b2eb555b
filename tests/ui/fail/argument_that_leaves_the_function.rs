//! Where nobody observes, the argument is not evaluated: the function must not end there for it.

use auth_metrics::auth_metered;

#[auth_metered(op = "asks", subject = token.parse::<u64>()?)]
fn asks(token: &str) -> Result<u64, std::num::ParseIntError> {
    token.parse()
}

#[auth_metered(op = "waits", session = session().await)]
async fn waits() -> Result<u64, std::convert::Infallible> {
    Ok(session().await)
}

#[auth_metered(op = "returns", device = { if name.is_empty() { return Ok(0) } name })]
fn returns(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

async fn session() -> u64 {
    7
}

fn main() {}
