use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason]
    Bare,
    #[reason()]
    Empty,
    #[reason(42)]
    Number,
    #[reason(Reason::Timeout)]
    Path,
    #[reason(from = by_code)]
    UnknownArgument(u8),
}

fn main() {}
