//! The body alone.

use super::{Contender, Counted, Login, body, drive};

pub struct Bare;

async fn login(n: u64) -> Login {
    body(n)
}

impl Contender for Bare {
    fn name(&self) -> &'static str {
        "bare body"
    }

    fn run(&self, calls: u64) {
        drive(calls, login);
    }

    fn counted(&self) -> Option<Counted> {
        None
    }
}
