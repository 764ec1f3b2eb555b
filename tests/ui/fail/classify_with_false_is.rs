use auth_metrics::{Outcome, auth_metered};

#[auth_metered(op = "check", classify = by_flag, false_is = invalid_credentials)]
fn check() -> bool {
    true
}

#[auth_metered(op = "find", none_is = unknown_subject, classify = by_option)]
fn find() -> Option<u8> {
    None
}

fn by_flag(_: &bool) -> Outcome {
    Outcome::Success
}

fn by_option(_: &Option<u8>) -> Outcome {
    Outcome::Success
}

fn main() {}
