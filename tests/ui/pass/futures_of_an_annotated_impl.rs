//! The block says what `Self::Future` is, so that no argument is needed, and the reasons are known.

use std::future::{Ready, ready};
use std::pin::Pin;

use auth_metrics::{AuthMetrics, FailureReason, Reason, auth_metered};

#[derive(Debug, FailureReason)]
enum SessionError {
    SessionExpired,
}

trait Extract: Sized {
    type Error;
    type Future: Future<Output = Result<Self, Self::Error>>;

    fn extract(header: &str) -> Self::Future;
}

struct Session;

#[auth_metered]
impl Extract for Session {
    type Error = SessionError;
    type Future = Ready<Result<Self, Self::Error>>;

    #[op("session")]
    fn extract(header: &str) -> Self::Future {
        ready(if header.is_empty() { Err(SessionError::SessionExpired) } else { Ok(Session) })
    }
}

struct Slow;

#[auth_metered]
impl Extract for Slow {
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Slow, SessionError>>>>;

    #[op("slow")]
    fn extract(header: &str) -> Self::Future {
        let is_empty = header.is_empty();
        Box::pin(async move { if is_empty { Err(SessionError::SessionExpired) } else { Ok(Slow) } })
    }
}

fn main() {
    let metrics = AuthMetrics::builder().build().unwrap();
    let catalogue = metrics.catalogue();
    for op in ["session", "slow"] {
        let operation = catalogue.get(op).unwrap();
        assert!(!operation.has_unknown_reasons(), "{op}");
        assert!(operation.reasons().contains(Reason::SessionExpired));
        assert!(!operation.reasons().contains(Reason::AccountLocked));
    }
    let _ = (Session::extract(""), Slow::extract(""));
}
