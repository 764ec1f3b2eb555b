//! `Verdict`, for returned values that say themselves how the attempt ended, and the judges of an `Ok`.

#![expect(clippy::exhaustive_structs, reason = "expansions make them, and come from the same version")]

use super::{Any, Judge};
use crate::terms::{FailureReason, Outcome, ReasonSet};

/// A returned value that says how the attempt ended: an answer that may be a denial, or a step of an exchange. Derive it with
/// [`#[derive(Verdict)]`](derive@crate::Verdict), and add `verdict` to the function.
///
/// Errors have a [`FailureReason`](trait@FailureReason) instead: they are never a success. A `Result` of both is a verdict, and so
/// is a pointer to one. If the type of the value is not yours, add `verdict = path` with a `fn(&T) -> Outcome`.
///
/// ```
/// use auth_metrics::{FailureReason, Outcome, Reason, Verdict, auth_metered};
///
/// #[derive(Verdict)]
/// enum AuthState {
///     Success,
///     #[reason(challenge_issued)] // the client goes on
///     Continue(u64),
///     #[reason(with = why, among(account_disabled, policy_denied))] // a `fn(&Field) -> Reason`
///     Denied(&'static str),
/// }
///
/// fn why(text: &&str) -> Reason {
///     if *text == "account expired" { Reason::AccountDisabled } else { Reason::PolicyDenied }
/// }
///
/// # #[derive(Debug, FailureReason)]
/// # enum OperationError { DependencyUnavailable }
/// #[auth_metered(op = "authenticate", verdict)]
/// fn authenticate(step: u64) -> Result<AuthState, OperationError> {
///     Ok(if step == 0 { AuthState::Continue(1) } else { AuthState::Denied("account expired") })
/// }
///
/// # let _ = AuthState::Success;
/// let outcome = authenticate(1).verdict();
/// assert_eq!(outcome, Outcome::Failure(Reason::AccountDisabled));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how the attempt ended",
    label = "this type has no `Verdict`",
    note = "if it is yours, derive it: `#[derive(auth_metrics::Verdict)]`, with `#[reason(success)]` or a reason on each variant",
    note = "if it is not, write `verdict = path`, where `path` is a `fn(&{Self}) -> auth_metrics::Outcome`"
)]
pub trait Verdict {
    /// Every reason that [`verdict`](Verdict::verdict) can give. Each is exported at zero from the first scrape on.
    const REASONS: ReasonSet;

    /// Returns how the attempt ended.
    fn verdict(&self) -> Outcome;
}

impl<T: Verdict, E: FailureReason> Verdict for Result<T, E> {
    const REASONS: ReasonSet = T::REASONS.union(E::REASONS);

    fn verdict(&self) -> Outcome {
        match self {
            Ok(value) => value.verdict(),
            Err(error) => Outcome::Failure(error.failure_reason()),
        }
    }
}

macro_rules! through_pointer {
    ($($pointer:ty),*) => {$(
        impl<T: Verdict + ?Sized> Verdict for $pointer {
            const REASONS: ReasonSet = T::REASONS;

            fn verdict(&self) -> Outcome {
                T::verdict(self)
            }
        }
    )*};
}

through_pointer!(&T, Box<T>, std::sync::Arc<T>, std::rc::Rc<T>);

/// The value says it itself.
#[derive(Clone, Copy, Debug)]
pub struct Stated;

impl<R: Verdict + ?Sized> Judge<R> for Stated {
    const REASONS: ReasonSet = R::REASONS;

    #[inline]
    fn outcome(&self, returned: &R) -> Outcome {
        returned.verdict()
    }

    /// The trait is the user's.
    #[inline]
    fn succeeds(&self, _: &R) -> bool {
        false
    }
}

/// Every value is the given outcome.
#[derive(Clone, Copy, Debug)]
pub struct Always(pub Outcome);

impl<R: ?Sized> Judge<R> for Always {
    const REASONS: ReasonSet = <Any as Judge<R>>::REASONS;

    #[inline]
    fn outcome(&self, _: &R) -> Outcome {
        self.0
    }

    #[inline]
    fn succeeds(&self, _: &R) -> bool {
        matches!(self.0, Outcome::Success)
    }
}
