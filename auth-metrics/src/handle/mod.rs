//! `AuthMetrics`: one handle's counts, how it is built, what is recorded into it and what is read out of it.
//! Knows nothing of registries, HTTP or which handle a call means.

mod activity;
mod builder;
mod error;
mod internal_error;
mod operation;
mod series;
mod service;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub use builder::{Builder, Exposure};
pub use error::Error;
pub(crate) use internal_error::{Bounded, Fault, Faults, unwinding_stops};
pub(crate) use operation::Operation;
pub(crate) use series::{Counts, Series};
pub(crate) use service::{ByHand, Service};

use crate::catalogue::Annotated;
use crate::storage::{Buckets, Cells, Clock, Names};
use crate::terms::{FailureReason, Kind, Positions, label};

/// A handle to one set of authentication metrics. Clones are cheap and record into the same counts.
///
/// ```
/// use auth_metrics::AuthMetrics;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// metrics.record_successful_auth("gateway");
/// assert!(metrics.encode_text().contains("service_auth_successful_total{service_id=\"gateway\"} 1\n"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct AuthMetrics {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: Options,
    pub(crate) core: Arc<Core>,
    pub(crate) operations: Names<Operation>,
    pub(crate) services: Names<Service>,
    /// The index of the handle's own service.
    pub(crate) own: usize,
    /// How long the last text was.
    text_size: AtomicUsize,
}

/// What stays as it was built.
pub(crate) struct Options {
    pub(crate) exposure: Exposure,
    pub(crate) namespace: Option<String>,
    pub(crate) const_labels: Vec<(String, String)>,
    /// How long a service stays active without a success; for ever, if none.
    pub(crate) service_ttl: Option<Duration>,
}

/// What every series of a handle needs while it records.
pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) buckets: Buckets,
    pub(crate) faults: Faults,
}

impl AuthMetrics {
    /// Starts a handle with its options.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The service id that is recorded where none is given.
    pub fn service_id(&self) -> &str {
        self.inner.services.name(self.inner.own)
    }

    /// The index of the handle's own service.
    #[inline]
    pub(crate) fn own_service(&self) -> usize {
        self.inner.own
    }

    /// Lists an operation with every reason that `E` can give, so that all its series are exported at zero before the
    /// first attempt.
    ///
    /// Annotated functions list themselves at link time. Call it for attempts made by hand, and for an annotated function
    /// whose reasons are [unknown](crate::catalogue::Operation::has_unknown_reasons): until then that one is exported with
    /// every reason, so call it before the first scrape. An operation that is not in the binary's catalogue is taken as
    /// [`Kind::Authentication`]; [`declare_as`](AuthMetrics::declare_as) says otherwise.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason};
    ///
    /// #[derive(FailureReason)]
    /// enum KioskError {
    ///     InvalidCredentials,
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare::<KioskError>("kiosk_login");
    /// assert!(metrics.encode_text().contains("operation=\"kiosk_login\",failure_reason=\"invalid_credentials\"} 0\n"));
    /// # Ok(()) }
    /// ```
    pub fn declare<E: FailureReason>(&self, op: &str) {
        let (_, operation) = self.operation(op);
        operation.list(Kind::Authentication, E::REASONS.positions());
        operation.settle();
    }

