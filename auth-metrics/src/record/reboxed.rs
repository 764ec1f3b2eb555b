//! Futures whose type leaves no room for a wrapper: boxes are boxed once more, metered; what is ready is counted at once.

use std::future::{self, Future, Ready};
use std::pin::Pin;

use super::stage::Stage;
use super::watch::Watch;
use super::{Metered, Pending};
use crate::verdict::Judge;

/// A future that a function made, with what is known of its attempt.
pub struct Made<F, J> {
    pub(super) pending: Option<Pending>,
    pub(super) judge: J,
    pub(super) future: F,
}

impl<F, J> Made<F, J> {
    pub(super) fn metered(self) -> Metered<Pending, F, J> {
        Metered::new(self.pending, self.judge, self.future)
    }
}

/// A future that can be replaced by a metered one of the same type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't carry the attempt's guard",
    note = "a function that returns a future by a name of its own must return `Pin<Box<dyn Future<Output = …>>>`, with or without `+ Send` and `+ Sync`, or `std::future::Ready<…>`",
    note = "or return `impl Future<Output = …>`, or be an `async fn`"
)]
pub trait Reboxed {
    /// What the future gives.
    type Output;

    /// The same type with the attempt in it.
    fn rebox<J: Judge<Self::Output> + Send + Sync + 'static>(made: Made<Self, J>) -> Self
    where
        Self: Sized;
}

macro_rules! reboxed {
    ($($future:ty),*) => {$(
        impl<'a, T: 'a> Reboxed for Pin<Box<$future>> {
            type Output = T;

            fn rebox<J: Judge<T> + Send + Sync + 'static>(made: Made<Self, J>) -> Self {
                Box::pin(made.metered())
            }
        }
    )*};
}

reboxed!(
    dyn Future<Output = T> + 'a,
    dyn Future<Output = T> + Send + 'a,
    dyn Future<Output = T> + Send + Sync + 'a
);

impl<T> Reboxed for Ready<T> {
    type Output = T;

    /// All was done when the future was made, so the attempt is over too.
    fn rebox<J: Judge<T> + Send + Sync + 'static>(made: Made<Self, J>) -> Self {
        let returned = made.future.into_inner();
        let (mut stage, mut begin) = (Stage::new(), made.pending);
        Watch::enter(&mut stage, &mut begin, const { &J::LISTED }).returned(&made.judge, &returned);
        future::ready(returned)
    }
}
