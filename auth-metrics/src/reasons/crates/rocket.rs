//! `rocket::http::Status`.

use rocket_http::Status;

use crate::reasons::{failure_reason, http_status};
use crate::terms::Reason;

/// The reason of a status of Rocket 0.5 that I answer with: as [`http_status`](fn@crate::reasons::http_status) reads it.
///
/// ```
/// use auth_metrics::{Reason, auth_metered, reasons};
/// use rocket_http::Status; // `rocket::http::Status`
///
/// assert_eq!(reasons::rocket05(&Status::Forbidden), Reason::PermissionDenied);
///
/// #[auth_metered(op = "login")] // `Status` is a `FailureReason`
/// async fn login(password: &str) -> Result<String, Status> {
///     if password == "correct horse" { Ok("session".to_owned()) } else { Err(Status::Unauthorized) }
/// }
/// ```
pub fn rocket05(status: &Status) -> Reason {
    http_status(&status.code)
}

failure_reason!(Status, rocket05);

/// Outcomes, and the reasons that [`rocket05`](fn@rocket05) can give.
pub mod rocket05 {
    use rocket_http::Status;

    use crate::reasons::http_status;
    use crate::terms::{Outcome, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = http_status::REASONS;

    /// The outcome that a status of mine speaks of, for `classify`: a success below 400, else by
    /// [`rocket05`](fn@super::rocket05).
    ///
    /// ```
    /// use auth_metrics::{Outcome, reasons};
    /// use rocket_http::Status; // `rocket::http::Status`
    ///
    /// assert_eq!(reasons::rocket05::outcome(&Status::SeeOther), Outcome::Success);
    /// ```
    pub fn outcome(status: &Status) -> Outcome {
        http_status::outcome(&status.code)
    }
}
