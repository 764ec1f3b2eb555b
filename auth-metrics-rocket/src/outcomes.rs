//! What Rocket's values mean for an attempt: functions for `classify` on annotated functions. Knows no requests.

use auth_metrics::reasons::rocket05;
use auth_metrics::{FailureReason, Outcome};
use rocket::{Response, request};

/// The outcome that a guard's own outcome speaks of, by its status. A forward is a refusal with the status that it carries.
///
/// ```
/// use auth_metrics::auth_metered;
/// use rocket::http::Status;
/// use rocket::request::{FromRequest, Outcome, Request};
///
/// struct User;
///
/// #[rocket::async_trait]
/// impl<'r> FromRequest<'r> for User {
///     type Error = ();
///
///     #[auth_metered(op = "session", kind = token, classify = auth_metrics_rocket::guard_status)]
///     async fn from_request(request: &'r Request<'_>) -> Outcome<User, ()> {
///         match request.headers().get_one("authorization") {
///             Some(_) => Outcome::Success(User),
///             None => Outcome::Error((Status::Unauthorized, ())),
///         }
///     }
/// }
///
/// // At the start, so that the reasons of a status are exported at zero, and no others:
/// // metrics.declare_as::<Status>("session", OperationKind::Token);
/// # let _ = User;
/// ```
pub fn guard_status<S, E>(outcome: &request::Outcome<S, E>) -> Outcome {
    guard(outcome, |(status, _)| rocket05::outcome(status))
}

/// The outcome that a guard's own outcome speaks of, by the reason of its error. A forward is a refusal with the status that it carries.
///
/// ```
/// use auth_metrics::{FailureReason, Outcome, Reason};
/// use rocket::http::Status;
///
/// #[derive(FailureReason)]
/// enum SessionError {
///     TokenExpired,
/// }
///
/// let expired = rocket::request::Outcome::<(), _>::Error((Status::Unauthorized, SessionError::TokenExpired));
/// assert_eq!(auth_metrics_rocket::guard_error(&expired), Outcome::Failure(Reason::TokenExpired));
/// ```
pub fn guard_error<S, E: FailureReason>(outcome: &request::Outcome<S, E>) -> Outcome {
    guard(outcome, |(_, error)| Outcome::Failure(error.failure_reason()))
}

fn guard<S, E>(
    outcome: &rocket::outcome::Outcome<S, E, rocket::http::Status>,
    read: impl Fn(&E) -> Outcome,
) -> Outcome {
    match outcome {
        rocket::outcome::Outcome::Success(_) => Outcome::Success,
        rocket::outcome::Outcome::Error(error) => read(error),
        rocket::outcome::Outcome::Forward(status) => rocket05::outcome(status),
    }
}

/// The outcome that my own response speaks of, by its status.
///
/// ```
/// use auth_metrics::{Outcome, Reason};
/// use rocket::http::Status;
///
/// let response = rocket::Response::build().status(Status::Locked).finalize();
/// assert_eq!(auth_metrics_rocket::response(&response), Outcome::Failure(Reason::AccountLocked));
/// ```
pub fn response(response: &Response<'_>) -> Outcome {
    rocket05::outcome(&response.status())
}
