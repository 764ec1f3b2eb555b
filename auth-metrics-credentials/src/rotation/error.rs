//! The errors of a rotator: why it can't start, and why it made no try.

use std::fmt;

const PANICKED: &str =
    "the rotator panicked and has ended: start another, and report the panic to auth-metrics";

/// Explains why a [`Rotator`](super::Rotator) can't start, or why it ended.
///
/// ```
/// use auth_metrics_credentials::rotation::RotatorError;
///
/// assert_eq!(RotatorError::InvalidTimeout.to_string(), "the timeout of a try must not be zero");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RotatorError {
    /// The credential was not activated, or it was retired, revoked or forgotten.
    NotInUse,
    /// The credential has neither a `not_after` nor a rotation interval, so nothing says when to rotate it.
    NothingToGoBy,
    /// The fraction given to [`before_expiry`](super::Rotator::before_expiry) is not over 0 and under 1.
    InvalidBeforeExpiry,
    /// The jitter is under 0, or not under 1.
    InvalidJitter,
    /// The backoff begins under 10 ms, or its cap is under its beginning.
    InvalidBackoff,
    /// The timeout of a try is zero.
    InvalidTimeout,
    /// The lease's time to live is under 100 ms, or over a day: after a holder dies, nobody would rotate for that long.
    InvalidLeaseTtl,
    /// There is a `retire` hook, and no [`id`](super::Rotator::id) of the credential that is in use at the start.
    UnknownId,
    /// There are a lease and a `retire` hook, and no `refresh`: other replicas would keep using what one of them retires.
    NoRefresh,
    /// There is no tokio runtime here.
    NoRuntime,
    /// The rotator panicked and has ended. Only [`run`](super::Rotator::run) returns this.
    Panicked,
}

impl fmt::Display for RotatorError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            RotatorError::NotInUse => {
                "the credential is not in use: activate it first; one that was retired, revoked or forgotten is not rotated"
            }
            RotatorError::NothingToGoBy => {
                "the credential has neither a not_after nor a rotation interval: nothing says when to rotate it"
            }
            RotatorError::InvalidBeforeExpiry => {
                "before_expiry must be a duration, or a fraction over 0 and under 1 of the credential's life"
            }
            RotatorError::InvalidJitter => "the jitter must be a fraction from 0 to under 1",
            RotatorError::InvalidBackoff => {
                "the backoff must start with 10 ms or more, and its cap must not be below that"
            }
            RotatorError::InvalidTimeout => "the timeout of a try must not be zero",
            RotatorError::InvalidLeaseTtl => "the lease's time to live must be from 100 ms to a day",
            RotatorError::UnknownId => {
                "`retire` needs the id of the credential that is in use at the start: give it with `Rotator::id`"
            }
            RotatorError::NoRefresh => {
                "`retire` with a lease needs `refresh`, where the other replicas take the new credential into use: give it with `Rotator::refresh`; if every use reads the store, give `refresh(|_| async { Ok(None) })`"
            }
            RotatorError::NoRuntime => "a rotator must be started inside a tokio runtime",
            RotatorError::Panicked => PANICKED,
        })
    }
}

impl std::error::Error for RotatorError {}

/// Explains why [`rotate_now`](super::RotatorHandle::rotate_now) made no try.
///
/// ```
/// use auth_metrics_credentials::rotation::NotRotated;
///
/// assert_eq!(NotRotated::NoLease.to_string(), "the lease was not to be had: another replica may be rotating");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotRotated {
    /// Another replica holds the lease.
    NoLease,
    /// The store of the leases can't be reached, or answered with an error. The rotator tries again after the backoff.
    NoAnswer,
    /// The rotator has ended: it was shut down, or its credential is retired, revoked or forgotten.
    Ended,
    /// The rotator panicked and has ended.
    Panicked,
}

impl fmt::Display for NotRotated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            NotRotated::NoLease => "the lease was not to be had: another replica may be rotating",
            NotRotated::NoAnswer => {
                "the store of the leases could not be asked: the rotator tries again after the backoff"
            }
            NotRotated::Ended => {
                "the rotator has ended: it was shut down, or its credential is retired, revoked or forgotten"
            }
            NotRotated::Panicked => PANICKED,
        })
    }
}

impl std::error::Error for NotRotated {}
