//! The ways to run an annotated function: the one call that each expansion makes.

use std::future::Future;

use super::call::Begin;
use super::stage::Stage;
use super::watch::Watch;
use super::{Later, Made, Making, Metered, Pending, Reboxed};
use crate::terms::ReasonSet;
use crate::verdict::Judge;

/// An `async fn`: it calls this when it is first polled, and the attempt starts.
///
/// The type it returns is hidden, so that an error type without a reason is one compile error and not two.
#[inline]
pub fn future<F: Future, J: Judge<F::Output>>(
    begin: impl Begin,
    judge: J,
    future: F,
) -> impl Future<Output = F::Output> {
    Metered::new(Some(begin), judge, future)
}

/// A plain function.
#[inline]
#[expect(clippy::needless_pass_by_value, reason = "an expansion writes the judge in place")]
pub fn call<R, J: Judge<R>>(begin: impl Begin, judge: J, body: impl FnOnce() -> R) -> R {
    let mut stage = Stage::new();
    let watch = Watch::enter(&mut stage, &mut Some(begin), const { &J::LISTED });
    let returned = body();
    watch.returned(&judge, &returned);
    returned
}

/// A plain function that returns a future: what it does before is inside the attempt, which starts at the first poll.
pub fn deferred<F: Future, J: Judge<F::Output>>(
    begin: Later,
    judge: J,
    make: impl FnOnce() -> F,
) -> Made<F, J> {
    let making = Making::start(begin, const { &J::LISTED });
    let future = make();
    Made { pending: making.end(), judge, future }
}

/// The future of [`deferred`], as a type that captures nothing of `make`: an argument whose lifetime the function's own
/// return type leaves out may be used before.
pub fn hidden<F: Future, J: Judge<F::Output>>(
    made: Made<F, J>,
) -> impl Future<Output = F::Output> + use<F, J> {
    made.metered()
}

/// A plain function that returns a future by a type that holds nothing else.
pub fn boxed<P, J>(begin: Later, judge: J, make: impl FnOnce() -> P) -> P
where
    P: Reboxed + Future<Output = <P as Reboxed>::Output>,
    J: Judge<<P as Reboxed>::Output> + Send + Sync + 'static,
{
    P::rebox(deferred(begin, judge, make))
}

/// A plain function that makes its future in place and does something before.
pub fn making(begin: Later) -> Making {
    // Which reasons its future can give is said where that is made.
    Making::start(begin, const { &ReasonSet::EMPTY })
}

/// A plain function that makes its future in place and does nothing else.
pub fn at_once(begin: Later) -> Option<Pending> {
    Some(Pending { later: begin, spent: 0 })
}

/// The future that a function makes in place, inside of the `async` block that it returns: that holds nothing of the
/// output's type, so it outlives what the user's own block would.
pub fn continued<F: Future, J: Judge<F::Output>>(
    made: Option<Pending>,
    judge: J,
    future: F,
) -> impl Future<Output = F::Output> {
    Metered::new(made, judge, future)
}

/// Gives an `async` block the type that its function returns; never called.
///
/// # Panics
///
/// Always.
pub fn edge<R>() -> R {
    unreachable!("the edge only carries a type")
}
