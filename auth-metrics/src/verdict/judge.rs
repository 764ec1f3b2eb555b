//! How a returned value is read as an outcome: one small type per shape that the attribute can see.

#![expect(clippy::exhaustive_structs, reason = "expansions make them, and come from the same version")]

use std::marker::PhantomData;

use crate::events::About;
use crate::terms::{FailureReason, Outcome, Reason, ReasonSet};

/// Reads a returned value as an outcome.
pub trait Judge<R: ?Sized> {
    /// Every reason that can come out, as far as the types say.
    const REASONS: ReasonSet;

    /// Those that are listed: none if nobody knows which there are.
    const LISTED: ReasonSet = match Self::REASONS.if_known() {
        Some(known) => known,
        None => ReasonSet::EMPTY,
    };

    /// Whether it says who the attempt is about.
    const NOTES: bool = false;

    /// The outcome of this value.
    fn outcome(&self, returned: &R) -> Outcome;

    /// Whether this value is a success, as far as that can be told without the user's code, which may panic.
    fn succeeds(&self, returned: &R) -> bool;

    /// Says who the attempt is about, as far as the value tells.
    fn note(&self, _returned: &R, _about: &mut About) {}
}

/// Any value is a success.
#[derive(Clone, Copy, Debug)]
pub struct Any;

impl<R: ?Sized> Judge<R> for Any {
    const REASONS: ReasonSet = ReasonSet::EMPTY;

    #[inline]
    fn outcome(&self, _: &R) -> Outcome {
        Outcome::Success
    }

    #[inline]
    fn succeeds(&self, _: &R) -> bool {
        true
    }
}

/// `Ok` is read by the inner judge, an error says its own reason.
#[derive(Clone, Copy, Debug)]
pub struct Tried<J>(pub J);

impl<R: Fallible<J>, J> Judge<R> for Tried<J> {
    const REASONS: ReasonSet = R::REASONS;

    #[inline]
    fn outcome(&self, returned: &R) -> Outcome {
        returned.outcome(&self.0)
    }

    #[inline]
    fn succeeds(&self, returned: &R) -> bool {
        returned.succeeds(&self.0)
    }
}

/// A type that turns out to be a `Result` with a reason in its error. It stands between so that any other type is met
/// with a text of ours.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether the attempt succeeded",
    label = "not a `Result` whose error derives `FailureReason`",
    note = "return `Result<T, E>` where `E` has `#[derive(auth_metrics::FailureReason)]`, directly or through an alias; if it is an alias of a boxed future, add the argument `future`",
    note = "or read the value yourself: `#[auth_metered(op = \"…\", classify = path)]`, where `path` is a `fn(&{Self}) -> auth_metrics::Outcome`"
)]
pub trait Fallible<J> {
    /// Every reason that can come out.
    const REASONS: ReasonSet;

    /// The outcome, its success read by `ok`.
    fn outcome(&self, ok: &J) -> Outcome;

    /// Whether it is a success for sure; see [`Judge::succeeds`].
    fn succeeds(&self, ok: &J) -> bool;
}

impl<T, E: FailureReason, J: Judge<T>> Fallible<J> for Result<T, E> {
    const REASONS: ReasonSet = E::REASONS.union(J::REASONS);

    #[inline]
    fn outcome(&self, ok: &J) -> Outcome {
        match self {
            Ok(value) => ok.outcome(value),
            Err(error) => Outcome::Failure(error.failure_reason()),
        }
    }

    #[inline]
    fn succeeds(&self, ok: &J) -> bool {
        self.as_ref().is_ok_and(|value| ok.succeeds(value))
    }
}

/// `Ok` is read by the inner judge, an error by a function of the user's. No type knows which reasons that can give; the
/// static of the annotated function does.
#[derive(Clone, Copy, Debug)]
pub struct ReadBy<F, J>(pub F, pub J);

impl<R: Attempted, F: Fn(&R::Error) -> Reason, J: Judge<R::Value>> Judge<R> for ReadBy<F, J> {
    const REASONS: ReasonSet = J::REASONS;

    #[inline]
    fn outcome(&self, returned: &R) -> Outcome {
        match returned.attempted() {
            Ok(value) => self.1.outcome(value),
            Err(error) => Outcome::Failure((self.0)(error)),
        }
    }

    #[inline]
    fn succeeds(&self, returned: &R) -> bool {
        returned.attempted().is_ok_and(|value| self.1.succeeds(value))
    }
}

/// A type that turns out to be a `Result`, whatever its error is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether the attempt succeeded",
    label = "not a `Result` whose error `reason` can read",
    note = "return `Result<T, E>`, directly or through an alias; if it is an alias of a boxed future, add the argument `future`",
    note = "or read the whole value: `#[auth_metered(op = \"…\", classify = path)]`, where `path` is a `fn(&{Self}) -> auth_metrics::Outcome`"
)]
pub trait Attempted {
    /// What an `Ok` holds.
    type Value;
    /// What an `Err` holds.
    type Error;

