//! Every family of a scrape, computed from one snapshot. Who writes it out, and in which format, is the visitor's business.

use std::borrow::Cow;

use super::exposed::{Failures, exposed_latency, exposed_outcomes, exposed_sum};
use super::replay::replay;
use super::snapshot::{OperationEntry, ServiceEntry};
use super::visitor::Sum;
use super::{Exemplar, Histogram, Snapshot, Visitor};
use crate::groups::{FamilySamples, Samples};
use crate::handle::{self, ByHand, ExemplarOf as Of, Exposure};
use crate::terms::{
    Family, OUTCOME_LABELS, OperationKind, Outcome, OutcomeLabel, Reason, ReasonSet, families,
};

impl Snapshot {
    /// Hands every family to a visitor, in the order of a scrape: what a scrape of the handle shows, by its
    /// [`Exposure`](crate::Exposure).
    pub fn visit<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        self.visit_as(self.options.exposure, visitor);
    }

    /// Hands every family to a visitor as an exposure shows it.
    pub(crate) fn visit_as<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        self.visit_authentications(exposure, visitor);
        self.visit_tokens(exposure, visitor);
        self.visit_latencies(exposure, visitor);
        self.visit_refusals(visitor);
        self.visit_own(&families::RATE_LIMIT_CURRENT, exposure, visitor);
        visitor.family(&families::ACTIVE_SERVICES);
        visitor.gauge(None, to_f64(self.active_services));
        self.visit_attempts(exposure, visitor);
        visit_reasons(visitor);
        self.visit_sources(exposure, visitor);
        for family in [
            &families::FAIL_OPEN,
            &families::SHADOW_DECISIONS,
            &families::RATE_LIMIT_CAPACITY,
            &families::RATE_LIMIT_KEYS,
        ] {
            self.visit_own(family, exposure, visitor);
        }
        self.visit_groups(exposure, visitor);
        self.visit_library(visitor);
    }

    /// Hands a family of one of the core's own groups to the visitor. It is there before the group is.
    fn visit_own<'s>(&'s self, family: &'static Family, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(family);
        if let Some(samples) = self.group_families().find(|samples| std::ptr::eq(samples.family(), family)) {
            replay(samples, exposure, visitor);
        }
    }

    /// Hands the families of all other groups to the visitor.
    fn visit_groups<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        for samples in self.group_families().filter(|samples| !samples.family().is_of_the_core()) {
            visitor.family(samples.family());
            replay(samples, exposure, visitor);
        }
    }

    /// Whether a group that is attached fills a family.
    pub(super) fn is_of_a_group(&self, family: &'static Family) -> bool {
        self.group_families().any(|samples| std::ptr::eq(samples.family(), family))
    }

    fn group_families(&self) -> impl Iterator<Item = &FamilySamples> {
        self.groups.iter().flat_map(Samples::families)
    }

    /// The operations of a service that attempts are made of.
    pub(super) fn attempted(&self, service: &ServiceEntry) -> impl Iterator<Item = &OperationEntry> {
        self.operations_of(service).iter().filter(|operation| operation.attempted)
    }

    /// Successes of a service's operations of one kind. What is part of another attempt is none of its own.
    fn successes(&self, service: &ServiceEntry, kind: OperationKind) -> u64 {
        let of_kind = self.attempted(service).filter(|operation| operation.kind == kind);
        of_kind.map(|operation| self.outer_success(operation)).sum()
    }

    /// Failures of a service's operations of one kind, and those recorded by hand from the cell `first` on.
    fn all_failures(
        &self,
        service: &ServiceEntry,
        kind: OperationKind,
        first: usize,
        exposure: Exposure,
    ) -> Failures {
        let mut failures = Failures::new(exposure);
        for operation in self.attempted(service).filter(|operation| operation.kind == kind) {
            self.outer_failures(operation).for_each(|failure| failures.add(failure));
            if kind == OperationKind::Authentication {
                failures.add_exemplars(self.exemplars(operation));
            }
        }
        let by_hand = self.by_hand(service)[first..].iter().copied().take(ReasonSet::CAPACITY).enumerate();
        by_hand.filter(|(_, count)| *count > 0).for_each(|failure| failures.add(failure));
        failures
    }

    fn visit_authentications<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::AUTH_SUCCESSFUL);
        for service in &self.services {
            let by_hand = self.by_hand(service)[ByHand::AuthSuccess.cell()];
            visitor.label(0, &service.id);
            visitor.counter(None, by_hand + self.successes(service, OperationKind::Authentication));
        }
        visitor.family(&families::AUTH_FAILED);
        for service in &self.services {
            visitor.label(0, &service.id);
            let failures =
                self.all_failures(service, OperationKind::Authentication, ByHand::AUTH_FAILURES, exposure);
            failures.visit(visitor, Reason::label);
        }
    }

    fn visit_tokens<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::TOKEN_VERIFICATIONS);
        for service in &self.services {
            let by_hand = self.by_hand(service)[ByHand::TokenSuccess.cell()];
            visitor.label(0, &service.id);
            visitor.counter(Some("success"), by_hand + self.successes(service, OperationKind::Token));
            let failures = self.all_failures(service, OperationKind::Token, ByHand::TOKEN_FAILURES, exposure);
            failures.visit(visitor, Reason::failed_status);
        }
    }

    fn visit_latencies<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::AUTH_LATENCY);
        for service in &self.services {
            visitor.label(0, &service.id);
            for operation in self.operations_of(service) {
                visitor.plain_label(1, &operation.name);
                visitor.histogram(&self.latency(operation, exposure));
            }
        }
    }

    /// The latencies of an operation as an exposure shows them.
    pub(super) fn latency(&self, operation: &OperationEntry, exposure: Exposure) -> Histogram<'_> {
        let observed = self.observed(operation);
        let sum = Sum::Nanos(exposed_sum(&self.buckets, observed, exposure));
        Histogram {
            bounds: Cow::Borrowed(self.buckets.seconds()),
            counts: Cow::Borrowed(&observed[..self.buckets.count()]),
            sum,
            exemplars: self.latency_exemplars(operation, exposure).collect(),
        }
    }

    fn latency_exemplars(
        &self,
        operation: &OperationEntry,
        exposure: Exposure,
    ) -> impl Iterator<Item = (usize, Exemplar)> {
        let observed = self.observed(operation);
        self.exemplars(operation).iter().filter_map(move |(of, exemplar)| {
            let Of::Bucket(bucket) = *of else { return None };
            // One that came after the counts were read waits for the next scrape.
            observed.get(bucket).filter(|count| **count > 0)?;
            let value = exposed_latency(&self.buckets, bucket, exemplar.nanos, exposure);
            Some((bucket, Exemplar::of(exemplar, value)))
        })
    }

    /// The exemplars of an operation's failures, by the position of their reason.
    pub(super) fn failure_exemplars(
        &self,
        operation: &OperationEntry,
    ) -> impl Iterator<Item = (usize, handle::Exemplar)> {
        self.exemplars(operation).iter().filter_map(|(of, exemplar)| match of {
            Of::Reason(position) => Some((*position, *exemplar)),
            Of::Bucket(_) => None,
        })
    }

    fn visit_refusals<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::RATE_LIMIT_EXCEEDED);
        for service in &self.services {
            visitor.label(0, &service.id);
            visitor.counter(None, self.by_hand(service)[ByHand::RateLimitExceeded.cell()]);
        }
    }

    /// Hands a family of attempts to the visitor: by service and operation, what `samples` makes of each.
    fn visit_attempted<'s, V: Visitor<'s>>(
        &'s self,
        family: &'static Family,
        visitor: &mut V,
        samples: impl Fn(&'s OperationEntry, &mut V),
    ) {
        visitor.family(family);
        for service in &self.services {
            visitor.label(0, &service.id);
            for operation in self.attempted(service) {
                visitor.plain_label(1, &operation.name);
                samples(operation, visitor);
            }
        }
    }

    fn visit_attempts<'s, V: Visitor<'s>>(&'s self, exposure: Exposure, visitor: &mut V) {
        self.visit_attempted(&families::STARTED, visitor, |operation, visitor| {
            visitor.counter(None, operation.started);
        });
        self.visit_attempted(&families::OPERATIONS, visitor, |operation, visitor| {
            for (outcome, count) in
                OUTCOME_LABELS.iter().zip(exposed_outcomes(self.outcomes(operation), exposure))
            {
                visitor.counter(Some(outcome), count);
            }
        });
        self.visit_attempted(&families::FAILURES, visitor, |operation, visitor| {
            let mut failures = Failures::new(exposure);
            self.failures(operation).for_each(|failure| failures.add(failure));
            failures.add_exemplars(self.exemplars(operation));
            failures.visit(visitor, Reason::label);
        });
        self.visit_attempted(&families::IN_FLIGHT, visitor, |operation, visitor| {
            let ended = operation.success + self.failures(operation).map(|(_, count)| count).sum::<u64>();
            visitor.gauge(None, to_f64(operation.started) - to_f64(ended));
        });
        self.visit_attempted(&families::SWALLOWED, visitor, |operation, visitor| {
            visitor.counter(None, operation.hiding);
        });
        self.visit_attempted(&families::OPERATION_INFO, visitor, |operation, visitor| {
            visitor.gauge(Some(operation.kind.label()), 1.0);
        });
    }

    /// How often each outcome came, in the order of their labels.
    pub(super) fn outcomes(&self, operation: &OperationEntry) -> [u64; OUTCOME_LABELS.len()] {
        let mut outcomes = [0; OUTCOME_LABELS.len()];
        outcomes[OutcomeLabel::Success as usize] = operation.success;
        for (position, count) in self.failures(operation) {
            outcomes[OutcomeLabel::of(Outcome::Failure(Reason::at(position))) as usize] += count;
        }
        outcomes
    }

    fn visit_sources<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::SOURCE_OPERATIONS);
        for service in &self.services {
            visitor.label(0, &service.id);
            for source in self.sources_of(service) {
                visitor.plain_label(1, &source.label);
                for (outcome, count) in OUTCOME_LABELS.iter().zip(exposed_outcomes(source.outcomes, exposure))
                {
                    visitor.counter(Some(outcome), count);
                }
            }
        }
    }

    fn visit_library<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::LABEL_OVERFLOW);
        for (label, count) in &self.overflows {
            visitor.counter(Some(label), *count);
        }
        visitor.family(&families::INTERNAL_ERRORS);
        for (kind, count) in &self.internal_errors {
            visitor.counter(Some(kind), *count);
        }
        visitor.family(&families::BUILD_INFO);
        visitor.gauge(Some(env!("CARGO_PKG_VERSION")), 1.0);
    }
}

fn visit_reasons<'s>(visitor: &mut impl Visitor<'s>) {
    visitor.family(&families::REASON_INFO);
    for reason in Reason::known() {
        visitor.plain_label(0, reason.label());
        visitor.plain_label(1, reason.class().label());
        visitor.gauge(Some(reason.fault().label()), 1.0);
    }
}

/// Counts are exact up to 2^53, as in every Prometheus sample.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
fn to_f64(count: u64) -> f64 {
    count as f64
}
