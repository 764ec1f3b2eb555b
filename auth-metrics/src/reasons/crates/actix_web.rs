//! `actix_web::Error` and whole responses.

use ::actix_web4::Error;

use crate::reasons::{failure_reason, http_status};
use crate::terms::Reason;

/// The reason of an error of actix-web 4, by the status that it answers with: as
/// [`http_status`](fn@crate::reasons::http_status) reads it.
///
/// An error of your own that is a `ResponseError` says more as a [`FailureReason`](trait@crate::FailureReason) of its own,
/// before it becomes this one.
///
/// ```
/// use auth_metrics::{Reason, auth_metered, reasons};
/// # use actix_web4 as actix_web;
/// use actix_web::{Error, error};
///
/// assert_eq!(reasons::actix_web4(&error::ErrorForbidden("read only")), Reason::PermissionDenied);
///
/// #[auth_metered(op = "login")] // `Error` is a `FailureReason`
/// async fn login(password: &str) -> Result<String, Error> {
///     if password == "correct horse" { Ok("session".to_owned()) } else { Err(error::ErrorUnauthorized("wrong")) }
/// }
/// ```
pub fn actix_web4(error: &Error) -> Reason {
    http_status(&error.as_response_error().status_code().as_u16())
}

failure_reason!(Error, actix_web4);

/// Whole responses, and the reasons that [`actix_web4`](fn@actix_web4) can give.
pub mod actix_web4 {
    use ::actix_web4::HttpResponse;

    use crate::reasons::http_status;
    use crate::terms::{FailureReason, Outcome, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = http_status::REASONS;

    /// The outcome that my own response speaks of, for `classify` and `verdict`: a success below 400, else by its status as
    /// [`actix_web4`](fn@super::actix_web4) reads it.
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason, reasons};
    /// # use actix_web4 as actix_web;
    /// use actix_web::HttpResponse;
    ///
    /// let response = HttpResponse::Unauthorized().finish();
    /// assert_eq!(reasons::actix_web4::response(&response), Outcome::Failure(Reason::InvalidCredentials));
    /// ```
    pub fn response<B>(response: &HttpResponse<B>) -> Outcome {
        http_status::outcome(&response.status().as_u16())
    }

    /// The reasons that [`response`](fn@response) can give.
    pub mod response {
        use crate::terms::ReasonSet;

        /// Every one of them.
        pub const REASONS: ReasonSet = super::REASONS;
    }

    /// The outcome of a result of my own response, for `classify`: an `Ok` by [`response`](fn@response), an error by its own reason.
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason, reasons};
    /// # use actix_web4 as actix_web;
    /// use actix_web::{Error, HttpResponse};
    ///
    /// let answered: Result<HttpResponse, Error> = Ok(HttpResponse::Locked().finish());
    /// assert_eq!(reasons::actix_web4::result(&answered), Outcome::Failure(Reason::AccountLocked));
    /// ```
    pub fn result<B, E: FailureReason>(result: &Result<HttpResponse<B>, E>) -> Outcome {
        match result {
            Ok(answer) => response(answer),
            Err(error) => Outcome::Failure(error.failure_reason()),
        }
    }
}
