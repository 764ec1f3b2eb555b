use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(timeout, overloaded)]
    InOneAttribute,
    #[reason(timeout)]
    #[reason(overloaded)]
    InTwoAttributes,
    #[reason(internal_error)]
    OnTheFieldToo(#[reason(transparent)] TokenError),
}

#[derive(FailureReason)]
#[reason(token_expired)]
pub struct TokenError;

fn main() {}
