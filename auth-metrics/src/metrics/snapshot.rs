//! `Snapshot`: what a handle's cells hold at one moment, read once. Every family is a view of it.

use std::fmt;

use super::series::Counts;
use super::service::ByHand;
use super::{AuthMetrics, Operation, Service};
use crate::taxonomy::{Kind, OUTCOME_LABELS, Positions};

/// What a handle had counted when it was read.
///
/// The counts of an operation agree with each other at rest. In the middle of traffic its histogram may be ahead of its
/// outcomes by the attempts that ended during the reading; what started is never behind what ended.
///
/// Values are read by the names and labels of a scrape, with the precise reasons whatever the handle's
/// [`Exposure`](super::Exposure); see [`value`](Snapshot::value).
pub struct Snapshot {
    pub(super) metrics: AuthMetrics,
    pub(super) services: Vec<ServiceEntry>,
    pub(super) active_services: u64,
    pub(super) internal: [u64; super::Fault::LABELS.len()],
    pub(super) folded: [u64; super::Bounded::LABELS.len()],
    /// The histograms of all operation entries, one after another.
    buckets: Vec<u64>,
}

pub(super) struct ServiceEntry {
    pub(super) index: usize,
    pub(super) operations: Vec<OperationEntry>,
    /// By cell of [`ByHand`]; none if nothing was recorded by hand.
    by_hand: Option<Box<[u64; ByHand::COUNT]>>,
    /// By index of the source, what ended with each outcome.
    pub(super) sources: Vec<(usize, [u64; OUTCOME_LABELS.len()])>,
    /// By index of the limit's type, its usage.
    pub(super) limits: Vec<(usize, f64)>,
}

pub(super) struct OperationEntry {
    pub(super) index: usize,
    pub(super) kind: Kind,
    /// Whether attempts are made of it; if not, only latencies were recorded by hand.
    pub(super) attempted: bool,
    /// The reasons it is known to give.
    pub(super) reasons: Positions,
    pub(super) counts: Counts,
    first_bucket: usize,
}

impl AuthMetrics {
    /// Reads everything this handle has counted, without disturbing those who record.
    pub fn snapshot(&self) -> Snapshot {
        let faults = &self.inner.core.faults;
        let mut snapshot = Snapshot {
            metrics: self.clone(),
            services: Vec::new(),
            active_services: 0,
            internal: faults.internal(),
            folded: faults.folded(),
            buckets: Vec::new(),
        };
        for (index, _, service) in self.inner.services.iter() {
            let registrations = service.registrations();
            // Services that were folded can't be told apart: each of their registrations is one.
            let folded = index == self.max_services();
            snapshot.active_services += if folded { registrations } else { registrations.min(1) };
            let entry = snapshot.read_service(index, service);
            snapshot.services.push(entry);
        }
        snapshot
    }

    /// Whether an operation is exported for a service before it was ever recorded: annotated or declared ones for the
    /// handle's own service, those whose service comes with the call for every service that was registered or seen.
    fn is_expected(&self, service: usize, known: bool, operation: &Operation) -> bool {
        operation.is_listed() && (service == self.inner.own || known && operation.dynamic_service)
    }
}

impl Snapshot {
    fn read_service(&mut self, index: usize, service: &Service) -> ServiceEntry {
        let metrics = self.metrics.clone();
        let known = service.is_known();
        let operations = metrics.inner.operations.iter().filter_map(|(op, _, operation)| {
            let series = service.series.get(op);
            let latencies = service.latencies.get(op);
            let expected = metrics.is_expected(index, known, operation);
            if !expected && series.is_none() && latencies.is_none() {
                return None;
            }
            let first_bucket = self.buckets.len();
            self.buckets.resize(first_bucket + metrics.inner.core.buckets.count(), 0);
            let (mut counts, buckets) = (Counts::ZERO, &mut self.buckets[first_bucket..]);
            if let Some(series) = series {
                series.read(&mut counts, buckets);
            }
            if let Some(latencies) = latencies {
                counts.nanos = counts.nanos.saturating_add(latencies.sum(0));
                latencies.add_sums(1, buckets);
            }
            let attempted = expected || series.is_some();
            let (kind, reasons) = (operation.kind(), operation.reasons());
            Some(OperationEntry { index: op, kind, attempted, reasons, counts, first_bucket })
        });
        let operations = operations.collect();
        let by_hand = service.by_hand.get().map(|cells| {
            let mut counts = Box::new([0; ByHand::COUNT]);
            cells.add_sums(0, &mut *counts);
            counts
        });
        let sources = service.sources().map(|(source, cells)| {
            let mut outcomes = [0; OUTCOME_LABELS.len()];
            cells.add_sums(0, &mut outcomes);
            (source, outcomes)
        });
        let (sources, limits) = (sources.collect(), service.limits().collect());
        ServiceEntry { index, operations, by_hand, sources, limits }
    }

    /// The observations of an operation in each bucket alone.
    pub(super) fn buckets(&self, entry: &OperationEntry) -> &[u64] {
        &self.buckets[entry.first_bucket..][..self.metrics.inner.core.buckets.count()]
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations: usize = self.services.iter().map(|service| service.operations.len()).sum();
        let mut debug = out.debug_struct("Snapshot");
        debug.field("services", &self.services.len()).field("operations", &operations).finish_non_exhaustive()
    }
}

impl ServiceEntry {
    /// What was recorded by hand, by cell of [`ByHand`].
    pub(super) fn by_hand(&self) -> &[u64; ByHand::COUNT] {
        self.by_hand.as_deref().unwrap_or(&[0; ByHand::COUNT])
    }
}
