use auth_metrics::FailureReason;

mod facade {}

#[derive(FailureReason)]
#[reason(internal_error, crate = facade)]
pub struct LoginError;

fn main() {}
