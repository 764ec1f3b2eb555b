//! `AttemptMiddleware`: an attempt of each request of a route. Knows no contexts.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::StatusCode;
use actix_web::{Error, HttpResponse, ResponseError};
use auth_metrics::reasons::http_status;
use auth_metrics::{Attempts, AuthMetrics, FailureReason, OperationKind, Outcome, Reason, ReasonSet};

/// Makes an attempt of each request to a route: counted, timed and explained like a call of an annotated function.
///
/// Use it for a route whose handler or extractors can't be annotated. It sees what all of them answer, so also the refusal of an extractor
/// behind which the handler never runs. Wrap the route of one method: a wrapped resource also counts each request of another method.
///
/// ```
/// use actix_web::{App, HttpResponse, test, web};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_actix::AttemptMiddleware;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("shop").build()?;
/// let login = AttemptMiddleware::new("login").metrics(&metrics);
/// let app = App::new().route("/login", web::post().to(HttpResponse::Unauthorized).wrap(login));
/// # actix_web::rt::System::new().block_on(async {
/// #     let app = test::init_service(app).await;
/// #     test::call_service(&app, test::TestRequest::post().uri("/login").to_request()).await;
/// # });
/// // After a request:
/// let refused = [("operation", "login"), ("failure_reason", "invalid_credentials")];
/// assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &refused), Some(1.0));
/// # Ok(()) }
/// ```
///
/// # Outcomes
///
/// | the route | outcome |
/// |---|---|
/// | answers with a [`Reason`] in the response's extensions | a failure for this reason, whatever the status is |
/// | answers with an error that you named in [`errors`](AttemptMiddleware::errors) | a failure for the error's own reason |
/// | answers otherwise | by the status, as [`http_status`](fn@http_status) reads it, or as you say in [`statuses`](AttemptMiddleware::statuses) |
/// | panics | `panicked` |
/// | has its future dropped before it answers, as by a timeout | `cancelled` |
///
/// By default, actix-web finishes the request of a client that disconnects, which counts as it ends. With
/// `HttpServer::h1_allow_half_closed(false)`, it drops the request instead, which counts as `cancelled`.
///
/// The attempt ends with the response's head. If a client disconnects in the middle of the body, or the body fails, the middleware does
/// not see it.
///
/// # Born at zero
///
/// The operation is exported at zero as soon as a worker has built its app, if the handle is there by then: install the handle before you
/// start the server. Use a name that no annotated function has. Otherwise a request counts twice under it.
#[derive(Clone)]
#[must_use = "a middleware counts nothing until a route is wrapped in it"]
pub struct AttemptMiddleware {
    attempts: Attempts,
    /// What is exported at zero, and whether the user said so.
    listed: ReasonSet,
    is_listed_by_user: bool,
    answers: Answers,
}

/// How answers become outcomes.
#[derive(Clone)]
struct Answers {
    statuses: Arc<dyn Fn(StatusCode) -> Outcome + Send + Sync>,
    errors: Vec<fn(&Error) -> Option<Reason>>,
}

impl AttemptMiddleware {
    /// Names the operation.
    ///
    /// A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, counts as `other`. Don't make the name from anything in a
    /// request.
    pub fn new(op: impl Into<String>) -> AttemptMiddleware {
        let statuses = Arc::new(|status: StatusCode| http_status::outcome(&status.as_u16()));
        AttemptMiddleware {
            attempts: Attempts::new(op),
            listed: http_status::REASONS,
            is_listed_by_user: false,
            answers: Answers { statuses, errors: Vec::new() },
        }
    }

    /// Sets what the operation does. Default: [`OperationKind::Authentication`].
    ///
    /// If the operation has another kind already, that one stays, and the internal error `kinds_differ` is counted.
    pub fn kind(self, kind: OperationKind) -> AttemptMiddleware {
        AttemptMiddleware { attempts: self.attempts.kind(kind), ..self }
    }

    /// Sets the handle that counts. Default: the installed one.
    pub fn metrics(self, metrics: &AuthMetrics) -> AttemptMiddleware {
        AttemptMiddleware { attempts: self.attempts.metrics(metrics), ..self }
    }

    /// Sets the service. Default: the handle's own.
    pub fn service_id(self, service_id: impl Into<String>) -> AttemptMiddleware {
        AttemptMiddleware { attempts: self.attempts.service_id(service_id), ..self }
    }

