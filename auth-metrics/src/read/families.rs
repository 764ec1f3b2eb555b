//! Every family of the wire contract, computed from one snapshot. Who writes it out, and in which format, is the
//! visitor's business.

use super::Snapshot;
use super::exposed::{Failures, exposed_outcomes, exposed_sum};
use super::snapshot::{OperationEntry, ServiceEntry};
use crate::handle::{Bounded, ByHand, Exposure, Fault, Service};
use crate::limits::LimitLevels;
use crate::terms::{Family, Kind, OUTCOME_LABELS, Outcome, OutcomeLabel, Reason, ReasonSet, families, label};

/// Takes the families of a snapshot one after another, each with its samples.
pub(crate) trait Visitor<'s> {
    /// The samples that follow are of this family.
    fn family(&mut self, family: &'static Family);
    /// The samples that follow have this value of the family's label at `position`; those before it stay as they are.
    /// But for the id of a service, values are names that code chose: nothing in them needs escaping.
    fn label(&mut self, position: usize, value: &'s str);
    /// The samples that follow are of this service: its id is the first label.
    fn service(&mut self, id: &'s str) {
        self.label(0, id);
    }
    /// A sample of a counter; `last` is the value of its last label, if [`label`](Visitor::label) has not told it.
    fn count(&mut self, last: Option<&'s str>, value: u64);
    /// A sample of a gauge.
    fn level(&mut self, last: Option<&'s str>, value: f64);
    /// A histogram.
    fn histogram(&mut self, histogram: &HistogramView<'_>);
}

/// One histogram of a snapshot.
pub(crate) struct HistogramView<'a> {
    /// The finite upper bounds, in seconds.
    pub(crate) bounds: &'a [f64],
    /// The observations in each bucket alone, the unbounded one last.
    pub(crate) counts: &'a [u64],
    /// The sum of all observations, in nanoseconds.
    pub(crate) nanos: u128,
}

impl HistogramView<'_> {
    /// The sum of all observations, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
    pub(crate) fn sum(&self) -> f64 {
        // Nearly always it fits, and one instruction converts it.
        let nanos = u64::try_from(self.nanos).map_or_else(|_| self.nanos as f64, |nanos| nanos as f64);
        nanos / 1e9
    }
}

impl Snapshot {
    /// Hands every family to the visitor, in the order of the contract.
    pub(crate) fn visit<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        self.visit_authentications(exposure, visitor);
        self.visit_tokens(exposure, visitor);
        self.visit_latencies(exposure, visitor);
        self.visit_limits(visitor);
        visitor.family(&families::ACTIVE_SERVICES);
        visitor.level(None, to_f64(self.active_services));
        self.visit_attempts(exposure, visitor);
        visit_reasons(visitor);
        self.visit_sources(exposure, visitor);
        self.visit_decisions(visitor);
        self.visit_levels(&families::RATE_LIMIT_CAPACITY, visitor, |limit| limit.capacity);
        self.visit_levels(&families::RATE_LIMIT_KEYS, visitor, |limit| limit.keys);
        self.visit_credentials(visitor);
        self.visit_keys(visitor);
        self.visit_library(visitor);
    }

    pub(crate) fn id(&self, service: &ServiceEntry) -> &str {
        self.metrics.inner.services.name(service.index)
    }

    /// What the names of the service's sources and limits are found in.
    pub(crate) fn live(&self, service: &ServiceEntry) -> Option<&Service> {
        self.metrics.inner.services.get(service.index)
    }

    fn op(&self, operation: &OperationEntry) -> &str {
        self.metrics.inner.operations.name(operation.index)
    }

    /// The operations of a service that attempts are made of.
    fn attempted(&self, service: &ServiceEntry) -> impl Iterator<Item = &OperationEntry> {
        self.operations(service).iter().filter(|operation| operation.attempted)
    }

    /// Successes of a service's operations of one kind.
    fn successes(&self, service: &ServiceEntry, kind: Kind) -> u64 {
        let of_kind = self.attempted(service).filter(|operation| operation.kind == kind);
        of_kind.map(|operation| operation.success).sum()
    }

    /// Failures of a service's operations of one kind, and those recorded by hand from the cell `first` on.
    fn all_failures(&self, service: &ServiceEntry, kind: Kind, first: usize, exposure: Exposure) -> Failures {
        let mut failures = Failures::new(exposure);
        for operation in self.attempted(service).filter(|operation| operation.kind == kind) {
            self.failures(operation).for_each(|failure| failures.add(failure));
        }
        let by_hand = self.by_hand(service)[first..].iter().copied().take(ReasonSet::CAPACITY).enumerate();
        by_hand.filter(|(_, count)| *count > 0).for_each(|failure| failures.add(failure));
        failures
    }

    fn visit_authentications<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::AUTH_SUCCESSFUL);
        for service in &self.services {
            let by_hand = self.by_hand(service)[ByHand::AuthSuccess.cell()];
            visitor.service(self.id(service));
            visitor.count(None, by_hand + self.successes(service, Kind::Authentication));
        }
        visitor.family(&families::AUTH_FAILED);
        for service in &self.services {
            visitor.service(self.id(service));
            let failures = self.all_failures(service, Kind::Authentication, ByHand::AUTH_FAILURES, exposure);
            failures.iter().for_each(|(reason, count)| visitor.count(Some(reason.label()), count));
        }
    }

    fn visit_tokens<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::TOKEN_VERIFICATIONS);
        for service in &self.services {
            let by_hand = self.by_hand(service)[ByHand::TokenSuccess.cell()];
            visitor.service(self.id(service));
            visitor.count(Some("success"), by_hand + self.successes(service, Kind::Token));
            let failures = self.all_failures(service, Kind::Token, ByHand::TOKEN_FAILURES, exposure);
            failures.iter().for_each(|(reason, count)| visitor.count(Some(reason.failed_status()), count));
        }
    }

    fn visit_latencies<'s>(&'s self, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::AUTH_LATENCY);
        let buckets = &self.metrics.inner.core.buckets;
        let bounds = buckets.seconds();
        for service in &self.services {
            visitor.service(self.id(service));
            for operation in self.operations(service) {
                visitor.label(1, self.op(operation));
                let observed = self.observed(operation);
                let nanos = exposed_sum(buckets, observed, exposure);
                visitor.histogram(&HistogramView { bounds, counts: &observed[..buckets.count()], nanos });
            }
        }
    }

    fn visit_limits<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::RATE_LIMIT_EXCEEDED);
        for service in &self.services {
            visitor.service(self.id(service));
            visitor.count(None, self.by_hand(service)[ByHand::RateLimitExceeded.cell()]);
        }
        self.visit_levels(&families::RATE_LIMIT_CURRENT, visitor, |limit| limit.usage);
    }

    /// Hands a family of limits to the visitor: by service and type, what is known of each.
    fn visit_levels<'s>(
        &'s self,
        family: &'static Family,
        visitor: &mut impl Visitor<'s>,
        level: impl Fn(&LimitLevels) -> Option<f64>,
    ) {
        visitor.family(family);
        for service in &self.services {
            visitor.service(self.id(service));
            for limit in self.limits(service) {
                let limit_type = self.live(service).map_or(label::OTHER, |live| live.limit_type(limit.index));
                if let Some(level) = level(&limit.levels) {
                    visitor.level(Some(limit_type), level);
                }
            }
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
            visitor.service(self.id(service));
            for operation in self.attempted(service) {
                visitor.label(1, self.op(operation));
                samples(operation, visitor);
            }
        }
    }

    fn visit_attempts<'s, V: Visitor<'s>>(&'s self, exposure: Exposure, visitor: &mut V) {
        self.visit_attempted(&families::STARTED, visitor, |operation, visitor| {
            visitor.count(None, operation.started);
        });
        self.visit_attempted(&families::OPERATIONS, visitor, |operation, visitor| {
            for (outcome, count) in
                OUTCOME_LABELS.iter().zip(exposed_outcomes(self.outcomes(operation), exposure))
            {
                visitor.count(Some(outcome), count);
            }
        });
        self.visit_attempted(&families::FAILURES, visitor, |operation, visitor| {
            let mut failures = Failures::new(exposure);
            self.failures(operation).for_each(|failure| failures.add(failure));
            failures.iter().for_each(|(reason, count)| visitor.count(Some(reason.label()), count));
        });
        self.visit_attempted(&families::IN_FLIGHT, visitor, |operation, visitor| {
            let ended = operation.success + self.failures(operation).map(|(_, count)| count).sum::<u64>();
            visitor.level(None, to_f64(operation.started) - to_f64(ended));
        });
    }

    /// How often each outcome came, in the order of their labels.
    fn outcomes(&self, operation: &OperationEntry) -> [u64; OUTCOME_LABELS.len()] {
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
            visitor.service(self.id(service));
            for source in self.sources(service) {
                let name = self.live(service).map_or(label::OTHER, |live| live.source_label(source.index));
                visitor.label(1, name);
                for (outcome, count) in OUTCOME_LABELS.iter().zip(exposed_outcomes(source.outcomes, exposure))
                {
                    visitor.count(Some(outcome), count);
                }
            }
        }
    }

    fn visit_library<'s>(&self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::LABEL_OVERFLOW);
        for (label, count) in Bounded::LABELS.iter().zip(self.folded) {
            visitor.count(Some(label), count);
        }
        visitor.family(&families::INTERNAL_ERRORS);
        for (kind, count) in Fault::LABELS.iter().zip(self.internal) {
            visitor.count(Some(kind), count);
        }
        visitor.family(&families::BUILD_INFO);
        visitor.level(Some(env!("CARGO_PKG_VERSION")), 1.0);
    }
}

fn visit_reasons<'s>(visitor: &mut impl Visitor<'s>) {
    visitor.family(&families::REASON_INFO);
    for reason in Reason::known() {
        visitor.label(0, reason.label());
        visitor.label(1, reason.class().label());
        visitor.level(Some(reason.fault().label()), 1.0);
    }
}

/// Counts are exact up to 2^53, as in every Prometheus sample.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
fn to_f64(count: u64) -> f64 {
    count as f64
}
