//! `Snapshot`: what a handle's cells hold at one moment, read once. Every family is a view of it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::groups::{Samples, add_up};
use crate::handle::{
    AuthMetrics, ByHand, Counts, Exemplar, ExemplarOf, Inner, InternalError, Operation, Options, Service,
};
use crate::storage::Buckets;
use crate::terms::{Ended, OUTCOME_LABELS, OperationKind, Positions, ReasonSet, label};

/// What a handle had counted when it was read.
///
/// The counts of an operation agree with each other at rest. In the middle of traffic its histogram may be ahead of its
/// outcomes by the attempts that ended during the reading; what started is never behind what ended.
///
/// It stands alone: keep it, send it to another thread, compare it with an older one. It has the precise reasons, whatever the
/// handle's [`Exposure`](crate::Exposure).
///
/// | to read | use |
/// |---|---|
/// | one value, by the name and labels of a scrape | [`value`](Snapshot::value), [`histogram`](Snapshot::histogram) |
/// | what was counted, typed | [`operations`](Snapshot::operations), [`reasons`](Snapshot::reasons), [`sources`](Snapshot::sources) |
/// | everything, to write it in another format | [`visit`](Snapshot::visit) |
///
/// ```
/// use auth_metrics::{AuthMetrics, Outcome};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let before = metrics.snapshot();
/// metrics.attempt("login").finish(Outcome::Success);
/// let after = metrics.snapshot();
///
/// let started = |snapshot: &auth_metrics::Snapshot| -> u64 {
///     snapshot.operations().filter(|operation| operation.name() == "login").map(|operation| operation.started()).sum()
/// };
/// assert_eq!(started(&after) - started(&before), 1);
/// # Ok(()) }
/// ```
pub struct Snapshot {
    pub(super) options: Arc<Options>,
    pub(super) buckets: Arc<Buckets>,
    pub(super) services: Vec<ServiceEntry>,
    pub(super) active_services: u64,
    pub(super) internal_errors: Vec<(&'static str, u64)>,
    pub(super) overflows: Vec<(&'static str, u64)>,
    pub(super) groups: Vec<Samples>,
    // What the services have, one after another: nothing is allocated for one of them.
    operations: Vec<OperationEntry>,
    sources: Vec<SourceEntry>,
    /// Histograms and reasons of operations, and what was recorded by hand.
    counts: Vec<u64>,
    exemplars: Vec<(ExemplarOf, Exemplar)>,
}

pub(super) struct ServiceEntry {
    pub(super) id: Arc<str>,
    operations: Range<usize>,
    sources: Range<usize>,
    /// Where its counts by cell of [`ByHand`] begin; none if nothing was recorded by hand.
    by_hand: Option<usize>,
}

pub(super) struct OperationEntry {
    pub(super) name: Arc<str>,
    pub(super) kind: OperationKind,
    /// Whether attempts are made of it; if not, only latencies were recorded by hand.
    pub(super) attempted: bool,
    pub(super) started: u64,
    pub(super) success: u64,
    /// The reasons it is known to give.
    pub(super) reasons: Positions,
    /// Where its buckets begin: their counts, then their rests; the counts of its reasons follow them.
    first_bucket: usize,
    exemplars: Range<usize>,
    /// Where the counts begin of those of its ends that were part of another attempt, by index of the end; none if there was none.
    first_nested: Option<usize>,
    /// Attempts that ended better than one inside of them.
    pub(super) hiding: u64,
}

/// What ended with each outcome, for one source.
pub(super) struct SourceEntry {
    pub(super) label: Arc<str>,
    pub(super) outcomes: [u64; OUTCOME_LABELS.len()],
}

/// Labels of the core's own groups, which are attached with their first use.
const LABELS_OF_GROUPS: [&str; 2] = ["limit_type", "policy"];

impl AuthMetrics {
    /// Reads everything this handle has counted, without disturbing those who record.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::without_services(&self.inner);
        for (index, id, service) in self.inner.services.iter() {
            snapshot.read_service(&self.inner, index, id, service);
            snapshot.active_services += snapshot.active(&self.inner, index, service);
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
    fn without_services(handle: &Inner) -> Snapshot {
        let failed = |times| {
            (0..times).for_each(|_| handle.core.internal_errors.count(InternalError::GroupFailed as usize));
        };
        let groups = handle.groups.collect(failed);
        let overflows = &handle.core.overflows;
        let own = [&overflows.service_id, &overflows.operation, &overflows.source];
        let mut snapshot = Snapshot {
            options: Arc::clone(&handle.options),
            buckets: Arc::clone(&handle.core.buckets),
            services: Vec::new(),
            active_services: 0,
            internal_errors: handle.core.internal_errors.iter().collect(),
            overflows: own.map(|overflow| (overflow.label(), overflow.get())).into(),
            groups: Vec::new(),
            operations: Vec::new(),
            sources: Vec::new(),
            counts: Vec::new(),
            exemplars: Vec::new(),
        };
        snapshot.overflows.extend(LABELS_OF_GROUPS.map(|label| (label, 0)));
        for samples in &groups {
            add_up(&mut snapshot.overflows, samples.overflow_counts().iter().copied());
            add_up(&mut snapshot.internal_errors, samples.internal_error_counts().iter().copied());
        }
        Snapshot { groups, ..snapshot }
    }

    /// What a scrape has before anything is counted: the handle's own service with the operations `own`, and one more
    /// service, called `other`, with the operations `further`. Its groups are as they are now.
    pub(super) fn at_zero(
        self,
        handle: &Inner,
        own: Vec<OperationEntry>,
        further: Vec<OperationEntry>,
    ) -> Snapshot {
        let (first, all) = (own.len(), own.len() + further.len());
        let own_id = Arc::clone(handle.services.name(handle.own));
        let services = [(own_id, 0..first), (label::OTHER.into(), first..all)];
        let at_zero = |(id, operations)| ServiceEntry { id, operations, sources: 0..0, by_hand: None };
        Snapshot {
            services: services.map(at_zero).into(),
            operations: own.into_iter().chain(further).collect(),
            sources: Vec::new(),
            counts: vec![0; 2 * self.buckets.count() + ReasonSet::CAPACITY],
            ..self
        }
    }

    fn read_service(&mut self, handle: &Inner, index: usize, id: &Arc<str>, service: &Service) {
        let (operations, sources) = (self.operations.len(), self.sources.len());
        let known = service.is_known();
        for (op, name, operation) in handle.operations.iter() {
            let expected = handle.is_expected(index, known, operation);
            self.read_operation(service, op, name, operation, expected);
        }
        let by_hand = service.by_hand.get().map(|cells| {
            let first = self.counts.len();
            self.counts.resize(first + ByHand::COUNT, 0);
            cells.add_sums(0, &mut self.counts[first..]);
            first
        });
        self.sources.extend(service.sources().map(|(label, cells)| {
            let mut outcomes = [0; OUTCOME_LABELS.len()];
            cells.add_sums(0, &mut outcomes);
            SourceEntry { label: Arc::clone(label), outcomes }
        }));
        let (operations, sources) = (operations..self.operations.len(), sources..self.sources.len());
        self.services.push(ServiceEntry { id: Arc::clone(id), operations, sources, by_hand });
    }

    /// How many active services the one is that was read last: services that were folded can't be told apart, each of
    /// their registrations is one.
    fn active(&self, handle: &Inner, index: usize, service: &Service) -> u64 {
        let registrations = service.registrations();
        let Some(entry) = self.services.last().filter(|_| registrations > 0) else { return 0 };
        let successes: u64 = self.operations_of(entry).iter().map(|operation| operation.success).sum();
        let by_hand = self.by_hand(entry);
        let by_hand =
            by_hand[ByHand::AuthSuccess.cell()].saturating_add(by_hand[ByHand::TokenSuccess.cell()]);
        let signs = service.registered().saturating_add(successes).saturating_add(by_hand);
        let ttl = self.options.service_ttl;
        let is_active = ttl.is_none_or(|ttl| service.activity().is_within(ttl, signs, &handle.core.clock));
        let is_folded = index == handle.services.capacity();
        u64::from(is_active) * if is_folded { registrations } else { 1 }
    }

    fn read_operation(
        &mut self,
        service: &Service,
        index: usize,
        name: &Arc<str>,
        operation: &Operation,
        expected: bool,
    ) {
        let (series, latencies) = (service.series.get(index), service.latencies.get(index));
        if !expected && series.is_none() && latencies.is_none() {
            return;
        }
        let first_bucket = self.counts.len();
        self.counts.resize(first_bucket + 2 * self.buckets.count(), 0);
        let (mut counts, observed) = (Counts::ZERO, &mut self.counts[first_bucket..]);
        if let Some(series) = series {
            series.read(&mut counts, observed);
        }
        if let Some(latencies) = latencies {
            let (counts, rests) = observed.split_at_mut(observed.len() / 2);
            latencies.add_pair_sums(0, counts, rests);
        }
        let first_exemplar = self.exemplars.len();
        if let Some(followed) = series.and_then(|series| series.followed()) {
            followed.read_exemplars(|of, exemplar| self.exemplars.push((of, exemplar)));
        }
        let exemplars = first_exemplar..self.exemplars.len();
        let reasons = operation.reasons().union(counts.seen);
        self.counts.extend(reasons.iter().map(|position| counts.reasons[position]));
        let first_nested = counts.nested.iter().any(|count| *count > 0).then_some(self.counts.len());
        if first_nested.is_some() {
            self.counts.extend(counts.nested);
        }
        let Counts { started, success, hiding, .. } = counts;
        let (kind, attempted) = (operation.kind(), expected || series.is_some());
        let name = Arc::clone(name);
        self.operations.push(OperationEntry {
            name,
            kind,
            attempted,
            started,
            success,
            reasons,
            first_bucket,
            exemplars,
            first_nested,
            hiding,
        });
    }

    /// The operations of a service.
    pub(super) fn operations_of(&self, service: &ServiceEntry) -> &[OperationEntry] {
        &self.operations[service.operations.clone()]
    }

    /// The sources of a service.
    pub(super) fn sources_of(&self, service: &ServiceEntry) -> &[SourceEntry] {
        &self.sources[service.sources.clone()]
    }

    /// What was recorded by hand for a service, by cell of [`ByHand`].
    pub(super) fn by_hand(&self, service: &ServiceEntry) -> &[u64; ByHand::COUNT] {
        let counts = service.by_hand.and_then(|first| self.counts[first..].first_chunk());
        counts.unwrap_or(&[0; ByHand::COUNT])
    }

    /// What was observed of an operation in each bucket alone: the counts of the buckets, then their rests.
    pub(super) fn observed(&self, entry: &OperationEntry) -> &[u64] {
        &self.counts[entry.first_bucket..][..2 * self.buckets.count()]
    }

    /// How many attempts of an operation succeeded that were no part of another one.
    pub(super) fn outer_success(&self, entry: &OperationEntry) -> u64 {
        entry.success.saturating_sub(self.nested(entry, Ended::SUCCESS))
    }

    /// How often attempts of an operation that were no part of another one failed, for each reason it is known to give, by position.
    pub(super) fn outer_failures(&self, entry: &OperationEntry) -> impl Iterator<Item = (usize, u64)> {
        self.failures(entry).map(|(position, count)| {
            (position, count.saturating_sub(self.nested(entry, Ended::at(position))))
        })
    }

    fn nested(&self, entry: &OperationEntry, ended: Ended) -> u64 {
        let nested = entry.first_nested.and_then(|first| self.counts.get(first + ended.index()));
        nested.copied().unwrap_or_default()
    }

    /// The exemplars of an operation.
    pub(super) fn exemplars(&self, entry: &OperationEntry) -> &[(ExemplarOf, Exemplar)] {
        &self.exemplars[entry.exemplars.clone()]
    }

    /// How often an operation failed for each reason it is known to give, by position.
    pub(super) fn failures(&self, entry: &OperationEntry) -> impl Iterator<Item = (usize, u64)> {
        let first = entry.first_bucket + 2 * self.buckets.count();
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
    pub(super) fn at_zero(name: &Arc<str>, kind: OperationKind, reasons: Positions) -> OperationEntry {
        let (name, started, success) = (Arc::clone(name), 0, 0);
        OperationEntry {
            name,
            kind,
            attempted: true,
            started,
            success,
            reasons,
            first_bucket: 0,
            exemplars: 0..0,
            first_nested: None,
            hiding: 0,
        }
    }
}
