//! Looks for errors of known types in an error that can be any, and in the errors that caused it.

use std::error::Error;
use std::sync::Arc;

use super::Reason;

/// Lets an error of a known type be asked as `dyn Error` and `anyhow::Error` are by a method of their own.
pub trait Downcast {
    /// The error itself, if it is a `T`.
    fn downcast_ref<T: Error + 'static>(&self) -> Option<&T>;
}

impl<E: Error + 'static> Downcast for E {
    fn downcast_ref<T: Error + 'static>(&self) -> Option<&T> {
        one(self)
    }
}

/// The error itself as a `T`, else the first `T` among its sources.
pub fn found<'a, T: Error + 'static>(
    itself: Option<&'a T>,
    source: Option<&'a (dyn Error + 'static)>,
) -> Option<&'a T> {
    itself.or_else(|| std::iter::successors(source, |error| (*error).source()).find_map(one))
}

/// What a function says of an error; a closure learns from it what it is given.
pub fn asked<T>(error: &T, reason: fn(&T) -> Reason) -> Reason {
    reason(error)
}

/// One error as a `T`; an `Arc` of any error is looked into.
fn one<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    error
        .downcast_ref::<T>()
        .or_else(|| one(&**error.downcast_ref::<Arc<dyn Error + Send + Sync>>()?))
        .or_else(|| one(&**error.downcast_ref::<Arc<dyn Error>>()?))
}
