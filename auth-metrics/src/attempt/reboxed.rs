//! Boxed futures whose type leaves no room for a wrapper: they are boxed once more, metered.

use std::future::Future;
use std::pin::Pin;

use super::Deferred;
use crate::taxonomy::Judge;

/// A boxed future that can be replaced by a metered one of the same type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't carry the attempt's guard",
    note = "a function that returns a future by a name of its own must return `Pin<Box<dyn Future<Output = …>>>`, with or without `+ Send` and `+ Sync`",
    note = "or return `impl Future<Output = …>`, or be an `async fn`"
)]
pub trait Reboxed {
    /// What the future gives.
    type Output;

    /// Carries the attempt in a box of the same type.
    fn rebox<J: Judge<Self::Output> + Send + Sync + 'static>(deferred: Deferred<Self, J>) -> Self
    where
        Self: Sized;
}

macro_rules! reboxed {
    ($($future:ty),*) => {$(
        impl<'a, T: 'a> Reboxed for Pin<Box<$future>> {
            type Output = T;

            fn rebox<J: Judge<T> + Send + Sync + 'static>(deferred: Deferred<Self, J>) -> Self {
                Box::pin(deferred)
            }
        }
    )*};
}

reboxed!(
    dyn Future<Output = T> + 'a,
    dyn Future<Output = T> + Send + 'a,
    dyn Future<Output = T> + Send + Sync + 'a
);
