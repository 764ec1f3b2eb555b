//! `AttemptLayer`: what a user says about the operation of a service.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use tower_layer::Layer;

use super::meter::{Listed, Meter, Shared};
#[cfg(any(feature = "tonic013", feature = "tonic014"))]
use super::reading::Grpc;
use super::reading::{AnyError, Http, OwnReason, With};
use super::service::AttemptService;
use crate::handle::AuthMetrics;
use crate::record::Attempts;
use crate::terms::{FailureReason, OperationKind, Outcome, Reason, ReasonSet};

/// Makes an attempt of each request to a service: counted, timed and explained like a call of an annotated function.
///
/// Use it for a route whose handler or extractor can't be annotated. It works with axum, tonic and any other tower service.
///
/// ```
/// use auth_metrics::tower::AttemptLayer;
/// use auth_metrics::{AuthMetrics, OperationKind};
/// # use std::{convert::Infallible, future::{Ready, ready}, task::{Context, Poll}};
/// # use http::{Request, Response};
/// # use tower_layer::Layer as _;
/// # use tower_service::Service;
/// # #[derive(Clone)]
/// # struct TheirTokenCheck;
/// # impl Service<Request<()>> for TheirTokenCheck {
/// #     type Response = Response<()>;
/// #     type Error = Infallible;
/// #     type Future = Ready<Result<Response<()>, Infallible>>;
/// #     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> { Poll::Ready(Ok(())) }
/// #     fn call(&mut self, _: Request<()>) -> Self::Future {
/// #         ready(Ok(Response::builder().status(401).body(()).unwrap()))
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let gate = AttemptLayer::new("gate").kind(OperationKind::Token).metrics(&metrics);
/// // axum:  Router::new().route("/orders", get(orders)).route_layer(gate)
/// // tonic: Server::builder().layer(gate.grpc()).add_service(orders)
/// let mut service = gate.layer(TheirTokenCheck);
/// assert_eq!(service.call(Request::new(())).await?.status(), 401);
///
/// let refused = [("operation", "gate"), ("failure_reason", "invalid_credentials")];
/// assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &refused), Some(1.0));
/// # Ok(()) }
/// ```
///
/// # Outcomes
///
/// | the service | outcome |
/// |---|---|
/// | responds with a [`Reason`] in the response's extensions | a failure for this reason, whatever the status is |
/// | responds otherwise | by the status, as [`reasons::http1::response`](fn@crate::reasons::http1::response) reads it |
/// | returns an error | `internal_error`; see [`errors`](AttemptLayer::errors) and [`reason`](AttemptLayer::reason) |
/// | panics, in `call` or in its future | `panicked` |
/// | has its future dropped before it responds, as when a client disconnects | `cancelled` |
///
/// The attempt ends with the response's head. If a client disconnects in the middle of the body, or the body fails, the layer does not
/// see it. The body also carries the trailers of gRPC, so a stream that fails after its first message is a success here.
///
/// A handler knows the reason better than its status does. Let it say so:
///
/// ```
/// use auth_metrics::Reason;
/// use http::Response;
///
/// fn expired() -> Response<String> {
///     let mut response = Response::new("Please sign in again.".to_owned());
///     response.extensions_mut().insert(Reason::SessionInvalid); // counted as a failure, with status 200
///     response
/// }
/// # assert_eq!(expired().extensions().get(), Some(&Reason::SessionInvalid));
/// ```
///
/// # When an attempt starts
///
/// It starts when the response future is first polled, in the handle of the task that polls it. Its duration includes the time that the
/// service took in `call`. A future that is dropped before its first poll counts as `cancelled` too, since the service got the request:
/// every request is one attempt. `poll_ready` is no part of it.
///
/// If the handle has an observer, [`events::note`](crate::events::note) in the service's future says who the request is about.
///
/// # Born at zero
///
/// The operation is exported at zero as soon as the layer is applied or cloned, as a router does with it. If the handle is not there
/// yet, that is when the first request comes: install the handle before you build the router.
///
/// Use a name that no annotated function has. Otherwise a request counts twice under it.
#[must_use = "a layer counts nothing until it is applied"]
pub struct AttemptLayer<A = Http, E = AnyError> {
    meter: Shared<A, E>,
}

