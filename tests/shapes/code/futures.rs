//! Functions that are not `async` and give a future.

use std::cell::Cell;
use std::future::Future;
use std::num::ParseIntError;
use std::pin::Pin;

use auth_metrics::events::About;
use auth_metrics::{FailureReason, Outcome, Reason};
use futures_util::future::{BoxFuture, FutureExt, LocalBoxFuture};

use super::super::auth_metered;
use crate::fixture::{Notes, block_on, pause};

#[derive(Debug, FailureReason)]
#[reason(session_expired)]
pub(crate) struct Expired;

#[auth_metered(op = "future_static", subject = age)]
pub(crate) fn future_static(age: u8) -> impl Future<Output = Result<u8, Expired>> + Send + 'static {
    let left = 10_u8.checked_sub(age);
    async move {
        pause().await;
        left.ok_or(Expired)
    }
}

#[auth_metered(op = "future_captures", subject = name, context = about_name)]
pub(crate) fn future_captures<'a, T: AsRef<str> + ?Sized>(
    name: &'a T,
    _notes: &Notes,
) -> impl Future<Output = Result<&'a str, Expired>> + use<'a, T> {
    async move {
        pause().await;
        let name = name.as_ref();
        if name.is_empty() { Err(Expired) } else { Ok(name) }
    }
}

fn about_name(found: &Result<&str, Expired>, about: &mut About) {
    about.session(found.as_ref().ok());
}

#[auth_metered(op = "future_elided", subject = name)]
pub(crate) fn future_elided(name: &str) -> impl Future<Output = Result<usize, Expired>> + '_ {
    async move { if name.is_empty() { Err(Expired) } else { Ok(name.len()) } }
}

#[auth_metered(op = "future_pinned", subject = name)]
pub(crate) fn future_pinned<'a>(
    name: &'a str,
    notes: &'a Notes,
) -> Pin<Box<dyn Future<Output = Result<String, Expired>> + Send + 'a>> {
    notes.push("made");
    if name.is_empty() {
        return Box::pin(async { Err(Expired) });
    }
    Box::pin(async move {
        pause().await;
        notes.push("polled");
        Ok(name.to_uppercase())
    })
}

#[auth_metered(op = "future_boxed", subject = age, context = about_age)]
pub(crate) fn future_boxed(age: u8) -> BoxFuture<'static, Result<u8, Expired>> {
    future_static(age).boxed()
}

fn about_age(left: &Result<u8, Expired>, about: &mut About) {
    about.resource(left.as_ref().ok());
}

#[auth_metered(op = "future_local", subject = name)]
pub(crate) fn future_local(name: std::rc::Rc<str>) -> LocalBoxFuture<'static, Result<usize, Expired>> {
    async move { if name.is_empty() { Err(Expired) } else { Ok(name.len()) } }.boxed_local()
}

#[auth_metered(op = "future_classified", context = about_size, classify = by_size)]
pub(crate) fn future_classified<T: Into<u16> + Send + 'static>(size: T) -> BoxFuture<'static, u16> {
    async move { size.into() }.boxed()
}

fn about_size(size: &u16, about: &mut About) {
    about.resource(size);
}

fn by_size(size: &u16) -> Outcome {
    if *size < 10 { Outcome::Success } else { Outcome::Failure(Reason::SessionExpired) }
}

/// What is `Send` and not `Sync` lives across an await.
#[allow(clippy::large_types_passed_by_value)]
#[auth_metered(op = "future_of_a_cell")]
pub(crate) async fn future_of_a_cell(
    cell: Cell<u8>,
    bytes: [u8; 512],
    more: &mut u8,
) -> Result<&mut u8, Expired> {
    pause().await;
    *more += cell.get() + bytes[0];
    Ok(more)
}

type Answer<'a> = BoxFuture<'a, Result<u8, Expired>>;

#[auth_metered(op = "future_alias", future, subject = age, context = about_age)]
pub(crate) fn future_alias(age: &u8) -> Answer<'_> {
    Box::pin(async move { future_static(*age).await })
}

#[auth_metered(op = "future_ready", future, subject = age, context = about_age)]
pub(crate) fn future_ready(age: u8) -> std::future::Ready<Result<u8, Expired>> {
    std::future::ready(10_u8.checked_sub(age).ok_or(Expired))
}

#[auth_metered(op = "future_recursive", subject = depth)]
pub(crate) fn future_recursive(depth: u8, notes: &Notes) -> BoxFuture<'_, Result<u8, Expired>> {
    async move {
        notes.push(depth.to_string());
        match depth {
            0 => Ok(0),
            200.. => Err(Expired),
            more => Ok(1 + future_recursive(more - 1, notes).await?),
        }
    }
    .boxed()
}

#[auth_metered(op = "async_recursive")]
pub(crate) async fn async_recursive(depth: u8) -> Result<u8, Expired> {
    if depth > 100 {
        return Err(Expired);
    }
    if depth == 0 {
        pause().await;
        return Ok(0);
    }
    let below = Box::pin(async_recursive(depth - 1)).await?;
    Ok(below + 1)
}

/// An early return stands after a closure that has no braces.
#[auth_metered(op = "future_after_closure")]
pub(crate) fn future_after_closure(age: u8, known: bool) -> BoxFuture<'static, Result<u8, Expired>> {
    let aged = async |years: u8| age.checked_add(years);
    if !known {
        return Box::pin(async { Err(Expired) });
    }
    let doubled = async move |years: u8| match years {
        0 => 1,
        years => years * 2,
    };
    let Some(age) = block_on(aged(1)) else { return Box::pin(async move { Err(Expired) }) };
    Box::pin(async move { Ok(doubled(age).await) })
}

/// A method that changes the output, as a crate of spans may call its own.
trait InSpan: Future<Output = Result<u8, ParseIntError>> + Send + Sized + 'static {
    fn in_span(self, _name: &'static str) -> BoxFuture<'static, Result<u8, Expired>> {
        self.map(|parsed| parsed.map_err(|_| Expired)).boxed()
    }
}

impl<F: Future<Output = Result<u8, ParseIntError>> + Send + 'static> InSpan for F {}

#[auth_metered(op = "future_in_span")]
pub(crate) fn future_in_span(age: &'static str) -> BoxFuture<'static, Result<u8, Expired>> {
    async move { age.parse() }.in_span("age")
}

/// Called as a macro of tracing, and returns.
macro_rules! info {
    ($error:expr) => {
        return Box::pin(async move { Err($error) })
    };
}

#[auth_metered(op = "future_unseen")]
pub(crate) fn future_unseen(age: u8) -> BoxFuture<'static, Result<u8, Expired>> {
    if age > 10 {
        info!(Expired);
    }
    Box::pin(async move { Ok(age) })
}
