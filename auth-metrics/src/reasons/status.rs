//! What the number of an HTTP status means, in either role. Knows no types of statuses: those belong to several crates and versions.

use crate::terms::Reason;

/// The reason of an HTTP status that I answer with, by its number, for frameworks whose types have no mapping here.
///
/// `http1`, `http02`, `actix_web4` and `rocket05` read their types the same way. For the answer of a service that I called there is
/// [`dependency`](fn@http_status::dependency).
///
/// ```
/// use auth_metrics::{FailureReason, Reason, reasons};
///
/// #[derive(FailureReason)]
/// struct Refused {
///     #[reason(with = reasons::http_status)]
///     status: u16,
/// }
///
/// assert_eq!(Refused { status: 403 }.failure_reason(), Reason::PermissionDenied);
/// ```
pub fn http_status(status: &u16) -> Reason {
    match *status {
        401 => Reason::InvalidCredentials,
        402 | 403 => Reason::PermissionDenied,
        407 | 511 => Reason::MissingCredentials,
        423 => Reason::AccountLocked,
        429 => Reason::RateLimited,
        451 => Reason::PolicyDenied,
        499 => Reason::Cancelled,
        400..=499 | 505 => Reason::MalformedRequest,
        501 => Reason::ConfigurationError,
        502 => Reason::DependencyUnavailable,
        503 => Reason::Overloaded,
        504 => Reason::Timeout,
        500..=599 => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

/// The other role, outcomes, and the reasons that [`http_status`](fn@http_status) can give.
pub mod http_status {
    use crate::terms::{Outcome, Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet = ReasonSet::of(&[
        Reason::InvalidCredentials,
        Reason::PermissionDenied,
        Reason::MissingCredentials,
        Reason::AccountLocked,
        Reason::RateLimited,
        Reason::PolicyDenied,
        Reason::Cancelled,
        Reason::MalformedRequest,
        Reason::ConfigurationError,
        Reason::DependencyUnavailable,
        Reason::Overloaded,
        Reason::Timeout,
        Reason::InternalError,
        Reason::Unknown,
    ]);

    /// The reason of a status that a service which I called answers with.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    ///
    /// assert_eq!(reasons::http_status::dependency(&401), Reason::ConfigurationError);
    /// ```
    pub fn dependency(status: &u16) -> Reason {
        match *status {
            401 | 403 | 405 | 406 | 407 | 415 | 501 | 505 | 511 => Reason::ConfigurationError,
            400 | 422 => Reason::MalformedRequest,
            408 | 504 => Reason::Timeout,
            423 => Reason::AccountLocked,
            429 => Reason::Overloaded,
            500..=599 => Reason::DependencyUnavailable,
            _ => Reason::Unknown,
        }
    }

    /// The reasons that [`dependency`](fn@dependency) can give.
    pub mod dependency {
        use crate::terms::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = ReasonSet::of(&[
            Reason::ConfigurationError,
            Reason::MalformedRequest,
            Reason::Timeout,
            Reason::AccountLocked,
            Reason::Overloaded,
            Reason::DependencyUnavailable,
            Reason::Unknown,
        ]);
    }

    /// The outcome that the status of my own response speaks of, for `classify`: a success below 400, else by
    /// [`http_status`](fn@super::http_status).
    ///
    /// ```
    /// use auth_metrics::{Outcome, Reason, reasons};
    ///
    /// assert_eq!(reasons::http_status::outcome(&204), Outcome::Success);
    /// assert_eq!(reasons::http_status::outcome(&401), Outcome::Failure(Reason::InvalidCredentials));
    /// ```
    pub fn outcome(status: &u16) -> Outcome {
        if *status < 400 { Outcome::Success } else { Outcome::Failure(super::http_status(status)) }
    }
}
