//! A box that is boxed once more must not outlive its output; a future that is made in place asks for no such thing.

use std::convert::Infallible;
use std::pin::Pin;

use auth_metrics::auth_metered;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Infallible>> + Send>>;

#[auth_metered(op = "in_place", future)]
fn in_place<T: Default>() -> Answer<T> {
    Box::pin(async { Ok(T::default()) })
}

#[auth_metered(op = "passed_on", future)]
fn passed_on<T: Default>() -> Answer<T> {
    in_place()
}

fn main() {}
