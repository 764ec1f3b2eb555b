//! What is no `Result` as it is written, and what turns out to be none.

use auth_metrics::{Reason, auth_metered};

pub struct Foreign;

type Answer = Option<u8>;

#[auth_metered(op = "flag", false_is = invalid_credentials, reason = why)]
fn flag() -> bool {
    true
}

#[auth_metered(op = "option", none_is = unknown_subject, reason = why)]
async fn option() -> Option<u8> {
    None
}

#[auth_metered(op = "number", reason = why)]
fn number() -> u8 {
    1
}

#[auth_metered(op = "alias", reason = why)]
fn alias() -> Answer {
    None
}

fn why(_: &Foreign) -> Reason {
    Reason::TokenExpired
}

fn main() {}
