//! The reason that a handler or a guard gives for its refusal, kept with the request. Knows no attempts.

use std::sync::{Mutex, PoisonError};

use auth_metrics::Reason;
use rocket::Request;
use rocket::response::{self, Responder};

#[derive(Default)]
struct Noted(Mutex<Option<Reason>>);

fn noted<'r>(request: &'r Request<'_>) -> std::sync::MutexGuard<'r, Option<Reason>> {
    request.local_cache(Noted::default).0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says why this request is refused, more precisely than a status can: in a guard, or wherever else the request is at hand. The route
/// must be mounted through [`AttemptRoutes`](crate::AttemptRoutes). What is said later replaces what was said before,
/// and what is said before the route begins, as in a fairing or in a route that forwards, is not about it.
///
/// ```
/// use auth_metrics::Reason;
/// use auth_metrics_rocket::note_reason;
/// use rocket::http::Status;
/// use rocket::request::{FromRequest, Outcome, Request};
///
/// struct User;
///
/// #[rocket::async_trait]
/// impl<'r> FromRequest<'r> for User {
///     type Error = ();
///
///     async fn from_request(request: &'r Request<'_>) -> Outcome<User, ()> {
///         note_reason(request, Reason::SessionInvalid);
///         Outcome::Error((Status::Unauthorized, ()))
///     }
/// }
/// # let _ = User;
/// ```
pub fn note_reason(request: &Request<'_>, reason: Reason) {
    *noted(request) = Some(reason);
}

/// Takes what was said, so that what comes next says it anew.
pub(crate) fn take_reason(request: &Request<'_>) -> Option<Reason> {
    noted(request).take()
}

/// A responder that says why it refuses. The attempt is a failure for this reason, whatever the status is.
///
/// ```
/// use auth_metrics::Reason;
/// use auth_metrics_rocket::WithReason;
/// use rocket::post;
/// use rocket::response::Redirect;
///
/// #[post("/login")]
/// fn login() -> WithReason<Redirect> {
///     WithReason::new(Reason::AccountLocked, Redirect::to("/locked"))
/// }
/// # let _ = login;
/// ```
#[derive(Clone, Debug)]
pub struct WithReason<R> {
    reason: Reason,
    responder: R,
}

impl<R> WithReason<R> {
    /// Adds a reason to a responder.
    pub fn new(reason: Reason, responder: R) -> WithReason<R> {
        WithReason { reason, responder }
    }
}

impl<'r, 'o: 'r, R: Responder<'r, 'o>> Responder<'r, 'o> for WithReason<R> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'o> {
        note_reason(request, self.reason);
        self.responder.respond_to(request)
    }
}
