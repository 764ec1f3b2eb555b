//! The attribute among others, above and below it.

use auth_metrics::{FailureReason, Outcome, Reason};
use tracing::instrument;

use super::super::auth_metered;
use crate::fixture::pause;

/// Why a session is refused.
#[allow(dead_code, reason = "shown")]
#[derive(Debug, FailureReason)]
pub(crate) enum SessionError {
    /// Too old.
    SessionExpired,
    /// Not ours.
    #[reason(token_signature_invalid)]
    Forged(String),
}

impl std::fmt::Display for SessionError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self:?}")
    }
}

/// Traced around the attempt.
#[instrument(level = "info", skip(secret), fields(len = secret.len()), err)]
#[auth_metered(op = "traced_outside")]
pub(crate) async fn traced_outside(id: u32, secret: &[u8]) -> Result<usize, SessionError> {
    pause().await;
    if secret.is_empty() { Err(SessionError::SessionExpired) } else { Ok(secret.len() + id as usize) }
}

/// Traced inside of the attempt.
#[auth_metered(op = "traced_inside")]
#[instrument(name = "inside", skip_all, ret, err(Debug))]
pub(crate) async fn traced_inside(id: u32, secret: Vec<u8>) -> Result<usize, SessionError> {
    pause().await;
    if secret.is_empty() { Err(SessionError::Forged(id.to_string())) } else { Ok(secret.len()) }
}

#[auth_metered(op = "traced_now")]
#[instrument(ret, err)]
pub(crate) fn traced_now(id: u32) -> Result<u32, SessionError> {
    if id == 0 { Err(SessionError::SessionExpired) } else { Ok(id) }
}

/// Documented above.
#[must_use = "the session is not stored"]
#[inline]
#[auth_metered(op = "kept")]
/// Documented between.
#[cold]
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn kept(id: u32) -> Result<u32, SessionError> {
    Ok(id)
}

#[deprecated(note = "as planned")]
#[auth_metered(op = "old_above")]
pub(crate) fn old_above(id: u32) -> Result<u32, SessionError> {
    if id == 0 { Err(SessionError::SessionExpired) } else { Ok(id) }
}

#[auth_metered(op = "old_below")]
#[deprecated(note = "as planned")]
pub(crate) async fn old_below(id: u32) -> Result<u32, SessionError> {
    if id == 0 { Err(SessionError::SessionExpired) } else { Ok(id) }
}

/// Where the mistake was made.
#[track_caller]
#[auth_metered(op = "tracked")]
pub(crate) fn tracked(id: Option<u32>) -> Result<u32, SessionError> {
    id.ok_or_else(|| SessionError::Forged(String::new()))
}

#[inline(never)]
#[auth_metered(op = "by_status", classify = by_status)]
#[auth_metered(op = "by_class", kind = authorization, classify = by_class)]
pub(crate) async fn status(code: u16) -> u16 {
    pause().await;
    code
}

fn by_status(status: &u16) -> Outcome {
    if *status == 200 { Outcome::Success } else { Outcome::Failure(Reason::PermissionDenied) }
}

fn by_class(status: &u16) -> Outcome {
    if *status < 500 { Outcome::Success } else { Outcome::Failure(Reason::InternalError) }
}

#[auth_metered(op = "answers", false_is = invalid_credentials)]
#[auth_metered(op = "refusals", false_is = success)]
pub(crate) fn answer(yes: bool) -> bool {
    yes
}

#[auth_metered(op = "counted_outside", subject = id)]
#[auth_metered(op = "counted_inside", subject = id, kind = authorization)]
pub(crate) async fn counted_twice(id: u32) -> Result<u32, SessionError> {
    pause().await;
    traced_now(id)
}
