use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(transparent)]
    TwoFields(TokenError, u8),
    #[reason(transparent)]
    TwoNamedFields { cause: TokenError, line: u32 },
    #[reason(transparent)]
    NoField,
    #[reason(with = auth_metrics::reasons::io)]
    WithTwoFields(std::io::Error, u8),
}

#[derive(FailureReason)]
#[reason(token_expired)]
pub struct TokenError;

fn main() {}
