use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason("invalid_credentials")]
    Quoted,
    #[reason("wrong password")]
    Prose,
    #[reason = "invalid_credentials"]
    Assigned,
}

fn main() {}
