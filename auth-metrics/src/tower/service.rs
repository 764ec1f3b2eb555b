//! The service behind the layer, and the future that carries an attempt.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tower_service::Service;

use super::meter::Shared;
use super::reading::{ReadError, ReadResponse};
use crate::record::Carrier;

/// A service behind an [`AttemptLayer`](super::AttemptLayer).
pub struct AttemptService<S, A, E> {
    inner: S,
    meter: Shared<A, E>,
}

impl<S, A, E> AttemptService<S, A, E> {
    pub(super) fn new(inner: S, meter: Shared<A, E>) -> AttemptService<S, A, E> {
        AttemptService { inner, meter }
    }
}

impl<S: Clone, A, E> Clone for AttemptService<S, A, E> {
    fn clone(&self) -> AttemptService<S, A, E> {
        AttemptService { inner: self.inner.clone(), meter: self.meter.clone() }
    }
}

impl<S: fmt::Debug, A, E> fmt::Debug for AttemptService<S, A, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, Q, A, E> Service<Q> for AttemptService<S, A, E>
where
    S: Service<Q>,
    A: ReadResponse<S::Response>,
    E: ReadError<S::Error>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AttemptFuture<S::Future, A, E>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Q) -> AttemptFuture<S::Future, A, E> {
        AttemptFuture { future: Carrier::new(self.meter.clone(), || self.inner.call(request)) }
    }
}

pin_project! {
    /// The response future of an [`AttemptService`].
    pub struct AttemptFuture<F, A, E> {
        #[pin]
        future: Carrier<F, Shared<A, E>>,
    }
}

impl<F, A, E, R, T> Future for AttemptFuture<F, A, E>
where
    F: Future<Output = Result<R, T>>,
    A: ReadResponse<R>,
    E: ReadError<T>,
{
    type Output = Result<R, T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<R, T>> {
        self.project().future.poll(context)
    }
}

impl<F, A, E> fmt::Debug for AttemptFuture<F, A, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptFuture").finish_non_exhaustive()
    }
}
