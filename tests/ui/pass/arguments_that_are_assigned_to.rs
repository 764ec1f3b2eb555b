//! The compiler's lints on arguments that a function changes are those of the function without the attribute.
#![deny(warnings)]

use std::convert::Infallible;
use std::pin::Pin;

use auth_metrics::auth_metered;

struct Secret(usize);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0 = 0;
    }
}

/// What it guards is let go by the assignment.
struct Permit(Option<Secret>);

type Length = Result<usize, Infallible>;

#[auth_metered(op = "now")]
fn now(mut permit: Permit, kept: Secret, _: u8) -> Length {
    permit.0 = None;
    Ok(kept.0)
}

#[auth_metered(op = "later")]
async fn later(first: u8, (mut permit, _kept): (Permit, Secret), _left: Secret) -> Length {
    permit.0 = None;
    Ok(first.into())
}

#[auth_metered(op = "deferred")]
fn deferred(mut permit: Permit) -> impl Future<Output = Length> {
    permit.0 = None;
    std::future::ready(Ok(1))
}

#[auth_metered(op = "boxed")]
fn boxed(mut permit: Permit) -> Pin<Box<dyn Future<Output = Length>>> {
    permit.0 = None;
    helper()
}

#[auth_metered(op = "in_place")]
fn in_place(mut permit: Permit) -> Pin<Box<dyn Future<Output = Length>>> {
    permit.0 = None;
    Box::pin(async { Ok(1) })
}

fn helper() -> Pin<Box<dyn Future<Output = Length>>> {
    Box::pin(async { Ok(1) })
}

#[auth_metered(op = "as_told")]
fn as_told(
    #[allow(unused_mut)] mut first: u8,
    #[allow(non_snake_case)] mut Second: usize,
    #[expect(unused_mut)] mut third: u8,
) -> Length {
    Second += usize::from(first);
    Ok(Second + usize::from(third))
}

#[expect(unused_assignments)]
#[auth_metered(op = "in_vain")]
fn in_vain(mut count: usize) -> Length {
    let found = count;
    count = 0;
    Ok(found)
}

#[expect(unused_mut)]
#[auth_metered(op = "never_changed")]
async fn never_changed(mut count: usize) -> Length {
    Ok(count)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let permit = || Permit(Some(Secret(1)));
    assert_eq!(now(permit(), Secret(2), 0).unwrap(), 2);
    assert_eq!(later(3, (permit(), Secret(2)), Secret(3)).await.unwrap(), 3);
    assert_eq!(deferred(permit()).await.unwrap(), 1);
    assert_eq!(boxed(permit()).await.unwrap(), 1);
    assert_eq!(in_place(permit()).await.unwrap(), 1);
    assert_eq!(in_vain(4).unwrap(), 4);
    assert_eq!(never_changed(5).await.unwrap(), 5);
}