impl AttemptLayer {
    /// Returns a layer that reads HTTP responses.
    ///
    /// A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, counts as `other`. Don't make the name from anything in a
    /// request.
    pub fn new(op: impl Into<String>) -> AttemptLayer {
        let listed = Listed { of_responses: Http::REASONS, of_errors: AnyError::REASONS, among: None };
        AttemptLayer::with(Attempts::new(op), &listed, Arc::new(Http), Arc::new(AnyError))
    }
}

impl<A, E> AttemptLayer<A, E> {
    /// Sets what the operation does. Default: [`OperationKind::Authentication`].
    ///
    /// If the operation has another kind already, that one stays, and the internal error `kinds_differ` is counted.
    pub fn kind(self, kind: OperationKind) -> AttemptLayer<A, E> {
        self.at(|attempts| attempts.kind(kind))
    }

    /// Sets the handle that counts. Default: the one that an annotated function records into, that of the task's scope or else the
    /// installed one.
    pub fn metrics(self, metrics: &AuthMetrics) -> AttemptLayer<A, E> {
        self.at(|attempts| attempts.metrics(metrics))
    }

    /// Sets the service. Default: the handle's own.
    pub fn service_id(self, service_id: impl Into<String>) -> AttemptLayer<A, E> {
        self.at(|attempts| attempts.service_id(service_id))
    }

    /// Lists the reasons that are exported at zero, in place of all that the layer knows to be possible. A reason outside the list is
    /// still counted.
    pub fn among(self, reasons: ReasonSet) -> AttemptLayer<A, E> {
        let Meter { attempts, listed, responses, errors } = &*self.meter.0;
        let listed = Listed { among: Some(reasons), ..*listed };
        AttemptLayer::with(attempts.clone(), &listed, Arc::clone(responses), Arc::clone(errors))
    }

    /// Reads the responses of a gRPC service: by a [`Reason`] in the extensions, else by the header `grpc-status`, else by the HTTP
    /// status. Both features, `tonic013` and `tonic014`, read it the same way.
    ///
    /// A refusal of tonic is such a header on an HTTP response of status 200. What an interceptor or a unary method refuses is read. A
    /// status in the trailers, after messages, is not there yet.
    ///
    /// ```
    /// use auth_metrics::tower::AttemptLayer;
    ///
    /// let layer = AttemptLayer::new("orders_api").grpc();
    /// // tonic::transport::Server::builder().layer(layer).add_service(orders)
    /// # let _ = layer;
    /// ```
    #[cfg(any(feature = "tonic013", feature = "tonic014"))]
    pub fn grpc(self) -> AttemptLayer<Grpc, E> {
        self.read_responses(Grpc, Grpc::REASONS)
    }

    /// Reads the responses with a function of your own, which alone decides. A response may be of any type.
    ///
    /// The function may give any reason, so every reason is exported at zero. [`among`](AttemptLayer::among) lists those it gives. If it
    /// panics, the attempt counts as `unknown`, and the caller still gets the response.
    ///
    /// ```
    /// use auth_metrics::tower::AttemptLayer;
    /// use auth_metrics::{Outcome, Reason, ReasonSet, reasons};
    /// use http::{Response, StatusCode};
    ///
    /// fn outcome(response: &Response<String>) -> Outcome {
    ///     match response.status() {
    ///         StatusCode::NOT_FOUND => Outcome::Success, // let in, and there was nothing
    ///         _ => reasons::http1::response(response),
    ///     }
    /// }
    ///
    /// let layer = AttemptLayer::new("gate").classify(outcome).among(reasons::http1::REASONS);
    /// # let _ = layer;
    /// ```
    pub fn classify<R, F: Fn(&R) -> Outcome>(self, outcome: F) -> AttemptLayer<With<F>, E> {
        self.read_responses(With(outcome), ReasonSet::ALL)
    }

