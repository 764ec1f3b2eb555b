//! `Snapshot`: what a handle's cells hold at one moment, read once. Every family is a view of it.

use std::fmt;
use std::ops::Range;

use crate::decisions::LifeEntry;
use crate::handle::{AuthMetrics, Bounded, ByHand, Counts, Fault, Inner, Operation, Service};
use crate::limits::LimitLevels;
use crate::terms::{Kind, OUTCOME_LABELS, Positions, ReasonSet};

/// What a handle had counted when it was read.
///
/// The counts of an operation agree with each other at rest. In the middle of traffic its histogram may be ahead of its
/// outcomes by the attempts that ended during the reading; what started is never behind what ended.
///
/// Values are read by the names and labels of a scrape, with the precise reasons whatever the handle's
/// [`Exposure`](crate::Exposure); see [`value`](Snapshot::value).
pub struct Snapshot {
    pub(super) metrics: AuthMetrics,
    pub(crate) services: Vec<ServiceEntry>,
    pub(super) active_services: u64,
    pub(super) internal: [u64; Fault::LABELS.len()],
    pub(super) folded: [u64; Bounded::LABELS.len()],
    // What the services have, one after another: nothing is allocated for one of them.
    operations: Vec<OperationEntry>,
    sources: Vec<SourceEntry>,
    limits: Vec<LimitEntry>,
    /// Histograms and reasons of operations, and what was recorded by hand.
    counts: Vec<u64>,
}

pub(crate) struct ServiceEntry {
    pub(super) index: usize,
    operations: Range<usize>,
    sources: Range<usize>,
    limits: Range<usize>,
    /// Where its counts by cell of [`ByHand`] begin; none if nothing was recorded by hand.
    by_hand: Option<usize>,
    pub(crate) life: Option<Box<LifeEntry>>,
}

pub(super) struct OperationEntry {
    pub(super) index: usize,
    pub(super) kind: Kind,
    /// Whether attempts are made of it; if not, only latencies were recorded by hand.
    pub(super) attempted: bool,
    pub(super) started: u64,
    pub(super) success: u64,
    /// The reasons it is known to give.
    pub(super) reasons: Positions,
    /// Where its buckets begin: their counts, then their rests; the counts of its reasons follow them.
    first_bucket: usize,
}

/// What ended with each outcome, for the source at an index.
pub(super) struct SourceEntry {
    pub(super) index: usize,
    pub(super) outcomes: [u64; OUTCOME_LABELS.len()],
}

/// What is known of the limit whose type has an index.
pub(super) struct LimitEntry {
    pub(super) index: usize,
    pub(super) levels: LimitLevels,
}

impl AuthMetrics {
    /// Reads everything this handle has counted, without disturbing those who record.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::without_services(self);
        for (index, _, service) in self.inner.services.iter() {
            snapshot.read_service(&self.inner, index, service);
            snapshot.active_services += snapshot.active(service);
        }
        snapshot
    }
}

impl Inner {
    /// Whether an operation is exported for a service before it was ever recorded: annotated or declared ones for the
    /// handle's own service, those whose service comes with the call for every service that was registered or seen.
    fn is_expected(&self, service: usize, known: bool, operation: &Operation) -> bool {
        operation.is_listed() && (service == self.own || known && operation.dynamic_service)
    }
}

