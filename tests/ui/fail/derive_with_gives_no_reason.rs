use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(with = label_of)]
    Code(u8),
}

fn label_of(_: &u8) -> &'static str {
    "timeout"
}

fn main() {}
