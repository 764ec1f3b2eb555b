//! `FailureReason`: the trait that turns an error into a reason.

use super::{Reason, ReasonSet};

/// An error that knows its failure reason. Derive it with [`#[derive(FailureReason)]`](derive@crate::FailureReason).
///
/// Pointers to such an error implement it too. For trait objects of your own trait, implement it by hand:
///
/// ```
/// use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered};
///
/// trait AppError {
///     fn reason(&self) -> Reason;
/// }
///
/// impl FailureReason for dyn AppError {
///     const REASONS: ReasonSet = ReasonSet::of(&[Reason::InvalidCredentials, Reason::Timeout]);
///
///     fn failure_reason(&self) -> Reason {
///         self.reason()
///     }
/// }
///
/// #[auth_metered(op = "login")]
/// fn login(password: &str) -> Result<(), Box<dyn AppError>> {
/// # let _ = password;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which failure reason it stands for",
    label = "this error type has no `FailureReason`",
    note = "if it is yours, derive it: `#[derive(auth_metrics::FailureReason)]`, with `#[reason(invalid_credentials)]` or another reason on each variant; for trait objects, write `impl auth_metrics::FailureReason for dyn YourTrait`",
    note = "if it is not, add `reason = path` to the function, where `path` is a `fn(&TheError) -> auth_metrics::Reason` (for `anyhow::Error`, with `auth_metrics::reason_chain!` in it). \
        Crates that auth-metrics knows have a feature of their name and major version, such as `jsonwebtoken11` or `sqlx08`; more ways: https://github.com/auth-metrics/auth-metrics/blob/main/docs/errors.md"
)]
pub trait FailureReason {
    /// Every reason that [`failure_reason`](FailureReason::failure_reason) can return. Each is exported at zero from the first
    /// scrape on. A reason outside this set is still counted.
    const REASONS: ReasonSet;

    /// Returns the reason of this error.
    fn failure_reason(&self) -> Reason;
}

/// An error that cannot happen has no reason.
impl FailureReason for std::convert::Infallible {
    const REASONS: ReasonSet = ReasonSet::EMPTY;

    fn failure_reason(&self) -> Reason {
        match *self {}
    }
}

macro_rules! through_pointer {
    ($($pointer:ty),*) => {$(
        impl<E: FailureReason + ?Sized> FailureReason for $pointer {
            const REASONS: ReasonSet = E::REASONS;

            fn failure_reason(&self) -> Reason {
                E::failure_reason(self)
            }
        }
    )*};
}

through_pointer!(&E, Box<E>, std::sync::Arc<E>, std::rc::Rc<E>);
