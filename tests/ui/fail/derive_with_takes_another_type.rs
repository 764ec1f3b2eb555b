use auth_metrics::{FailureReason, Reason};

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(with = by_text)]
    Code(u8),
    #[reason(with = by_value)]
    Status(u16),
}

fn by_text(_: &str) -> Reason {
    Reason::Timeout
}

fn by_value(_: u16) -> Reason {
    Reason::Timeout
}

fn main() {}
