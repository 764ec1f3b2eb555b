//! Every family of the wire contract, computed from one snapshot. Who writes it out, and in which format, is the
//! visitor's business.

use super::series::Counts;
use super::service::{ByHand, Service};
use super::snapshot::{OperationEntry, ServiceEntry};
use super::{Bounded, Exposure, Fault, Snapshot};
use crate::taxonomy::{
    Family, Kind, OUTCOME_LABELS, Outcome, OutcomeLabel, Positions, Reason, ReasonSet, label, names,
};

/// Takes the families of a snapshot one after another, each with its samples.
pub(crate) trait Visitor {
    /// The samples that follow are of this family.
    fn family(&mut self, family: &'static Family);
    /// A sample of a counter; the values of the family's labels, in their order.
    fn count(&mut self, labels: &[&str], value: u64);
    /// A sample of a gauge.
    fn level(&mut self, labels: &[&str], value: f64);
    /// A histogram.
    fn histogram(&mut self, labels: &[&str], histogram: &HistogramView<'_>);
}

/// One histogram of a snapshot.
pub(crate) struct HistogramView<'a> {
    /// The finite upper bounds, in seconds.
    pub(crate) bounds: &'a [f64],
    /// The observations in each bucket alone, the unbounded one last.
    pub(crate) counts: &'a [u64],
    /// The sum of all observations, in seconds.
    pub(crate) sum: f64,
}

/// Failures by position of the reason as it is exported, and which of them are exported at all.
struct Failures {
    counts: [u64; ReasonSet::CAPACITY],
    known: Positions,
}

impl Failures {
    const NONE: Failures = Failures { counts: [0; ReasonSet::CAPACITY], known: Positions::NONE };

