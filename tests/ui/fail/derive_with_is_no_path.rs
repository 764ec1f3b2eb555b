use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(with = |code| by_code(code))]
    Closure(u8),
    #[reason(with = "by_code")]
    Quoted(u8),
    #[reason(with(by_code))]
    Parenthesised(u8),
    #[reason(with)]
    Alone(u8),
    #[reason(with = )]
    Nothing(u8),
}

fn main() {}
