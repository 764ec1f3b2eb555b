//! `Attempts`: one operation whose code can't be annotated, and its series once that is found. Knows no requests and no answers.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::attempt::Attempt;
use crate::ambient::{self, Handle};
use crate::handle::{AuthMetrics, Series};
use crate::storage::Clock;
use crate::terms::{OperationKind, ReasonSet};

/// Makes attempts of one operation whose code you can't annotate: what the middleware of a web framework is built on.
///
/// `tower::AttemptLayer`, `auth-metrics-actix` and `auth-metrics-rocket` are middleware for their frameworks. For another one, write
/// your own:
///
/// ```
/// use auth_metrics::{Attempts, AuthMetrics, OperationKind, reasons};
///
/// # struct Request;
/// # async fn handle(_: Request) -> u16 { 401 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let gate = Attempts::new("gate").kind(OperationKind::Token).metrics(&metrics).among(reasons::http_status::REASONS);
/// gate.declare(); // exported at zero from now on
///
/// # let request = Request;
/// let status = gate.meter(|| handle(request), reasons::http_status::outcome).await;
/// assert_eq!(status, 401);
///
/// let refused = [("operation", "gate"), ("failure_reason", "invalid_credentials")];
/// assert_eq!(metrics.snapshot().value("auth_operation_failures_total", &refused), Some(1.0));
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is counted until an attempt is made"]
pub struct Attempts(Arc<Place>);

#[derive(Clone)]
struct Place {
    op: String,
    kind: OperationKind,
    service_id: Option<String>,
    handle: Option<AuthMetrics>,
    among: ReasonSet,
    /// In the given handle, else in the process's: neither changes.
    found: OnceLock<Arc<Series>>,
}

impl Attempts {
    /// Names the operation. A name that is not `[a-z][a-z0-9_]*`, or has more than 64 bytes, counts as `other`. Don't make it from
    /// anything in a request.
    pub fn new(op: impl Into<String>) -> Attempts {
        Attempts(Arc::new(Place {
            op: op.into(),
            kind: OperationKind::default(),
            service_id: None,
            handle: None,
            among: ReasonSet::ALL,
            found: OnceLock::new(),
        }))
    }

    /// Sets what the operation does. Default: [`OperationKind::Authentication`].
    ///
    /// If the operation has another kind already, that one stays, and the internal error `kinds_differ` is counted.
    pub fn kind(self, kind: OperationKind) -> Attempts {
        self.with(|place| place.kind = kind)
    }

    /// Sets the handle that counts. Default: the one that an annotated function records into, that of the task's scope or else the
    /// installed one.
    pub fn metrics(self, metrics: &AuthMetrics) -> Attempts {
        self.with(|place| place.handle = Some(metrics.clone()))
    }

    /// Sets the service. Default: the handle's own.
    pub fn service_id(self, service_id: impl Into<String>) -> Attempts {
        self.with(|place| place.service_id = Some(service_id.into()))
    }

    /// Lists the reasons that are exported at zero. Default: all. A reason outside the list is still counted.
    pub fn among(self, reasons: ReasonSet) -> Attempts {
        self.with(|place| place.among = reasons)
    }

    /// Returns the name of the operation.
    pub fn op(&self) -> &str {
        &self.0.op
    }

    /// Exports the operation at zero, in the handle that will count. If no handle is installed yet, it is declared with the first
    /// attempt instead.
    pub fn declare(&self) {
        if let Some(metrics) = &self.0.handle {
            self.find(metrics);
            return;
        }
        match ambient::existing() {
            Some(Handle::Process(metrics)) => drop(self.find(metrics)),
            Some(Handle::Shared(metrics)) => drop(self.series(&metrics)),
            None => {}
        }
    }

    /// Starts an attempt by hand.
    pub fn start(&self) -> Attempt {
        self.start_after(0)
    }

    /// Changes a copy, whose series is still to be found.
    fn with(mut self, change: impl FnOnce(&mut Place)) -> Attempts {
        let place = Arc::make_mut(&mut self.0);
        place.found = OnceLock::new();
        change(place);
        self
    }

    /// The clock of the handle that will be meant, as far as that can be told.
    pub(super) fn clock(&self) -> Clock {
        self.0.handle.as_ref().map_or_else(ambient::clock, |metrics| metrics.clock().clone())
    }

    /// Starts an attempt that took `spent` nanoseconds already.
    pub(super) fn start_after(&self, spent: u64) -> Attempt {
        if let Some(metrics) = &self.0.handle {
            return Attempt::start(metrics, self.find(metrics), spent);
        }
        match ambient::current() {
            Handle::Process(metrics) => Attempt::start(metrics, self.find(metrics), spent),
            Handle::Shared(metrics) => Attempt::start(&metrics, self.series(&metrics), spent),
        }
    }

    fn find(&self, metrics: &AuthMetrics) -> Option<&Arc<Series>> {
        let found = &self.0.found;
        if let Some(series) = found.get() {
            return Some(series);
        }
        let series = Arc::clone(self.series(metrics)?);
        Some(found.get_or_init(|| series))
    }

    /// Declares the operation in a handle, and returns its series there.
    fn series<'m>(&self, metrics: &'m AuthMetrics) -> Option<&'m Arc<Series>> {
        let Place { op, kind, service_id, among, .. } = &*self.0;
        let service = match service_id {
            Some(service_id) => metrics.service_index(service_id),
            None => metrics.own_service(),
        };
        let (index, operation) = metrics.operation(op);
        let series = metrics.series(service, index, operation, *kind, among.positions());
        metrics.check_kind(operation, *kind);
        series
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Attempts").field("op", &self.0.op).finish_non_exhaustive()
    }
}
