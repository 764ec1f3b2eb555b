use auth_metrics::FailureReason;

#[derive(FailureReason)]
#[reason(token_expired)]
pub struct TokenError;

#[derive(FailureReason)]
pub struct LoginError {
    #[reason(transparent)]
    pub first: TokenError,
    #[reason(transparent)]
    pub second: TokenError,
}

fn main() {}
