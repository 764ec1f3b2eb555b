//! `AttemptRoutes`: an attempt of each request of a route.

use std::fmt;
use std::sync::Arc;

use auth_metrics::reasons::rocket05;
use auth_metrics::{Attempts, AuthMetrics, OperationKind, Outcome, ReasonSet};
use rocket::http::Status;
use rocket::route::{self, Handler};
use rocket::{Data, Request, Route};

use crate::context::context_of;
use crate::reason::take_reason;

/// Makes an attempt of each request to a route: counted, timed and explained like a call of an annotated function.
///
/// Use it for a route whose handler or guards can't be annotated. It sees what all of them answer, so also the refusal of a guard behind
/// which the handler never runs.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_rocket::AttemptRoutes;
/// use rocket::http::Status;
/// use rocket::{post, routes};
///
/// #[post("/login")]
/// fn login() -> Status {
///     Status::Unauthorized
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("shop").build()?;
/// let server = rocket::build().mount("/", AttemptRoutes::new("login").metrics(&metrics).meter(routes![login]));
/// # let server = server.configure(rocket::Config { log_level: rocket::config::LogLevel::Off, ..Default::default() });
/// # rocket::local::blocking::Client::tracked(server)?.post("/login").dispatch();
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
/// | notes a reason, with [`note_reason`](crate::note_reason) or [`WithReason`](crate::WithReason) | a failure for this reason, whatever the status is |
/// | answers, fails, or forwards otherwise | by the status, as [`rocket05`](fn@rocket05) reads it, or as you say in [`statuses`](AttemptRoutes::statuses) |
/// | panics | `panicked` |
/// | has its future dropped before it answers | `cancelled` |
///
/// Rocket runs a request to its end even if the client disconnects, so what ended counts as it ended. It drops requests when it shuts
/// down. Catchers and response fairings are not part of the attempt: they run when it has ended.
///
/// A route that forwards a request has refused it, with the status of the forward. If the next route is metered too, that is an attempt
/// of its own.
///
/// Attempts have the [context](crate::ContextFairing) of the request, and so have those of annotated functions inside.
///
/// # Born at zero
///
/// The operation is exported at zero as soon as its routes are made, if the handle is there by then: install the handle before. Use a name
/// that no annotated function has. Otherwise a request counts twice under it.
#[derive(Clone)]
#[must_use = "nothing is counted until routes are made and mounted"]
pub struct AttemptRoutes {
    attempts: Attempts,
    /// What is exported at zero, and whether the user said so.
    listed: ReasonSet,
    is_listed_by_user: bool,
    statuses: Arc<dyn Fn(Status) -> Outcome + Send + Sync>,
}

impl AttemptRoutes {
    /// Names the operation.
    ///
    /// A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, counts as `other`. Don't make the name from anything in a
    /// request.
    pub fn new(op: impl Into<String>) -> AttemptRoutes {
        AttemptRoutes {
            attempts: Attempts::new(op),
            listed: rocket05::REASONS,
            is_listed_by_user: false,
            statuses: Arc::new(|status| rocket05::outcome(&status)),
        }
    }

    /// Sets what the operation does. Default: [`OperationKind::Authentication`].
    ///
    /// If the operation has another kind already, that one stays, and the internal error `kinds_differ` is counted.
    pub fn kind(self, kind: OperationKind) -> AttemptRoutes {
        AttemptRoutes { attempts: self.attempts.kind(kind), ..self }
    }

    /// Sets the handle that counts. Default: the installed one.
    pub fn metrics(self, metrics: &AuthMetrics) -> AttemptRoutes {
        AttemptRoutes { attempts: self.attempts.metrics(metrics), ..self }
    }

    /// Sets the service. Default: the handle's own.
    pub fn service_id(self, service_id: impl Into<String>) -> AttemptRoutes {
        AttemptRoutes { attempts: self.attempts.service_id(service_id), ..self }
    }

    /// Lists the reasons that are exported at zero, in place of all that a status can give. A reason outside the list is still counted:
    /// name those that you note.
    pub fn among(self, reasons: ReasonSet) -> AttemptRoutes {
        AttemptRoutes { listed: reasons, is_listed_by_user: true, ..self }
    }

    /// Reads statuses with a function of your own. It may give any reason, so every reason is exported at zero.
    /// [`among`](AttemptRoutes::among) lists those it gives. If it panics, the attempt counts as `unknown`, and the client still gets the
    /// answer.
    ///
    /// ```
    /// use auth_metrics::{Outcome, reasons};
    /// use auth_metrics_rocket::AttemptRoutes;
    ///
    /// let gate = AttemptRoutes::new("gate")
    ///     .statuses(|status| match status.code {
    ///         404 => Outcome::Success, // let in, and there was nothing
    ///         _ => reasons::rocket05::outcome(&status),
    ///     })
    ///     .among(reasons::rocket05::REASONS);
    /// # let _ = gate;
    /// ```
    pub fn statuses(self, read: impl Fn(Status) -> Outcome + Send + Sync + 'static) -> AttemptRoutes {
        let listed = if self.is_listed_by_user { self.listed } else { ReasonSet::ALL };
        AttemptRoutes { statuses: Arc::new(read), listed, ..self }
    }

    /// Meters these routes: mount what it returns. Several routes may be one operation.
    pub fn meter(&self, routes: impl Into<Vec<Route>>) -> Vec<Route> {
        let attempts = self.attempts.clone().among(self.listed);
        attempts.declare();
        let wrap = |mut route: Route| {
            let (attempts, statuses) = (attempts.clone(), Arc::clone(&self.statuses));
            route.handler = Box::new(Metered { inner: route.handler, attempts, statuses });
            route
        };
        routes.into().into_iter().map(wrap).collect()
    }
}

impl fmt::Debug for AttemptRoutes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AttemptRoutes").field("op", &self.attempts.op()).finish_non_exhaustive()
    }
}

/// The handler of a metered route.
#[derive(Clone)]
struct Metered {
    inner: Box<dyn Handler>,
    attempts: Attempts,
    statuses: Arc<dyn Fn(Status) -> Outcome + Send + Sync>,
}

#[rocket::async_trait]
impl Handler for Metered {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> route::Outcome<'r> {
        let outcome = |answer: &route::Outcome<'r>| {
            let status = || match answer {
                route::Outcome::Success(response) => response.status(),
                route::Outcome::Error(status) | route::Outcome::Forward((_, status)) => *status,
            };
            take_reason(request).map_or_else(|| (self.statuses)(status()), Outcome::Failure)
        };
        // What was said of a route before this one is not about it.
        take_reason(request);
        let context = context_of(request);
        let attempt =
            context.clone().in_scope(|| self.attempts.meter(|| self.inner.handle(request, data), outcome));
        context.scope(attempt).await
    }
}
