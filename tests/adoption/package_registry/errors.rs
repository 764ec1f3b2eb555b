//! The trait of all errors, the boxes, and the functions that make them.

use std::error::Error;
use std::fmt;

use auth_metrics::{FailureReason, Reason, ReasonSet, reason_chain, reasons};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub type BoxedAppError = Box<dyn AppError>;

pub type AppResult<T> = Result<T, BoxedAppError>;

pub trait AppError: Send + fmt::Display + fmt::Debug + 'static {
    fn response(&self) -> Response;

    /// The one method that metrics ask for. Without one of its own an error says what its response says.
    fn reason(&self) -> Reason {
        reasons::http1(&self.response().status())
    }
}

impl FailureReason for dyn AppError {
    const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::AccountLocked,
        Reason::InvalidCredentials,
        Reason::MissingCredentials,
        Reason::TokenClaimMismatch,
    ])
    .union(why::REASONS)
    .union(reasons::http1::REASONS);

    fn failure_reason(&self) -> Reason {
        self.reason()
    }
}

impl IntoResponse for BoxedAppError {
    fn into_response(self) -> Response {
        self.response()
    }
}

reason_chain! {
    /// What `?` makes of an error of another crate.
    fn why(error: &(dyn Error + 'static)) {
        diesel::result::Error => reasons::diesel2,
        jsonwebtoken::errors::Error => reasons::jsonwebtoken11,
        _ => internal_error,
    }
}

/// Any error can be one: it is a 500.
impl<E: Error + Send + 'static> AppError for E {
    fn response(&self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
    }

    fn reason(&self) -> Reason {
        why(self)
    }
}

impl<E: AppError> From<E> for BoxedAppError {
    fn from(error: E) -> BoxedAppError {
        Box::new(error)
    }
}

/// An error with a status and a text.
#[derive(Debug)]
struct Custom {
    status: StatusCode,
    detail: String,
    reason: Option<Reason>,
}

impl fmt::Display for Custom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.detail)
    }
}

impl AppError for Custom {
    fn response(&self) -> Response {
        (self.status, self.detail.clone()).into_response()
    }

    fn reason(&self) -> Reason {
        self.reason.unwrap_or_else(|| reasons::http1(&self.status))
    }
}

pub fn custom(status: StatusCode, detail: impl Into<String>) -> BoxedAppError {
    Box::new(Custom { status, detail: detail.into(), reason: None })
}

pub fn bad_request(detail: impl Into<String>) -> BoxedAppError {
    custom(StatusCode::BAD_REQUEST, detail)
}

fn forbidden(detail: &str, reason: Reason) -> BoxedAppError {
    Box::new(Custom { status: StatusCode::FORBIDDEN, detail: detail.to_owned(), reason: Some(reason) })
}

pub fn insecurely_generated_or_unknown_token() -> BoxedAppError {
    forbidden("authentication failed", Reason::InvalidCredentials)
}

pub fn missing_token() -> BoxedAppError {
    forbidden("this action requires authentication", Reason::MissingCredentials)
}

pub fn out_of_scope() -> BoxedAppError {
    forbidden("this token does not have the required permissions", Reason::PermissionDenied)
}

pub fn account_locked() -> BoxedAppError {
    forbidden("This account is locked", Reason::AccountLocked)
}

pub fn unexpected_claim(detail: &str) -> BoxedAppError {
    forbidden(detail, Reason::TokenClaimMismatch)
}