impl Snapshot {
    fn without_services(metrics: &AuthMetrics) -> Snapshot {
        let faults = &metrics.inner.core.faults;
        Snapshot {
            metrics: metrics.clone(),
            services: Vec::new(),
            active_services: 0,
            internal: faults.internal(),
            folded: faults.folded(),
            operations: Vec::new(),
            sources: Vec::new(),
            limits: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// What a scrape has before anything is counted: the handle's own service with the operations `own`, and one more
    /// service, called `other`, with the operations `further`.
    pub(super) fn at_zero(
        metrics: &AuthMetrics,
        own: Vec<OperationEntry>,
        further: Vec<OperationEntry>,
    ) -> Snapshot {
        let (first, all) = (own.len(), own.len() + further.len());
        let services = [(metrics.own_service(), 0..first), (metrics.max_services(), first..all)];
        let at_zero = |(index, operations)| ServiceEntry {
            index,
            operations,
            sources: 0..0,
            limits: 0..0,
            by_hand: None,
            life: None,
        };
        Snapshot {
            services: services.map(at_zero).into(),
            operations: own.into_iter().chain(further).collect(),
            counts: vec![0; 2 * metrics.inner.core.buckets.count() + ReasonSet::CAPACITY],
            ..Snapshot::without_services(metrics)
        }
    }

    fn read_service(&mut self, handle: &Inner, index: usize, service: &Service) {
        let (operations, sources, limits) = (self.operations.len(), self.sources.len(), self.limits.len());
        let known = service.is_known();
        for (op, _, operation) in handle.operations.iter() {
            let expected = handle.is_expected(index, known, operation);
            self.read_operation(handle, service, op, operation, expected);
        }
        let by_hand = service.by_hand.get().map(|cells| {
            let first = self.counts.len();
            self.counts.resize(first + ByHand::COUNT, 0);
            cells.add_sums(0, &mut self.counts[first..]);
            first
        });
        self.sources.extend(service.sources().map(|(index, cells)| {
            let mut outcomes = [0; OUTCOME_LABELS.len()];
            cells.add_sums(0, &mut outcomes);
            SourceEntry { index, outcomes }
        }));
        let limits_now = service.limits().map(|(index, limit)| LimitEntry { index, levels: limit.read() });
        self.limits.extend(limits_now);
        let life = service.known_life().map(|life| Box::new(LifeEntry::read(life)));
        let operations = operations..self.operations.len();
        let (sources, limits) = (sources..self.sources.len(), limits..self.limits.len());
        self.services.push(ServiceEntry { index, operations, sources, limits, by_hand, life });
    }

    /// How many active services the one is that was read last: services that were folded can't be told apart, each of
    /// their registrations is one.
    fn active(&self, service: &Service) -> u64 {
        let (registrations, inner) = (service.registrations(), &self.metrics.inner);
        let Some(entry) = self.services.last().filter(|_| registrations > 0) else { return 0 };
        let successes: u64 = self.operations(entry).iter().map(|operation| operation.success).sum();
        let by_hand = self.by_hand(entry);
        let by_hand =
            by_hand[ByHand::AuthSuccess.cell()].saturating_add(by_hand[ByHand::TokenSuccess.cell()]);
        let signs = service.registered().saturating_add(successes).saturating_add(by_hand);
        let is_active = inner
            .options
            .service_ttl
            .is_none_or(|ttl| service.activity().is_within(ttl, signs, &inner.core.clock));
        let is_folded = entry.index == self.metrics.max_services();
        u64::from(is_active) * if is_folded { registrations } else { 1 }
    }

    fn read_operation(
        &mut self,
        handle: &Inner,
        service: &Service,
        index: usize,
        operation: &Operation,
        expected: bool,
    ) {
        let (series, latencies) = (service.series.get(index), service.latencies.get(index));
        if !expected && series.is_none() && latencies.is_none() {
            return;
        }
        let first_bucket = self.counts.len();
        self.counts.resize(first_bucket + 2 * handle.core.buckets.count(), 0);
        let (mut counts, observed) = (Counts::ZERO, &mut self.counts[first_bucket..]);
        if let Some(series) = series {
            series.read(&mut counts, observed);
        }
        if let Some(latencies) = latencies {
            let (counts, rests) = observed.split_at_mut(observed.len() / 2);
            latencies.add_pair_sums(0, counts, rests);
        }
        let reasons = operation.reasons().union(counts.seen);
        self.counts.extend(reasons.iter().map(|position| counts.reasons[position]));
        let Counts { started, success, .. } = counts;
        let (kind, attempted) = (operation.kind(), expected || series.is_some());
        let entry = OperationEntry { index, kind, attempted, started, success, reasons, first_bucket };
        self.operations.push(entry);
    }

    /// The operations of a service.
    pub(super) fn operations(&self, service: &ServiceEntry) -> &[OperationEntry] {
        &self.operations[service.operations.clone()]
    }

    /// The sources of a service.
    pub(super) fn sources(&self, service: &ServiceEntry) -> &[SourceEntry] {
        &self.sources[service.sources.clone()]
    }

    /// The limits of a service.
    pub(super) fn limits(&self, service: &ServiceEntry) -> &[LimitEntry] {
        &self.limits[service.limits.clone()]
    }

    /// What was recorded by hand for a service, by cell of [`ByHand`].
    pub(super) fn by_hand(&self, service: &ServiceEntry) -> &[u64; ByHand::COUNT] {
        let counts = service.by_hand.and_then(|first| self.counts[first..].first_chunk());
        counts.unwrap_or(&[0; ByHand::COUNT])
    }

    /// What was observed of an operation in each bucket alone: the counts of the buckets, then their rests.
    pub(super) fn observed(&self, entry: &OperationEntry) -> &[u64] {
        &self.counts[entry.first_bucket..][..2 * self.metrics.inner.core.buckets.count()]
    }

    /// How often an operation failed for each reason it is known to give, by position.
    pub(super) fn failures(&self, entry: &OperationEntry) -> impl Iterator<Item = (usize, u64)> {
        let first = entry.first_bucket + 2 * self.metrics.inner.core.buckets.count();
        entry.reasons.iter().zip(self.counts[first..].iter().copied())
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Snapshot");
        debug.field("services", &self.services.len()).field("operations", &self.operations.len());
        debug.finish_non_exhaustive()
    }
}

impl OperationEntry {
    /// An operation of [`Snapshot::at_zero`], where all share their counts.
    pub(super) fn at_zero(index: usize, kind: Kind, reasons: Positions) -> OperationEntry {
        let (started, success) = (0, 0);
        OperationEntry { index, kind, attempted: true, started, success, reasons, first_bucket: 0 }
    }
}
