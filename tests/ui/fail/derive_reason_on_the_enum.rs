use auth_metrics::FailureReason;

#[derive(FailureReason)]
#[reason(internal_error)]
pub enum LoginError {
    Timeout,
}

fn main() {}
