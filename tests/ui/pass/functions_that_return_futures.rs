//! Functions that return a future: shown by the type, boxed, or hidden and said with `future`.
#![deny(warnings)]

use std::pin::Pin;

use auth_metrics::{FailureReason, Outcome, auth_metered};
use futures_util::future::{BoxFuture, FutureExt, LocalBoxFuture};

#[derive(Debug, FailureReason)]
#[reason(session_expired)]
pub struct SessionError;

type Answer<'a> = Pin<Box<dyn Future<Output = Result<&'a str, SessionError>> + Send + Sync + 'a>>;

trait Service {
    type Future: Future<Output = Result<u8, SessionError>>;

    fn call(&mut self, request: u8) -> Self::Future;
}

impl Service for u8 {
    type Future = BoxFuture<'static, Result<u8, SessionError>>;

    #[auth_metered(op = "hidden", future)]
    fn call(&mut self, request: u8) -> Self::Future {
        *self += request;
        let answer = *self;
        async move { Ok(answer) }.boxed()
    }
}

#[auth_metered(op = "shown")]
fn shown<'a>(name: &'a str) -> impl Future<Output = Result<&'a str, SessionError>> + Send + 'a {
    async move { Ok(name) }
}

#[auth_metered(op = "pinned")]
fn pinned<'a>(name: &'a str) -> Pin<Box<dyn Future<Output = Result<&'a str, SessionError>> + Send + 'a>> {
    if name.is_empty() {
        return Box::pin(async { Err(SessionError) });
    }
    Box::pin(async move { Ok(name) })
}

#[auth_metered(op = "aliased", future)]
fn aliased(name: &str) -> Answer<'_> {
    Box::pin(async move { Ok(name) })
}

#[auth_metered(op = "boxed", none_is = session_invalid)]
fn boxed(known: bool) -> BoxFuture<'static, Option<u8>> {
    async move { known.then_some(1) }.boxed()
}

#[auth_metered(op = "boxed_locally", false_is = permission_denied)]
fn boxed_locally(answer: std::rc::Rc<bool>) -> LocalBoxFuture<'static, bool> {
    async move { *answer }.boxed_local()
}

#[auth_metered(op = "classified", classify = by_status)]
fn classified<T: Into<u16> + Send + 'static>(status: T) -> BoxFuture<'static, u16> {
    async move { status.into() }.boxed()
}

fn by_status(status: &u16) -> Outcome {
    assert!(*status > 0);
    Outcome::Success
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(0.call(2).await.unwrap(), 2);
    assert_eq!(assert_send(shown("a")).await.unwrap(), "a");
    assert!(assert_send(pinned("")).await.is_err());
    assert_eq!(assert_send(aliased("a")).await.unwrap(), "a");
    assert_eq!(assert_send(boxed(false)).await, None);
    assert!(boxed_locally(std::rc::Rc::new(true)).await);
    assert_eq!(classified(200_u8).await, 200);
}
