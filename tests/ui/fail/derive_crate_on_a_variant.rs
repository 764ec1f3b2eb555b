use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(crate = auth_metrics, timeout)]
    Late,
}

fn main() {}
