use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub struct TokenError {
    pub line: u32,
}

#[derive(FailureReason)]
pub struct RateLimited;

fn main() {}
