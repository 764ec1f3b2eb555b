//! Where the requests of a layer count, and as what.

use std::sync::{Arc, OnceLock};

use super::reading::{ReadError, ReadResponse};
use crate::ambient::{self, Handle};
use crate::handle::{AuthMetrics, Series};
use crate::record::Attempt;
use crate::storage::Clock;
use crate::terms::{OperationKind, Outcome, ReasonSet};
use crate::verdict::Classified;

/// What a layer, its services and their futures share.
pub(super) struct Meter<A, E> {
    pub(super) place: Place,
    pub(super) responses: Arc<A>,
    pub(super) errors: Arc<E>,
}

/// The operation of a layer, and its series once that is found.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) op: String,
    pub(super) kind: OperationKind,
    pub(super) service_id: Option<String>,
    pub(super) handle: Option<AuthMetrics>,
    pub(super) reasons_of_responses: ReasonSet,
    pub(super) reasons_of_errors: ReasonSet,
    /// Given by the user in place of the other two.
    pub(super) among: Option<ReasonSet>,
    /// In the given handle, else in the process's: neither changes.
    pub(super) found: OnceLock<Arc<Series>>,
}

impl Place {
    /// Exports the operation at zero, if the handle that will be meant is there already.
    pub(super) fn declare(&self) {
        if let Some(metrics) = &self.handle {
            self.find(metrics);
            return;
        }
        match ambient::existing() {
            Some(Handle::Process(metrics)) => drop(self.find(metrics)),
            Some(Handle::Shared(metrics)) => drop(self.series(&metrics)),
            None => {}
        }
    }

    /// The clock of the handle that will be meant, as far as that can be told.
    pub(super) fn clock(&self) -> Clock {
        self.handle.as_ref().map_or_else(ambient::clock, |metrics| metrics.clock().clone())
    }

    /// Starts the attempt of a request that took `spent` nanoseconds already.
    pub(super) fn start(&self, spent: u64) -> Attempt {
        if let Some(metrics) = &self.handle {
            return Attempt::start(metrics, self.find(metrics), spent);
        }
        match ambient::current() {
            Handle::Process(metrics) => Attempt::start(metrics, self.find(metrics), spent),
            Handle::Shared(metrics) => Attempt::start(&metrics, self.series(&metrics), spent),
        }
    }

    fn find(&self, metrics: &AuthMetrics) -> Option<&Arc<Series>> {
        if let Some(series) = self.found.get() {
            return Some(series);
        }
        let series = Arc::clone(self.series(metrics)?);
        Some(self.found.get_or_init(|| series))
    }

    /// Declares the operation in a handle, and returns its series there.
    fn series<'m>(&self, metrics: &'m AuthMetrics) -> Option<&'m Arc<Series>> {
        let service = match &self.service_id {
            Some(service_id) => metrics.service_index(service_id),
            None => metrics.own_service(),
        };
        let reasons = self.among.unwrap_or(self.reasons_of_responses.union(self.reasons_of_errors));
        let (index, operation) = metrics.operation(&self.op);
        let series = metrics.series(service, index, operation, self.kind, reasons.positions());
        metrics.check_kind(operation, self.kind);
        series
    }
}

impl<A, E> Meter<A, E> {
    /// Ends an attempt with the answer of the service.
    pub(super) fn finish<R, T>(&self, attempt: Attempt, answer: &Result<R, T>)
    where
        A: ReadResponse<R>,
        E: ReadError<T>,
    {
        let read = |answer: &Result<R, T>| match answer {
            Ok(response) => self.responses.outcome(response),
            Err(error) => Outcome::Failure(self.errors.reason(error)),
        };
        attempt.finish_judged(&Classified(read), answer);
    }
}