    /// Lists the reasons that are exported at zero, in place of all that the middleware knows to be possible. A reason outside the list
    /// is still counted.
    pub fn among(self, reasons: ReasonSet) -> AttemptMiddleware {
        AttemptMiddleware { listed: reasons, is_listed_by_user: true, ..self }
    }

    /// Reads errors of this type by their own reasons, which say more than a status. Name each type that extractors and handlers of the
    /// route return.
    ///
    /// ```
    /// use actix_web::ResponseError;
    /// use auth_metrics::FailureReason;
    /// use auth_metrics_actix::AttemptMiddleware;
    ///
    /// #[derive(Debug, FailureReason)]
    /// enum SessionError {
    ///     TokenExpired,
    ///     TokenRevoked,
    /// }
    /// # impl std::fmt::Display for SessionError {
    /// #     fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { out.write_str("sign in again") }
    /// # }
    ///
    /// impl ResponseError for SessionError {} // its status
    ///
    /// let gate = AttemptMiddleware::new("session").errors::<SessionError>();
    /// # let _ = gate;
    /// ```
    pub fn errors<E: ResponseError + FailureReason + 'static>(mut self) -> AttemptMiddleware {
        self.answers.errors.push(|error| error.as_error::<E>().map(E::failure_reason));
        self.list(E::REASONS)
    }

    /// Reads statuses with a function of your own. It may give any reason, so every reason is exported at zero.
    /// [`among`](AttemptMiddleware::among) lists those it gives. If it panics, the attempt counts as `unknown`, and the client still
    /// gets the answer.
    ///
    /// ```
    /// use actix_web::http::StatusCode;
    /// use auth_metrics::{Outcome, reasons};
    /// use auth_metrics_actix::AttemptMiddleware;
    ///
    /// let gate = AttemptMiddleware::new("gate")
    ///     .statuses(|status| match status {
    ///         StatusCode::NOT_FOUND => Outcome::Success, // let in, and there was nothing
    ///         _ => reasons::http_status::outcome(&status.as_u16()),
    ///     })
    ///     .among(reasons::http_status::REASONS);
    /// # let _ = gate;
    /// ```
    pub fn statuses(
        mut self,
        read: impl Fn(StatusCode) -> Outcome + Send + Sync + 'static,
    ) -> AttemptMiddleware {
        self.answers.statuses = Arc::new(read);
        self.list(ReasonSet::ALL)
    }

    fn list(self, reasons: ReasonSet) -> AttemptMiddleware {
        let listed = if self.is_listed_by_user { self.listed } else { self.listed.union(reasons) };
        AttemptMiddleware { listed, ..self }
    }
}

impl fmt::Debug for AttemptMiddleware {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptMiddleware").field("op", &self.attempts.op()).finish_non_exhaustive()
    }
}

impl Answers {
    fn outcome<B>(&self, answer: &Result<ServiceResponse<B>, Error>) -> Outcome {
        match answer {
            Ok(answer) => self.of_response(answer.response()),
            Err(error) => self
                .of_error(error)
                .unwrap_or_else(|| (self.statuses)(error.as_response_error().status_code())),
        }
    }

    fn of_response<B>(&self, response: &HttpResponse<B>) -> Outcome {
        let noted = response.extensions().get::<Reason>().copied().map(Outcome::Failure);
        let of_error = || response.error().and_then(|error| self.of_error(error));
        noted.or_else(of_error).unwrap_or_else(|| (self.statuses)(response.status()))
    }

    fn of_error(&self, error: &Error) -> Option<Outcome> {
        self.errors.iter().find_map(|read| read(error)).map(Outcome::Failure)
    }
}

impl<S, B> Transform<S, ServiceRequest> for AttemptMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = AttemptService<S>;
    type InitError = ();
    type Future = Ready<Result<AttemptService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        let attempts = self.attempts.clone().among(self.listed);
        attempts.declare();
        ready(Ok(AttemptService { inner, attempts, answers: Arc::new(self.answers.clone()) }))
    }
}

/// A service whose requests are attempts; made by [`AttemptMiddleware`].
pub struct AttemptService<S> {
    inner: S,
    attempts: Attempts,
    answers: Arc<Answers>,
}

impl<S, B> Service<ServiceRequest> for AttemptService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<ServiceResponse<B>, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let answers = Arc::clone(&self.answers);
        let outcome = move |answer: &Result<ServiceResponse<B>, Error>| answers.outcome(answer);
        Box::pin(self.attempts.meter(|| self.inner.call(request), outcome))
    }
}

impl<S> fmt::Debug for AttemptService<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptService").field("op", &self.attempts.op()).finish_non_exhaustive()
    }
}
