//! What the number of an HTTP status means, in either role. The types of statuses belong to several crates and versions.

use crate::terms::{Outcome, Reason, ReasonSet};

/// Of a status that I answer with.
pub(super) fn subject(status: u16) -> Reason {
    match status {
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

/// What [`subject`] can give.
pub(super) const SUBJECT: ReasonSet = ReasonSet::of(&[
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

/// Of a status that a service which I called answers with.
#[cfg(any(feature = "http02", feature = "http1"))]
pub(super) fn dependency(status: u16) -> Reason {
    match status {
        401 | 403 | 405 | 406 | 407 | 415 | 501 | 505 | 511 => Reason::ConfigurationError,
        400 | 422 => Reason::MalformedRequest,
        408 | 504 => Reason::Timeout,
        423 => Reason::AccountLocked,
        429 => Reason::Overloaded,
        500..=599 => Reason::DependencyUnavailable,
        _ => Reason::Unknown,
    }
}

/// What [`dependency`] can give.
#[cfg(any(feature = "http02", feature = "http1"))]
pub(super) const DEPENDENCY: ReasonSet = ReasonSet::of(&[
    Reason::ConfigurationError,
    Reason::MalformedRequest,
    Reason::Timeout,
    Reason::AccountLocked,
    Reason::Overloaded,
    Reason::DependencyUnavailable,
    Reason::Unknown,
]);

/// Of the status of my own response: a success below 400.
pub(super) fn outcome(status: u16) -> Outcome {
    if status < 400 { Outcome::Success } else { Outcome::Failure(subject(status)) }
}
