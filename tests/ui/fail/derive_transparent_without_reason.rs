use auth_metrics::FailureReason;

pub struct TokenError;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(transparent)]
    Token(TokenError),
    Disk {
        #[reason(transparent)]
        cause: std::fmt::Error,
    },
}

fn main() {}
