//! All of them are reported, and nothing else: an implementation still stands for `needs`.

use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(wrong_pasword)]
    WrongPassword,
    #[reason(cancelled)]
    Aborted,
    Zebra,
    #[reason(transparent)]
    Token(u8, u8),
    #[reason(timeout)]
    #[reason(overloaded)]
    Slow,
}

fn needs<E: FailureReason>() {}

fn main() {
    needs::<LoginError>();
}
