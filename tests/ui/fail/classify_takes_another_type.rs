use auth_metrics::{Outcome, auth_metered};

#[auth_metered(op = "sync", classify = by_status)]
fn sync() -> u16 {
    200
}

#[auth_metered(op = "asynchronous", classify = by_status)]
async fn asynchronous() -> u16 {
    200
}

fn by_status(_: &u32) -> Outcome {
    Outcome::Success
}

fn main() {}
