use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    WrongPassword,
    UserNotFound { name: String },
    Zebra(u8),
    RateLimited,
}

fn main() {}
