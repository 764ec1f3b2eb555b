//! Logs the failures of hooks. Never logs the text of an error, which may hold a secret.

use std::any::{Any, type_name};
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::tracked;
use crate::group::unwinding_stops;
use crate::tracker::TrackedCredential;

/// How long a hook is not logged again.
const QUIET: Duration = Duration::from_secs(60);

/// An error of `rotate`, `refresh` or `retire` whose text may be logged, because it comes from your code.
///
/// Of any other error only the type is logged, and of a [`std::io::Error`] also its kind.
///
/// ```
/// use auth_metrics_credentials::rotation::{HookError, Rotated, RotationContext};
///
/// # enum VaultError { Sealed, Denied(String) }
/// # async fn new_secret() -> Result<(), VaultError> { Err(VaultError::Sealed) }
/// async fn rotate(_: RotationContext) -> Result<Rotated, HookError> {
///     new_secret().await.map_err(|error| match error {
///         VaultError::Sealed => HookError::new("the vault is sealed"),
///         VaultError::Denied(_) => HookError::new("the vault denies us"),
///     })?;
///     Ok(Rotated::without_end())
/// }
/// # let _ = rotate;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookError(&'static str);

impl HookError {
    /// Makes an error with this text.
    pub const fn new(text: &'static str) -> HookError {
        HookError(text)
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl Error for HookError {}

/// Logs the failures of one hook of one credential.
pub(super) struct HookLog {
    hook: &'static str,
    credential: String,
    last: Mutex<Option<Instant>>,
}

impl HookLog {
    pub(super) fn new(hook: &'static str, credential: &TrackedCredential) -> HookLog {
        HookLog { hook, credential: tracked::name_of(credential), last: Mutex::new(None) }
    }

    /// Logs the error of a hook, unless the last line is less than a minute ago.
    pub(super) fn tell<E: 'static>(&self, error: &E) {
        if self.is_due() {
            self.warn(&described(error));
        }
    }

    /// Logs how a hook failed, unless the last line is less than a minute ago.
    pub(super) fn say(&self, how: &'static str) {
        if self.is_due() {
            self.warn(how);
        }
    }

    fn warn(&self, what: &str) {
        let HookLog { hook, credential, .. } = self;
        // A logger that panics is not the hook's affair.
        unwinding_stops(|| log::warn!("auth-metrics: {hook} of {credential} failed: {what}"));
    }

    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= QUIET);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

/// Describes an error in words that come from code, never from data.
fn described<E: 'static>(error: &E) -> String {
    let any: &dyn Any = error;
    let boxed = any.downcast_ref::<Box<dyn Error + Send + Sync>>().map(|boxed| &**boxed as &dyn Error);
    let named = any.downcast_ref::<HookError>().map(|named| named as &dyn Error);
    let io = any.downcast_ref::<io::Error>().map(|io| io as &dyn Error);
    let mut next = boxed.or(named).or(io);
    while let Some(error) = next {
        if let Some(named) = error.downcast_ref::<HookError>() {
            return named.to_string();
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return format!("std::io::Error, {:?}", io.kind());
        }
        next = error.source();
    }
    type_name::<E>().to_owned()
}
