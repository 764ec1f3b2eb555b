//! Looks for errors of known types in an error that can be any, and in the errors that caused it.

use std::error::Error;
use std::io;
use std::sync::Arc;

use crate::terms::Reason;

/// An error that can be any, asked whether it is a `T` or a pointer to one, and the same of an I/O error that may hold
/// one.
pub type Itself<'a, T> = (Pointed<'a, T>, Pointed<'a, io::Error>);

/// An error that can be any, asked whether it is a `T`, or a `Box` or an `Arc` of one.
type Pointed<'a, T> = (Option<&'a T>, Option<&'a Box<T>>, Option<&'a Arc<T>>);

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
    (itself, io): Itself<'a, T>,
    source: Option<&'a (dyn Error + 'static)>,
) -> Option<&'a T> {
    pointed(itself)
        .or_else(|| held(pointed(io)?))
        .or_else(|| std::iter::successors(source, |error| (*error).source()).find_map(one))
}

/// What a function says of an error; a closure learns from it what it is given.
pub fn asked<T>(error: &T, reason: fn(&T) -> Reason) -> Reason {
    reason(error)
}

/// One error as a `T`; a `Box` or an `Arc` of it, an `Arc` of any error and an I/O error are looked into.
fn one<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    pointed((error.downcast_ref(), error.downcast_ref(), error.downcast_ref()))
        .or_else(|| one(&**error.downcast_ref::<Arc<dyn Error + Send + Sync>>()?))
        .or_else(|| one(&**error.downcast_ref::<Arc<dyn Error>>()?))
        .or_else(|| held(pointed((error.downcast_ref(), error.downcast_ref(), error.downcast_ref()))?))
}

fn pointed<T>((plain, boxed, shared): Pointed<'_, T>) -> Option<&T> {
    plain.or_else(|| boxed.map(|error| &**error)).or_else(|| shared.map(|error| &**error))
}

/// The error that an I/O error holds, as a `T`: the `source` of an I/O error leaves it out.
fn held<T: Error + 'static>(error: &io::Error) -> Option<&T> {
    one(error.get_ref()?)
}
