use auth_metrics::{Outcome, Reason, auth_metered};

pub struct Foreign;

#[auth_metered(op = "outcome", reason = outcome)]
fn gives_an_outcome() -> Result<u8, Foreign> {
    Ok(1)
}

#[auth_metered(op = "option", reason = option)]
async fn gives_an_option() -> Result<u8, Foreign> {
    Ok(1)
}

fn outcome(_: &Foreign) -> Outcome {
    Outcome::Failure(Reason::TokenExpired)
}

fn option(_: &Foreign) -> Option<Reason> {
    None
}

fn main() {}
