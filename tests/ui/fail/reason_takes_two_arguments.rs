use auth_metrics::{Reason, auth_metered};

pub struct Foreign;

#[auth_metered(op = "more", reason = with_a_code)]
fn more() -> Result<u8, Foreign> {
    Ok(1)
}

#[auth_metered(op = "fewer", reason = always)]
async fn fewer() -> Result<u8, Foreign> {
    Ok(1)
}

fn with_a_code(_: &Foreign, _: u8) -> Reason {
    Reason::TokenExpired
}

fn always() -> Reason {
    Reason::TokenExpired
}

fn main() {}