    /// Adds the counts of every reason, and the reasons that are exported although nothing was counted.
    fn add(&mut self, counts: &[u64], expected: Positions, exposure: Exposure) {
        for (position, (reason, count)) in Reason::known().iter().zip(counts).enumerate() {
            if *count > 0 || expected.contains(position) {
                let exposed = exposed(*reason, position, exposure);
                self.counts[exposed] += count;
                self.known = self.known.with(exposed);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (Reason, u64)> {
        self.known.iter().map(|position| (Reason::at(position), self.counts[position]))
    }
}

/// The position of the reason that a scrape shows for a reason that was recorded.
fn exposed(reason: Reason, position: usize, exposure: Exposure) -> usize {
    let merged = match exposure {
        Exposure::Full => false,
        Exposure::Standard => reason == Reason::UnknownSubject,
        Exposure::Strict => reason.reveals_account(),
    };
    if merged { Reason::InvalidCredentials.position() } else { position }
}

impl ServiceEntry {
    /// Its operations of one kind that attempts are made of.
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &OperationEntry> {
        self.operations.iter().filter(move |operation| operation.attempted && operation.kind == kind)
    }

    /// Successes of its operations of one kind.
    fn successes(&self, kind: Kind) -> u64 {
        self.of_kind(kind).map(|operation| operation.counts.success).sum()
    }

    /// Failures of its operations of one kind, and those recorded by hand from the cell `first` on.
    fn failures(&self, kind: Kind, first: usize, exposure: Exposure) -> Failures {
        let mut failures = Failures::NONE;
        for operation in self.of_kind(kind) {
            failures.add(&operation.counts.reasons, operation.reasons, exposure);
        }
        failures.add(&self.by_hand()[first..], Positions::NONE, exposure);
        failures
    }
}

impl Snapshot {
    /// Hands every family to the visitor, in the order of the contract.
    pub(crate) fn visit(&self, exposure: Exposure, visitor: &mut impl Visitor) {
        self.visit_authentications(exposure, visitor);
        self.visit_tokens(exposure, visitor);
        self.visit_latencies(visitor);
        self.visit_limits(visitor);
        visitor.family(&names::ACTIVE_SERVICES);
        visitor.level(&[], to_f64(self.active_services));
        self.visit_attempts(exposure, visitor);
        visit_reasons(visitor);
        self.visit_sources(visitor);
        self.visit_library(visitor);
    }

    fn id(&self, service: &ServiceEntry) -> &str {
        self.metrics.inner.services.name(service.index)
    }

    /// What the names of the service's sources and limits are found in.
    fn live(&self, service: &ServiceEntry) -> Option<&Service> {
        self.metrics.inner.services.get(service.index)
    }

    fn op(&self, operation: &OperationEntry) -> &str {
        self.metrics.inner.operations.name(operation.index)
    }

    /// Every operation of every service that attempts are made of.
    fn attempts(&self) -> impl Iterator<Item = (&str, &str, &OperationEntry)> {
        self.services.iter().flat_map(move |service| {
            let attempted = service.operations.iter().filter(|operation| operation.attempted);
            attempted.map(move |operation| (self.id(service), self.op(operation), operation))
        })
    }

    fn visit_authentications(&self, exposure: Exposure, visitor: &mut impl Visitor) {
        visitor.family(&names::AUTH_SUCCESSFUL);
        for service in &self.services {
            let by_hand = service.by_hand()[ByHand::AuthSuccess.cell()];
            visitor.count(&[self.id(service)], by_hand + service.successes(Kind::Authentication));
        }
        visitor.family(&names::AUTH_FAILED);
        for service in &self.services {
            let failures = service.failures(Kind::Authentication, ByHand::AUTH_FAILURES, exposure);
            for (reason, count) in failures.iter() {
                visitor.count(&[self.id(service), reason.label()], count);
            }
        }
    }

    fn visit_tokens(&self, exposure: Exposure, visitor: &mut impl Visitor) {
        visitor.family(&names::TOKEN_VERIFICATIONS);
        for service in &self.services {
            let by_hand = service.by_hand()[ByHand::TokenSuccess.cell()];
            visitor.count(&[self.id(service), "success"], by_hand + service.successes(Kind::Token));
            for (reason, count) in service.failures(Kind::Token, ByHand::TOKEN_FAILURES, exposure).iter() {
                visitor.count(&[self.id(service), reason.failed_status()], count);
            }
        }
    }

    fn visit_latencies(&self, visitor: &mut impl Visitor) {
        visitor.family(&names::AUTH_LATENCY);
        for service in &self.services {
            for operation in &service.operations {
                let bounds = self.metrics.inner.core.buckets.seconds();
                let sum = to_f64(operation.counts.nanos) / 1e9;
                let histogram = HistogramView { bounds, counts: self.buckets(operation), sum };
                visitor.histogram(&[self.id(service), self.op(operation)], &histogram);
            }
        }
    }

    fn visit_limits(&self, visitor: &mut impl Visitor) {
        visitor.family(&names::RATE_LIMIT_EXCEEDED);
        for service in &self.services {
            visitor.count(&[self.id(service)], service.by_hand()[ByHand::RateLimitExceeded.cell()]);
        }
        visitor.family(&names::RATE_LIMIT_CURRENT);
        for service in &self.services {
            for (index, usage) in &service.limits {
                let limit_type = self.live(service).map_or(label::OTHER, |live| live.limit_type(*index));
                visitor.level(&[self.id(service), limit_type], *usage);
            }
        }
    }

    fn visit_attempts(&self, exposure: Exposure, visitor: &mut impl Visitor) {
        visitor.family(&names::STARTED);
        for (service, op, operation) in self.attempts() {
            visitor.count(&[service, op], operation.counts.started);
        }
        visitor.family(&names::OPERATIONS);
        for (service, op, operation) in self.attempts() {
            for (outcome, count) in OUTCOME_LABELS.iter().zip(outcomes(&operation.counts)) {
                visitor.count(&[service, op, outcome], count);
            }
        }
        visitor.family(&names::FAILURES);
        for (service, op, operation) in self.attempts() {
            let mut failures = Failures::NONE;
            failures.add(&operation.counts.reasons, operation.reasons, exposure);
            for (reason, count) in failures.iter() {
                visitor.count(&[service, op, reason.label()], count);
            }
        }
        visitor.family(&names::IN_FLIGHT);
        for (service, op, operation) in self.attempts() {
            let ended: u64 = outcomes(&operation.counts).iter().sum();
            visitor.level(&[service, op], to_f64(operation.counts.started) - to_f64(ended));
        }
    }

    fn visit_sources(&self, visitor: &mut impl Visitor) {
        visitor.family(&names::SOURCE_OPERATIONS);
        for service in &self.services {
            for (index, counts) in &service.sources {
                let source = self.live(service).map_or(label::OTHER, |live| live.source_label(*index));
                for (outcome, count) in OUTCOME_LABELS.iter().zip(counts) {
                    visitor.count(&[self.id(service), source, outcome], *count);
                }
            }
        }
    }

    fn visit_library(&self, visitor: &mut impl Visitor) {
        visitor.family(&names::LABEL_OVERFLOW);
        for (label, count) in Bounded::LABELS.iter().zip(self.folded) {
            visitor.count(&[label], count);
        }
        visitor.family(&names::INTERNAL_ERRORS);
        for (kind, count) in Fault::LABELS.iter().zip(self.internal) {
            visitor.count(&[kind], count);
        }
        visitor.family(&names::BUILD_INFO);
        visitor.level(&[env!("CARGO_PKG_VERSION")], 1.0);
    }
}

fn visit_reasons(visitor: &mut impl Visitor) {
    visitor.family(&names::REASON_INFO);
    for reason in Reason::known() {
        visitor.level(&[reason.label(), reason.class().label(), reason.fault().label()], 1.0);
    }
}

/// How often each outcome came, in the order of their labels.
fn outcomes(counts: &Counts) -> [u64; OUTCOME_LABELS.len()] {
    let mut outcomes = [0; OUTCOME_LABELS.len()];
    outcomes[OutcomeLabel::Success as usize] = counts.success;
    for (reason, count) in Reason::known().iter().zip(&counts.reasons) {
        outcomes[OutcomeLabel::of(Outcome::Failure(*reason)) as usize] += count;
    }
    outcomes
}

/// Counts are exact up to 2^53, as in every Prometheus sample.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
fn to_f64(count: u64) -> f64 {
    count as f64
}
