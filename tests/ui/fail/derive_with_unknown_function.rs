use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(with = by_code)]
    Code(u8),
    #[reason(with = auth_metrics::reasons::sqlite)]
    Database(u8),
}

fn main() {}
