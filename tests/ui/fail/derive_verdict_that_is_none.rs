use auth_metrics::{FailureReason, Verdict};

#[derive(Verdict)]
pub enum Denied {
    InvalidCredentials,
    #[reason(account_locked)]
    Locked,
}

#[derive(Verdict)]
pub struct Page {
    pub status: u16,
}

#[derive(Verdict)]
pub enum Answer {
    Success,
    Welcome,
    #[reason(transparent)]
    Field(#[reason(success)] u8),
}

#[derive(FailureReason)]
pub enum LoginError {
    Success,
    #[reason(success)]
    Fine,
}

fn main() {}
