//! `cancelled` and `panicked` are what the library finds, never what a value says.

use auth_metrics::auth_metered;

#[auth_metered(op = "check", false_is = cancelled)]
fn check() -> bool {
    true
}

#[auth_metered(op = "find", none_is = panicked)]
fn find() -> Option<u8> {
    None
}

fn main() {}