    /// Reads the errors of the service with a function of your own. Every reason is exported at zero, unless you list them with
    /// [`among`](AttemptLayer::among).
    ///
    /// ```
    /// use auth_metrics::tower::AttemptLayer;
    /// use auth_metrics::Reason;
    ///
    /// // Of tower's layers for timeouts, buffers and load shedding.
    /// fn reason(error: &Box<dyn std::error::Error + Send + Sync>) -> Reason {
    ///     if error.is::<std::io::Error>() { Reason::DependencyUnavailable } else { Reason::InternalError }
    /// }
    ///
    /// let layer = AttemptLayer::new("gate").reason(reason);
    /// # let _ = layer;
    /// ```
    pub fn reason<T, F: Fn(&T) -> Reason>(self, reason: F) -> AttemptLayer<A, With<F>> {
        self.read_errors(With(reason), ReasonSet::ALL)
    }

    /// Reads the errors of the service by their own reasons.
    ///
    /// ```
    /// use auth_metrics::FailureReason;
    /// use auth_metrics::tower::AttemptLayer;
    ///
    /// #[derive(FailureReason)]
    /// enum GateError {
    ///     TokenExpired,
    /// }
    ///
    /// let layer = AttemptLayer::new("gate").errors::<GateError>();
    /// # let _ = layer;
    /// ```
    pub fn errors<T: FailureReason>(self) -> AttemptLayer<A, OwnReason<T>> {
        self.read_errors(OwnReason(PhantomData), T::REASONS)
    }

    fn read_responses<B>(self, by: B, reasons: ReasonSet) -> AttemptLayer<B, E> {
        let Meter { attempts, listed, errors, .. } = &*self.meter.0;
        let listed = Listed { of_responses: reasons, ..*listed };
        AttemptLayer::with(attempts.clone(), &listed, Arc::new(by), Arc::clone(errors))
    }

    fn read_errors<T>(self, by: T, reasons: ReasonSet) -> AttemptLayer<A, T> {
        let Meter { attempts, listed, responses, .. } = &*self.meter.0;
        let listed = Listed { of_errors: reasons, ..*listed };
        AttemptLayer::with(attempts.clone(), &listed, Arc::clone(responses), Arc::new(by))
    }

    fn at(self, change: impl FnOnce(Attempts) -> Attempts) -> AttemptLayer<A, E> {
        let Meter { attempts, listed, responses, errors } = &*self.meter.0;
        AttemptLayer::with(change(attempts.clone()), listed, Arc::clone(responses), Arc::clone(errors))
    }

    fn with(attempts: Attempts, listed: &Listed, responses: Arc<A>, errors: Arc<E>) -> AttemptLayer<A, E> {
        let attempts = attempts.among(listed.all());
        AttemptLayer { meter: Shared(Arc::new(Meter { attempts, listed: *listed, responses, errors })) }
    }
}

/// A clone shares what the layer found out, and declares the operation: axum keeps a clone of it, which it applies only with the
/// first connection.
impl<A, E> Clone for AttemptLayer<A, E> {
    fn clone(&self) -> AttemptLayer<A, E> {
        self.meter.0.attempts.declare();
        AttemptLayer { meter: self.meter.clone() }
    }
}

impl<A, E> fmt::Debug for AttemptLayer<A, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptLayer").field("op", &self.meter.0.attempts.op()).finish_non_exhaustive()
    }
}

impl<S, A, E> Layer<S> for AttemptLayer<A, E> {
    type Service = AttemptService<S, A, E>;

    fn layer(&self, inner: S) -> AttemptService<S, A, E> {
        self.meter.0.attempts.declare();
        AttemptService::new(inner, self.meter.clone())
    }
}
