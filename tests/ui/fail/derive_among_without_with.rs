use auth_metrics::{FailureReason, Reason};

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(among(timeout))]
    Alone,
    #[reason(with = by_code, among(timeot, cancelled))]
    UnknownLabels(u8),
    #[reason(with = by_code, among = timeout)]
    Assigned(u8),
    #[reason(with = by_code, among())]
    Empty(u8),
}

fn by_code(_: &u8) -> Reason {
    Reason::Timeout
}

fn main() {
    let _ = by_code(&1);
}
