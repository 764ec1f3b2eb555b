//! What a client is told when the answer is no: as little as possible. The precise reason is in the metrics.

use auth_metrics::{FailureReason, Fault, Reason};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::risk::Challenge;

/// The five ways to say no. None of them tells whether an account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Who are you?
    Unauthenticated,
    /// We know who you are, and you may not.
    Forbidden,
    /// This is no request we take.
    Malformed,
    /// Come back later.
    TooMany,
    /// Our fault.
    Unavailable,
}

/// Every error of the service knows its reason, so one conversion serves them all.
impl<E: FailureReason> From<E> for Refusal {
    fn from(error: E) -> Self {
        match error.failure_reason() {
            Reason::MalformedRequest => Self::Malformed,
            Reason::RateLimited => Self::TooMany,
            Reason::PermissionDenied => Self::Forbidden,
            reason if matches!(reason.fault(), Fault::Server | Fault::Unknown) => Self::Unavailable,
            _ => Self::Unauthenticated,
        }
    }
}

/// The answer to a login that needs a proof of work first: the client appends a colon and a number to the challenge, such that the
/// SHA-256 of that text begins with so many zero bits, and tries again.
pub(super) fn with_challenge(challenge: &Challenge) -> Response {
    let work = json!({ "challenge": challenge.text, "bits": challenge.bits });
    let body = json!({ "error": "solve the proof of work and try again", "proof_of_work": work });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

impl Refusal {
    fn say(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthenticated => {
                (StatusCode::UNAUTHORIZED, "sign in first, with credentials that are right")
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "you may not do that"),
            Self::Malformed => (StatusCode::BAD_REQUEST, "this request can't be taken"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too many requests, try again later"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "try again later"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, text) = self.say();
        let mut response = (status, Json(json!({ "error": text }))).into_response();
        match self {
            Self::Unauthenticated => {
                let scheme = header::HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            }
            Self::TooMany => {
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_metrics::ReasonSet;

    struct Any(Reason);

    impl FailureReason for Any {
        const REASONS: ReasonSet = ReasonSet::ALL;

        fn failure_reason(&self) -> Reason {
            self.0
        }
    }

    #[test]
    fn what_reveals_an_account_is_answered_like_a_wrong_password() {
        // Permission is refused to callers only whose token was right.
        let is_known = |reason: &&Reason| **reason == Reason::PermissionDenied;
        let revealing = Reason::ALL.iter().filter(|reason| reason.reveals_account() && !is_known(reason));
        for reason in revealing.chain([&Reason::InvalidCredentials]) {
            assert_eq!(Refusal::from(Any(*reason)), Refusal::Unauthenticated, "{reason:?}");
        }
    }

    #[test]
    fn only_our_own_faults_are_answered_as_ours() {
        for reason in Reason::ALL {
            let ours = matches!(reason.fault(), Fault::Server | Fault::Unknown);
            assert_eq!(Refusal::from(Any(*reason)) == Refusal::Unavailable, ours, "{reason:?}");
        }
    }
}
