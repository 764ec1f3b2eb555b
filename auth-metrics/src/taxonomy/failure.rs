//! `FailureReason`: the trait that turns an error into a reason.

use super::{Reason, ReasonSet};

/// An error that knows which reason it stands for; derive it with
/// [`#[derive(FailureReason)]`](derive@crate::FailureReason).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which failure reason it stands for",
    label = "this error type has no `FailureReason`",
    note = "on your own error: `#[derive(auth_metrics::FailureReason)]`, with `#[reason(invalid_credentials)]` or another reason on each variant",
    note = "around an error you do not own: a variant with `#[reason(with = path)]`, where `path` is a `fn(&TheError) -> auth_metrics::Reason`",
    note = "the errors of jsonwebtoken, sqlx, tonic and other crates have one behind a feature of auth-metrics: see `auth_metrics::reasons`",
    note = "for one function only: `#[auth_metered(op = \"…\", classify = path)]`, where `path` is a `fn(&ReturnType) -> auth_metrics::Outcome`",
    note = "on an error that can be any other, such as `anyhow::Error` or `Box<dyn Error>`, that function names those to look for:\nfn path<T>(result: &Result<T, {Self}>) -> auth_metrics::Outcome {{\n    auth_metrics::Outcome::from_result(result, |error| auth_metrics::reason_chain!(error; LoginError, std::io::Error => auth_metrics::reasons::io))\n}}"
)]
pub trait FailureReason {
    /// Every reason that [`failure_reason`](FailureReason::failure_reason) can give; each is exported at zero from the
    /// first scrape on. A reason given outside this set is counted all the same.
    const REASONS: ReasonSet;

    /// The reason of this error.
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
