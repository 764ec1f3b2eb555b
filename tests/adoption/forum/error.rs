//! One error for everything: what the client is told, and whatever it was made from.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use auth_metrics::{FailureReason, Reason, ReasonSet, reason_chain, reasons};

#[derive(Clone, Debug, PartialEq, Eq, FailureReason)]
pub enum LemmyErrorType {
    #[reason(invalid_credentials)]
    IncorrectLogin,
    #[reason(missing_credentials)]
    NotLoggedIn,
    #[reason(account_unverified)]
    EmailNotVerified,
    #[reason(account_unverified)]
    RegistrationApplicationIsPending,
    #[reason(account_disabled)]
    SiteBan,
    #[reason(mfa_required)]
    MissingTotpToken,
    #[reason(mfa_invalid)]
    IncorrectTotpToken,
    #[reason(rate_limited)]
    RateLimitError,
    #[reason(unknown_subject)]
    NotFound,
    #[reason(malformed_request)]
    InvalidPassword,
    #[reason(malformed_request)]
    UsernameAlreadyTaken,
    #[reason(internal_error)]
    CouldntCreateComment,
    #[reason(unknown)]
    UnknownError(String),
}

pub type LemmyResult<T> = Result<T, LemmyError>;

pub struct LemmyError {
    pub error_type: LemmyErrorType,
    pub inner: anyhow::Error,
}

impl<T: Into<anyhow::Error>> From<T> for LemmyError {
    fn from(cause: T) -> LemmyError {
        let inner = cause.into();
        let error_type = match inner.downcast_ref::<diesel::result::Error>() {
            Some(diesel::result::Error::NotFound) => LemmyErrorType::NotFound,
            _ => LemmyErrorType::UnknownError(inner.to_string()),
        };
        LemmyError { error_type, inner }
    }
}

impl From<LemmyErrorType> for LemmyError {
    fn from(error_type: LemmyErrorType) -> LemmyError {
        let inner = anyhow::anyhow!("{error_type:?}");
        LemmyError { error_type, inner }
    }
}

pub trait LemmyErrorExt<T> {
    /// Says what the client is told, whatever it was.
    fn with_lemmy_type(self, error_type: LemmyErrorType) -> LemmyResult<T>;
}

impl<T, E: Into<anyhow::Error>> LemmyErrorExt<T> for Result<T, E> {
    fn with_lemmy_type(self, error_type: LemmyErrorType) -> LemmyResult<T> {
        self.map_err(|error| LemmyError { error_type, inner: error.into() })
    }
}

reason_chain! {
    /// What it was made from, if that is known: it says more than what the client is told.
    fn cause(error: &anyhow::Error) {
        jsonwebtoken::errors::Error => reasons::jsonwebtoken10,
        bcrypt::BcryptError => reasons::bcrypt019,
        diesel::result::Error => reasons::diesel2,
        _ => unknown,
    }
}

impl FailureReason for LemmyError {
    const REASONS: ReasonSet = LemmyErrorType::REASONS
        .union(reasons::jsonwebtoken10::REASONS)
        .union(reasons::bcrypt019::REASONS)
        .union(reasons::diesel2::REASONS);

    fn failure_reason(&self) -> Reason {
        match cause(&self.inner) {
            Reason::Unknown => self.error_type.failure_reason(),
            known => known,
        }
    }
}

impl fmt::Debug for LemmyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.error_type)
    }
}

impl fmt::Display for LemmyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {}", self.error_type, self.inner)
    }
}

impl ResponseError for LemmyError {
    fn status_code(&self) -> StatusCode {
        match self.error_type {
            LemmyErrorType::IncorrectLogin | LemmyErrorType::NotLoggedIn => StatusCode::UNAUTHORIZED,
            LemmyErrorType::NotFound => StatusCode::NOT_FOUND,
            LemmyErrorType::RateLimitError => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).body(format!("{:?}", self.error_type))
    }
}
