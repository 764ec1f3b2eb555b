//! The context of each request: read by a fairing, kept with the request, and put around handlers. Knows no attempts.

use std::convert::Infallible;
use std::sync::OnceLock;

use auth_metrics::events::{Context, ContextReader, Forwarded};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::request::{self, FromRequest};
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route};

/// Reads the [`Context`] of each request: the client's address, the request's id, and the trace.
///
/// ```
/// use auth_metrics::events::Forwarded;
/// use auth_metrics_rocket::ContextFairing;
///
/// let context = ContextFairing::new().peer(Forwarded::trusting(1)).request_id("x-request-id").traceparent();
/// let server = rocket::build().attach(context);
/// # let _ = server;
/// ```
///
/// The address is that of the connection, or the one that proxies name which you [trust](Forwarded). It is not Rocket's `client_ip`, which
/// believes the header `X-Real-IP` of anybody.
///
/// Attach it first: fairings run in the order in which they are attached, and those before it see the connection's address alone.
///
/// A fairing can't run a handler. Mount your routes through [`in_context`] or [`AttemptRoutes`](crate::AttemptRoutes), or take the
/// guard [`RequestContext`].
#[derive(Clone, Debug, Default)]
#[must_use = "a fairing does nothing until it is attached"]
pub struct ContextFairing {
    reader: ContextReader,
}

impl ContextFairing {
    /// Makes a fairing that reads the connection's address alone.
    pub fn new() -> ContextFairing {
        ContextFairing::default()
    }

    /// Sets which proxies are trusted to say the client's address. Default: none. A header in which no trusted proxy names an address is
    /// counted in `auth_context_malformed_total`.
    pub fn peer(self, forwarded: Forwarded) -> ContextFairing {
        ContextFairing { reader: self.reader.peer(forwarded) }
    }

    /// Sets the header with the request's id. A client may send any: let your proxy overwrite it.
    pub fn request_id(self, header: &'static str) -> ContextFairing {
        ContextFairing { reader: self.reader.request_id(header) }
    }

    /// Reads the trace from the header `traceparent` (W3C Trace Context). One that is malformed is ignored and counted in
    /// `auth_context_malformed_total`.
    pub fn traceparent(self) -> ContextFairing {
        ContextFairing { reader: self.reader.traceparent() }
    }
}

#[rocket::async_trait]
impl Fairing for ContextFairing {
    fn info(&self) -> Info {
        Info { name: "auth-metrics context", kind: Kind::Request | Kind::Singleton }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let context = read(request, &self.reader);
        // A fairing runs once for each request.
        let _ = of_fairing(request).set(context);
    }
}

/// What the fairing read, kept with the request. Whoever looks before it leaves it its place.
#[derive(Default)]
struct OfFairing(OnceLock<Context>);

fn of_fairing<'r>(request: &'r Request<'_>) -> &'r OnceLock<Context> {
    &request.local_cache(OfFairing::default).0
}

fn read(request: &Request<'_>, reader: &ContextReader) -> Context {
    let values = |header| request.headers().get(header).map(str::as_bytes).collect::<Vec<_>>();
    reader.read(request.remote().map(|socket| socket.ip()), values)
}

/// The context of a request. Without the fairing, and before it, it has the connection's address alone.
pub(crate) fn context_of(request: &Request<'_>) -> Context {
    of_fairing(request).get().cloned().unwrap_or_else(|| read(request, &ContextReader::new()))
}

/// A guard with the [`Context`] of a request, for handlers that can't be mounted through [`in_context`], and for tasks that they spawn.
///
/// ```
/// use auth_metrics_rocket::RequestContext;
/// use rocket::post;
///
/// # async fn check() {}
/// #[post("/login")]
/// async fn login(context: RequestContext) {
///     context.into_inner().scope(check()).await // `check` is annotated
/// }
/// # let _ = login;
/// ```
#[derive(Clone, Debug)]
pub struct RequestContext(Context);

impl RequestContext {
    /// Returns the context.
    pub fn into_inner(self) -> Context {
        self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RequestContext {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<RequestContext, Infallible> {
        request::Outcome::Success(RequestContext(context_of(request)))
    }
}

/// Runs the guards and handlers of these routes in the context of each request, so that attempts of annotated functions in there have
/// it. It lasts until the handler returns; attempts in a body that is streamed later have none.
///
/// ```
/// use auth_metrics_rocket::{ContextFairing, in_context};
/// use rocket::{get, routes};
///
/// #[get("/orders")]
/// fn orders() {}
///
/// let server = rocket::build().attach(ContextFairing::new()).mount("/", in_context(routes![orders]));
/// # let _ = server;
/// ```
pub fn in_context(routes: impl Into<Vec<Route>>) -> Vec<Route> {
    let wrap = |mut route: Route| {
        route.handler = Box::new(Scoped(route.handler));
        route
    };
    routes.into().into_iter().map(wrap).collect()
}

#[derive(Clone)]
struct Scoped(Box<dyn Handler>);

#[rocket::async_trait]
impl Handler for Scoped {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let context = context_of(request);
        let future = context.clone().in_scope(|| self.0.handle(request, data));
        context.scope(future).await
    }
}
