use auth_metrics::{Outcome, Reason, auth_metered};

pub struct Foreign;

#[auth_metered(op = "verify", reason = why, classify = whole)]
fn verify() -> Result<u8, Foreign> {
    Ok(1)
}

pub struct Service;

#[auth_metered(classify = whole, reason = why)]
impl Service {
    #[op("verify_again")]
    fn verify(&self) -> Result<u8, Foreign> {
        Ok(1)
    }
}

fn why(_: &Foreign) -> Reason {
    Reason::TokenExpired
}

fn whole(_: &Result<u8, Foreign>) -> Outcome {
    Outcome::Success
}

fn main() {}