    /// The `Result` itself.
    ///
    /// # Errors
    ///
    /// The error that it holds.
    fn attempted(&self) -> Result<&Self::Value, &Self::Error>;
}

impl<T, E> Attempted for Result<T, E> {
    type Value = T;
    type Error = E;

    #[inline]
    fn attempted(&self) -> Result<&T, &E> {
        self.as_ref()
    }
}

/// `true` is a success, `false` is the given outcome.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub Outcome);

impl Judge<bool> for Flag {
    const REASONS: ReasonSet = ReasonSet::EMPTY;

    #[inline]
    fn outcome(&self, returned: &bool) -> Outcome {
        if *returned { Outcome::Success } else { self.0 }
    }

    #[inline]
    fn succeeds(&self, returned: &bool) -> bool {
        *returned
    }
}

/// `Some` is read by the inner judge, `None` is the given outcome.
#[derive(Clone, Copy, Debug)]
pub struct Maybe<J> {
    /// What `None` means.
    pub none: Outcome,
    /// How the value is read.
    pub some: J,
}

impl<T, J: Judge<T>> Judge<Option<T>> for Maybe<J> {
    const REASONS: ReasonSet = J::REASONS;

    #[inline]
    fn outcome(&self, returned: &Option<T>) -> Outcome {
        match returned {
            Some(value) => self.some.outcome(value),
            None => self.none,
        }
    }

    #[inline]
    fn succeeds(&self, returned: &Option<T>) -> bool {
        returned.as_ref().is_some_and(|value| self.some.succeeds(value))
    }
}

/// A function of the user's reads the whole value; it may give any reason.
#[derive(Clone, Copy, Debug)]
pub struct Classified<F>(pub F);

impl<R: ?Sized, F: Fn(&R) -> Outcome> Judge<R> for Classified<F> {
    const REASONS: ReasonSet = ReasonSet::ALL;

    #[inline]
    fn outcome(&self, returned: &R) -> Outcome {
        (self.0)(returned)
    }

    #[inline]
    fn succeeds(&self, _: &R) -> bool {
        false
    }
}

/// A function of the user's says who the attempt is about; the outcome is read as without it.
#[derive(Clone, Copy, Debug)]
pub struct Noted<F, J>(pub F, pub J);

impl<R: ?Sized, F: Fn(&R, &mut About), J: Judge<R>> Judge<R> for Noted<F, J> {
    const REASONS: ReasonSet = J::REASONS;
    const NOTES: bool = true;

    #[inline]
    fn outcome(&self, returned: &R) -> Outcome {
        self.1.outcome(returned)
    }

    #[inline]
    fn succeeds(&self, returned: &R) -> bool {
        self.1.succeeds(returned)
    }

    fn note(&self, returned: &R, about: &mut About) {
        (self.0)(returned, about);
    }
}

/// Asks, where a type can only be spelled in part, which reasons a judge finds in it; never a compile error. The type is
/// what `F`, a `fn(&()) -> R`, returns: the compiler asks for no bound of what in it borrows for the call's lifetime.
pub struct Probe<F, J>(PhantomData<(J, F)>);

impl<F: Spelled, J: Judge<F::Returned>> Probe<F, J> {
    /// The judge's reasons, if they are known.
    pub const REASONS: Option<ReasonSet> = J::REASONS.if_known();
}

/// The answer of a [`Probe`] whose judge can't read the type: nothing can be listed.
pub trait Unlisted {
    /// None known.
    const REASONS: Option<ReasonSet> = None;
}

impl<F, J> Unlisted for Probe<F, J> {}

/// The `fn(&()) -> R` of a [`Probe`].
pub trait Spelled {
    /// `R`, which borrows for ever.
    type Returned;
}

impl<F: Fn(&'static ()) -> R, R> Spelled for F {
    type Returned = R;
}

/// Stands in a [`Probe`] for a value that is not read.
#[derive(Debug)]
pub struct Whatever<'a>(PhantomData<&'a ()>);

/// Adds the reasons of a function that reads the error. One without a list may give any: then nothing is known.
pub const fn read_by(reasons: Option<ReasonSet>, function: ReasonSet) -> Option<ReasonSet> {
    match reasons {
        Some(reasons) => match function.if_known() {
            Some(function) => Some(reasons.union(function)),
            None => None,
        },
        None => None,
    }
}

/// Adds the reasons of `false_is` and `none_is`.
pub const fn with(reasons: Option<ReasonSet>, more: &[Reason]) -> Option<ReasonSet> {
    match reasons {
        Some(reasons) => Some(reasons.union(ReasonSet::of(more))),
        None => None,
    }
}
