use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(invalid_credential)]
    Typo,
    #[reason(expired_token)]
    Swapped,
    #[reason(wrong_pasword)]
    OftenSaid,
    #[reason(InvalidCredentials)]
    AsAVariant,
    #[reason(zebra)]
    NothingNear,
}

#[derive(FailureReason)]
#[reason(acount_locked)]
pub struct Locked;

fn main() {}
