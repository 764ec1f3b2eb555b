//! `ContextLayer`: a tower layer that makes the context of each request. Knows no framework.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use http::{Extensions, HeaderValue, Request};
use tower_layer::Layer;
use tower_service::Service;

use super::{Context, ContextReader, Forwarded, InContext};

/// Gives every attempt inside of a request its [`Context`]: the client's address, the request's id, and the trace. Apply it once, around
/// the whole service.
///
/// ```
/// use auth_metrics::events::{ContextLayer, Forwarded};
///
/// let layer = ContextLayer::new().peer(Forwarded::trusting(2)).request_id("x-request-id").traceparent();
/// # let _ = layer;
/// ```
///
/// The context lasts until the response's head is there. Attempts in a body that is streamed later have none, and neither have tasks that
/// you spawn: wrap those in [`Context::current`].
#[derive(Clone)]
#[must_use = "a layer does nothing until it is applied"]
pub struct ContextLayer {
    reading: Arc<Reading>,
}

/// How the address of the socket is found among what a server knows of a request.
type Socket = dyn Fn(&Extensions) -> Option<SocketAddr> + Send + Sync;

/// What is read of each request.
#[derive(Clone)]
struct Reading {
    socket: Arc<Socket>,
    headers: ContextReader,
}

impl ContextLayer {
    /// Makes a layer that reads the socket's address alone, from a `SocketAddr` in the request's extensions.
    pub fn new() -> ContextLayer {
        let socket: Arc<Socket> = Arc::new(|extensions: &Extensions| extensions.get().copied());
        ContextLayer { reading: Arc::new(Reading { socket, headers: ContextReader::new() }) }
    }

    /// Sets how the address of the socket is found in the request's extensions, where the server puts it.
    ///
    /// - axum, with `into_make_service_with_connect_info::<SocketAddr>`:
    ///   `.socket(|found| found.get::<ConnectInfo<SocketAddr>>().map(|connected| connected.0))`
    /// - tonic: `.socket(|found| found.get::<TcpConnectInfo>()?.remote_addr())`
    pub fn socket(
        self,
        find: impl Fn(&Extensions) -> Option<SocketAddr> + Send + Sync + 'static,
    ) -> ContextLayer {
        self.with(|reading| reading.socket = Arc::new(find))
    }

    /// Sets which proxies are trusted to say the client's address. Default: none, so that the address is that of the socket. A header
    /// in which no trusted proxy names an address is counted in `auth_context_malformed_total`.
    pub fn peer(self, forwarded: Forwarded) -> ContextLayer {
        self.reading(|headers| headers.peer(forwarded))
    }

    /// Sets the header with the request's id. A client may send any: let your proxy overwrite it.
    pub fn request_id(self, header: &'static str) -> ContextLayer {
        self.reading(|headers| headers.request_id(header))
    }

    /// Reads the trace from the header `traceparent` (W3C Trace Context). One that is malformed is ignored and counted in
    /// `auth_context_malformed_total`.
    pub fn traceparent(self) -> ContextLayer {
        self.reading(ContextReader::traceparent)
    }

    fn reading(self, change: impl FnOnce(ContextReader) -> ContextReader) -> ContextLayer {
        self.with(|reading| reading.headers = change(std::mem::take(&mut reading.headers)))
    }

    fn with(mut self, change: impl FnOnce(&mut Reading)) -> ContextLayer {
        change(Arc::make_mut(&mut self.reading));
        self
    }
}

impl Default for ContextLayer {
    fn default() -> ContextLayer {
        ContextLayer::new()
    }
}

impl fmt::Debug for ContextLayer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("ContextLayer");
        debug.field("headers", &self.reading.headers);
        debug.finish_non_exhaustive()
    }
}

impl Reading {
    fn context<B>(&self, request: &Request<B>) -> Context {
        let socket = (self.socket)(request.extensions()).map(|socket| socket.ip());
        let values = |header| request.headers().get_all(header).iter().map(HeaderValue::as_bytes);
        self.headers.read(socket, values)
    }
}

impl<S> Layer<S> for ContextLayer {
    type Service = ContextService<S>;

    fn layer(&self, inner: S) -> ContextService<S> {
        ContextService { inner, reading: Arc::clone(&self.reading) }
    }
}

/// A service whose requests have a [`Context`]; made by [`ContextLayer`].
#[derive(Clone)]
pub struct ContextService<S> {
    inner: S,
    reading: Arc<Reading>,
}

impl<S: fmt::Debug> fmt::Debug for ContextService<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ContextService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for ContextService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = InContext<S::Future>;

    fn poll_ready(&mut self, context: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> InContext<S::Future> {
        let context = self.reading.context(&request);
        let future = context.clone().in_scope(|| self.inner.call(request));
        context.scope(future)
    }
}
