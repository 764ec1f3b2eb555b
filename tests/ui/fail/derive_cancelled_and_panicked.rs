//! A variant of that name needs a reason that a value can stand for.

use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(cancelled)]
    Aborted,
    #[reason(panicked)]
    Bug,
    Cancelled,
    Panicked,
}

fn main() {}
