//! The tables of a handle: where a service, an operation, a source or a series stands, made when it is new.

use std::sync::Arc;

use super::{AuthMetrics, Followed, Operation, Series, Service};
use crate::catalogue::Annotated;
use crate::events::{Capture, EventKind};
use crate::groups::Overflow;
use crate::storage::Cells;
use crate::terms::{OperationKind, Positions, label};

impl AuthMetrics {
    /// Where a service stands in the table, its place made if it is new.
    #[inline]
    pub(crate) fn service_index(&self, id: &str) -> usize {
        let make = |_| Service::new(&self.inner.operations);
        let (place, _) = self.inner.services.resolve(id, label::is_service_id, make);
        note(place.folded, &self.inner.core.overflows.service_id);
        place.index
    }

    /// Where a service stands in the table and whether it is folded there; none if it is new. Nothing is made for it.
    pub(crate) fn standing_service(&self, id: &str) -> Option<(usize, bool)> {
        let index = self.inner.services.stands_at(id, label::is_service_id)?;
        Some((index, index == self.max_services() && id != label::OTHER))
    }

    /// Makes the place where a service stands, if that is where names are folded into, and counts that it was folded.
    pub(crate) fn enter_service(&self, service: usize, folded: bool) {
        note(folded, &self.inner.core.overflows.service_id);
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
        (service < self.max_services()).then(|| self.service_name(service))
    }

    pub(crate) fn max_services(&self) -> usize {
        self.inner.services.capacity()
    }

    #[inline]
    pub(crate) fn service(&self, id: &str) -> &Service {
        let make = |_| Service::new(&self.inner.operations);
        let (place, service) = self.inner.services.resolve(id, label::is_service_id, make);
        note(place.folded, &self.inner.core.overflows.service_id);
        service
    }

    pub(crate) fn operation(&self, op: &str) -> (usize, &Operation) {
        let make = |_| Operation::new(false, false);
        let (place, operation) = self.inner.operations.resolve(op, label::is_name, make);
        note(place.folded, &self.inner.core.overflows.operation);
        (place.index, operation)
    }

    /// The cells of a source of a service: one count per outcome.
    pub(crate) fn source(&self, service: usize, label: &str, known: &[&str]) -> Option<&Arc<Cells>> {
        let (folded, cells) = self.inner.services.get(service)?.source(label, known);
        note(folded, &self.inner.core.overflows.source);
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
        kind: OperationKind,
        reasons: Positions,
        service: usize,
    ) -> Option<&Arc<Series>> {
        let (index, operation) = self.operation(op);
        self.series(service, index, operation, kind, reasons)
    }

    /// The series of an operation at an index, which is listed with this kind and these reasons.
    pub(crate) fn series(
        &self,
        service: usize,
        index: usize,
        operation: &Operation,
        kind: OperationKind,
        reasons: Positions,
    ) -> Option<&Arc<Series>> {
        operation.list(kind, reasons);
        // What it was declared or annotated as, whoever records it.
        let kind = operation.kind();
        let make = || {
            let (reasons, inner) = (operation.listed_reasons(), &self.inner);
            let (name, operation) = (inner.services.name(service), inner.operations.name(index));
            let captured = |capture: &Capture| capture.captured(name, operation, EventKind::Attempt(kind));
            let followed = Followed::new(&inner.core, operation, captured);
            Arc::new(Series::new(&inner.core, service, kind, reasons, followed))
        };
        self.inner.services.get(service)?.series.get_or_make(index, make)
    }
}

fn note(folded: bool, overflow: &Overflow) {
    if folded {
        overflow.count();
    }
}
