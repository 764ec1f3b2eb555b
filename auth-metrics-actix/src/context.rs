//! `ContextMiddleware`: the context of each request. Knows no attempts.

use std::fmt;
use std::future::{Ready, ready};
use std::task::{Context as TaskContext, Poll};

use actix_web::dev::{Service, ServiceRequest, Transform};
use actix_web::http::header::HeaderValue;
use auth_metrics::events::{Context, ContextReader, Forwarded, InContext};

/// Gives every attempt inside of a request its [`Context`]: the client's address, the request's id, and the trace.
///
/// Wrap the whole `App` with it, as the last middleware, so that it is around all others.
///
/// ```
/// use actix_web::App;
/// use auth_metrics::events::Forwarded;
/// use auth_metrics_actix::ContextMiddleware;
///
/// let context = ContextMiddleware::new().peer(Forwarded::trusting(1)).request_id("x-request-id").traceparent();
/// let app = App::new().wrap(context);
/// # let _ = app;
/// ```
///
/// The address is that of the connection, or the one that proxies name which you [trust](Forwarded). It is not actix-web's
/// `realip_remote_addr`, which believes any header.
///
/// The context lasts until the response's head is there. Attempts in a body that is streamed later have none, and neither have tasks that
/// you spawn: wrap those in [`Context::current`].
#[derive(Clone, Debug, Default)]
#[must_use = "a middleware does nothing until an app is wrapped in it"]
pub struct ContextMiddleware {
    reader: ContextReader,
}

impl ContextMiddleware {
    /// Makes a middleware that reads the connection's address alone.
    pub fn new() -> ContextMiddleware {
        ContextMiddleware::default()
    }

    /// Sets which proxies are trusted to say the client's address. Default: none. A header in which no trusted proxy names an address is
    /// counted in `auth_context_malformed_total`.
    pub fn peer(self, forwarded: Forwarded) -> ContextMiddleware {
        ContextMiddleware { reader: self.reader.peer(forwarded) }
    }

    /// Sets the header with the request's id. A client may send any: let your proxy overwrite it.
    pub fn request_id(self, header: &'static str) -> ContextMiddleware {
        ContextMiddleware { reader: self.reader.request_id(header) }
    }

    /// Reads the trace from the header `traceparent` (W3C Trace Context). One that is malformed is ignored and counted in
    /// `auth_context_malformed_total`.
    pub fn traceparent(self) -> ContextMiddleware {
        ContextMiddleware { reader: self.reader.traceparent() }
    }
}

impl<S: Service<ServiceRequest>> Transform<S, ServiceRequest> for ContextMiddleware {
    type Response = S::Response;
    type Error = S::Error;
    type Transform = ContextService<S>;
    type InitError = ();
    type Future = Ready<Result<ContextService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(ContextService { inner, reader: self.reader.clone() }))
    }
}

/// A service whose requests have a [`Context`]; made by [`ContextMiddleware`].
pub struct ContextService<S> {
    inner: S,
    reader: ContextReader,
}

impl<S> ContextService<S> {
    fn context(&self, request: &ServiceRequest) -> Context {
        let socket = request.peer_addr().map(|socket| socket.ip());
        self.reader.read(socket, |header| request.headers().get_all(header).map(HeaderValue::as_bytes))
    }
}

impl<S: Service<ServiceRequest>> Service<ServiceRequest> for ContextService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = InContext<S::Future>;

    fn poll_ready(&self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> InContext<S::Future> {
        let context = self.context(&request);
        let future = context.clone().in_scope(|| self.inner.call(request));
        context.scope(future)
    }
}

impl<S> fmt::Debug for ContextService<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ContextService").field("reader", &self.reader).finish_non_exhaustive()
    }
}
