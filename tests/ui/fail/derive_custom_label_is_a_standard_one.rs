use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(custom = "invalid_credentials", fault = client)]
    Wrong,
    #[reason(custom = "TokenExpired", fault = client)]
    Late,
    #[reason(custom = "cancelled", fault = neutral)]
    Cancelled,
}

fn main() {}
