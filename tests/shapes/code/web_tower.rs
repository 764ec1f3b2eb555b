//! Services and layers of tower, whose future is an associated type.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth_metrics::{FailureReason, Outcome, Reason};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use super::super::auth_metered;

#[derive(Debug, FailureReason)]
pub(crate) enum GateError<E> {
    #[reason(missing_credentials)]
    TokenMissing,
    #[reason(dependency_unavailable)]
    Inner(E),
}

#[derive(Clone, Debug)]
pub(crate) struct Gate<S> {
    inner: S,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct GateLayer;

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Gate { inner }
    }
}

impl<S> Service<String> for Gate<S>
where
    S: Service<String> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send,
    S::Response: Send,
{
    type Response = S::Response;
    type Error = GateError<S::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(GateError::Inner)
    }

    #[auth_metered(op = "gate", future)]
    fn call(&mut self, request: String) -> Self::Future {
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let Some(token) = request.strip_prefix("Bearer ") else {
                return Err(GateError::TokenMissing);
            };
            inner.call(token.to_owned()).await.map_err(GateError::Inner)
        })
    }
}

/// What a service of `http` answers; its body may borrow.
#[derive(Debug)]
#[allow(dead_code, reason = "shown")]
pub(crate) struct Answer<Body>(pub(crate) Vec<Body>);

/// In front of a service whose body is of any lifetime.
#[derive(Clone, Debug)]
pub(crate) struct BodyGate<S>(pub(crate) S);

impl<S, Body> Service<String> for BodyGate<S>
where
    S: Service<String, Response = Answer<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Answer<Body>;
    type Error = GateError<Infallible>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    #[auth_metered(op = "body_gate", future)]
    fn call(&mut self, request: String) -> Self::Future {
        let Some(token) = request.strip_prefix("Bearer ") else {
            return Box::pin(async { Err(GateError::TokenMissing) });
        };
        let answering = self.0.call(token.to_owned());
        Box::pin(async move { answering.await.map_err(GateError::Inner) })
    }
}

impl<S> BodyGate<S> {
    /// A future by an alias with one lifetime, and an output with another.
    #[auth_metered(op = "body_read", classify = read)]
    pub(crate) fn read<'a, Body: Default>(&'a self, token: &'a str) -> BoxFuture<'a, Option<Body>> {
        Box::pin(async move { token.starts_with("Bearer ").then(Body::default) })
    }
}

#[allow(clippy::ref_option, reason = "what `classify` takes")]
fn read<T>(found: &Option<T>) -> Outcome {
    found.as_ref().map_or(Outcome::Failure(Reason::UnknownSubject), |_| Outcome::Success)
}

/// The innermost service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Echo;

impl Service<String> for Echo {
    type Response = usize;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<usize, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[auth_metered(op = "echo")]
    fn call(&mut self, request: String) -> BoxFuture<'static, Result<usize, Infallible>> {
        Box::pin(async move { Ok(request.len()) })
    }
}

#[auth_metered(op = "gate_function")]
pub(crate) async fn gate_function(request: String) -> Result<usize, GateError<Infallible>> {
    if request.is_empty() { Err(GateError::TokenMissing) } else { Ok(request.len()) }
}