    /// [`declare`](AuthMetrics::declare) for an operation of another kind: before its first attempt, which decides too.
    ///
    /// A kind that is known already stays; to declare another one is counted and logged as the fault `kinds_differ`.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, Kind, Outcome};
    ///
    /// #[derive(FailureReason)]
    /// enum BadgeError {
    ///     TokenExpired,
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare_as::<BadgeError>("badge", Kind::Token);
    /// metrics.attempt("badge").finish(Outcome::Success);
    /// assert_eq!(metrics.snapshot().value("jwt_token_verifications_total", &[("status", "success")]), Some(1.0));
    ///
    /// metrics.declare_as::<BadgeError>("badge", Kind::Authorization); // it stays a token
    /// let fault = [("kind", "kinds_differ")];
    /// assert_eq!(metrics.snapshot().value("auth_metrics_internal_errors_total", &fault), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn declare_as<E: FailureReason>(&self, op: &str, kind: Kind) {
        let (_, operation) = self.operation(op);
        operation.list(kind, E::REASONS.positions());
        operation.settle();
        if operation.kind() != kind {
            self.count_fault(Fault::KindsDiffer);
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.core.clock
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// How many bytes the last text of this handle had; zero before the first.
    pub(crate) fn text_size(&self) -> usize {
        self.inner.text_size.load(Ordering::Relaxed)
    }

    pub(crate) fn note_text_size(&self, size: usize) {
        self.inner.text_size.store(size, Ordering::Relaxed);
    }

    pub(crate) fn is(&self, other: &AuthMetrics) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(crate) fn count_fault(&self, fault: Fault) {
        self.inner.core.faults.count(fault);
    }

    /// Where a service stands in the table, its place made if it is new.
    #[inline]
    pub(crate) fn service_index(&self, id: &str) -> usize {
        let make = |_| Service::new(&self.inner.operations);
        let (place, _) = self.inner.services.resolve(id, label::is_service_id, make);
        self.note(place.folded, Bounded::ServiceId);
        place.index
    }

    /// Where a service stands in the table and whether it is folded there; none if it is new. Nothing is made for it.
    pub(crate) fn standing_service(&self, id: &str) -> Option<(usize, bool)> {
        let index = self.inner.services.stands_at(id, label::is_service_id)?;
        Some((index, index == self.max_services() && id != label::OTHER))
    }

    /// Makes the place where a service stands, if that is where names are folded into, and counts that it was folded.
    pub(crate) fn enter_service(&self, service: usize, folded: bool) {
        self.note(folded, Bounded::ServiceId);
        if service == self.max_services() {
            self.service_index(label::OTHER);
        }
    }

    /// The name of the service at an index.
    pub(crate) fn service_name(&self, service: usize) -> &str {
        self.inner.services.name(service)
    }

    /// The name of the service at an index, unless that is where names are folded into.
    pub(crate) fn named_service(&self, service: usize) -> Option<&str> {
        (service < self.max_services()).then(|| self.inner.services.name(service))
    }

    pub(crate) fn max_services(&self) -> usize {
        self.inner.services.capacity()
    }

    #[inline]
    pub(crate) fn service(&self, id: &str) -> &Service {
        let make = |_| Service::new(&self.inner.operations);
        let (place, service) = self.inner.services.resolve(id, label::is_service_id, make);
        self.note(place.folded, Bounded::ServiceId);
        service
    }

    pub(crate) fn operation(&self, op: &str) -> (usize, &Operation) {
        let make = |_| Operation::new(false, false);
        let (place, operation) = self.inner.operations.resolve(op, label::is_name, make);
        self.note(place.folded, Bounded::Operation);
        (place.index, operation)
    }

    /// The cells of a source of a service: one count per outcome.
    pub(crate) fn source(&self, service: usize, label: &str, known: &[&str]) -> Option<&Arc<Cells>> {
        let (folded, cells) = self.inner.services.get(service)?.source(label, known);
        self.note(folded, Bounded::Source);
        Some(cells)
    }

    /// The series of an annotated function for the service at an index; `reasons` is what this function can give.
    pub(crate) fn annotated_series(
        &self,
        function: &Annotated,
        reasons: Positions,
        service: usize,
    ) -> Option<&Arc<Series>> {
        match function.position().and_then(|position| Some((position, self.inner.operations.get(position)?)))
        {
            Some((index, operation)) => self.series(service, index, operation, function.kind(), reasons),
            None => self.op_series(function.op(), function.kind(), reasons, service),
        }
    }

    /// The series of an operation named by hand.
    pub(crate) fn op_series(
        &self,
        op: &str,
        kind: Kind,
        reasons: Positions,
        service: usize,
    ) -> Option<&Arc<Series>> {
        let (index, operation) = self.operation(op);
        self.series(service, index, operation, kind, reasons)
    }

    fn series(
        &self,
        service: usize,
        index: usize,
        operation: &Operation,
        kind: Kind,
        reasons: Positions,
    ) -> Option<&Arc<Series>> {
        operation.list(kind, reasons);
        let make = || Arc::new(Series::new(&self.inner.core, operation.listed_reasons()));
        self.inner.services.get(service)?.series.get_or_make(index, make)
    }

    pub(crate) fn note(&self, folded: bool, label: Bounded) {
        if folded {
            self.inner.core.faults.fold(label);
        }
    }
}

impl fmt::Debug for AuthMetrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AuthMetrics").field("service_id", &self.service_id()).finish_non_exhaustive()
    }
}
