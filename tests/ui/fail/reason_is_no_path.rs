use auth_metrics::{Reason, auth_metered};

pub struct Foreign;

#[auth_metered(op = "verify", reason = |error| why(error))]
fn closure() -> Result<u8, Foreign> {
    Ok(1)
}

#[auth_metered(op = "verify", reason = "why")]
fn quoted() -> Result<u8, Box<dyn std::error::Error>> {
    Ok(1)
}

#[auth_metered(op = "verify", reason = why(&Foreign))]
fn called() -> Result<u8, Foreign> {
    Ok(1)
}

#[auth_metered(op = "verify", reason)]
fn missing() -> Result<u8, Foreign> {
    Ok(1)
}

fn why(_: &Foreign) -> Reason {
    Reason::TokenExpired
}

fn main() {}
