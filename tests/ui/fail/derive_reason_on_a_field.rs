use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    Code(#[reason(invalid_credentials)] u8),
}

#[derive(FailureReason)]
pub struct TokenError {
    #[reason(token_expired)]
    pub line: u32,
}

fn main() {}
