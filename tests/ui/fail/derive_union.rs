use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub union LoginError {
    code: u8,
    status: i8,
}

fn main() {}
