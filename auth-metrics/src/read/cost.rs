//! What a handle's operations cost, found by visiting the families of a scrape in which everything is zero.

use std::collections::BTreeMap;

use super::snapshot::OperationEntry;
use super::{Histogram, Labels, Snapshot, Visitor};
use crate::catalogue::{self, Catalogue, Cost};
use crate::handle::{AuthMetrics, Exposure};
use crate::terms::{Family, Positions, ReasonSet};

impl AuthMetrics {
    /// Lists every operation that this handle exports: those that are annotated anywhere in the binary, and those that were
    /// declared or attempted by hand.
    ///
    /// Print it to see where operations stand, how often each was attempted and how many series it has;
    /// [`unseen`](Catalogue::unseen), [`unknown_reasons`](Catalogue::unknown_reasons), [`conflicts`](Catalogue::conflicts),
    /// [`swallowed`](Catalogue::swallowed) and [`account_oracles`](Catalogue::account_oracles) are findings, and [`check`](Catalogue::check) holds the cost to a
    /// budget.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, OperationKind, Reason, auth_metered};
    ///
    /// #[derive(FailureReason)]
    /// enum TokenError {
    ///     TokenExpired,
    /// }
    ///
    /// #[auth_metered(op = "verify_token", kind = token)]
    /// fn verify(token: &str) -> Result<(), TokenError> {
    ///     if token.is_empty() { Err(TokenError::TokenExpired) } else { Ok(()) }
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let catalogue = metrics.catalogue();
    /// let operation = catalogue.get("verify_token").unwrap();
    /// assert_eq!(operation.kind(), OperationKind::Token);
    /// assert!(operation.reasons().contains(Reason::TokenExpired));
    /// assert_eq!(operation.attempts(), 0);
    /// # Ok(()) }
    /// ```
    pub fn catalogue(&self) -> Catalogue {
        let snapshot = self.snapshot();
        let listed = self.inner.operations.iter().filter(|(_, _, operation)| operation.is_listed());
        let (mut operations, mut own, mut further) = (Vec::new(), Vec::new(), Vec::new());
        for (index, name, operation) in listed {
            let seen = snapshot.seen(name, self.service_id());
            let (kind, reasons) = (operation.kind(), operation.reasons().union(seen.reasons));
            own.push(OperationEntry::at_zero(name, kind, reasons));
            if operation.dynamic_service || seen.elsewhere {
                further.push(OperationEntry::at_zero(name, kind, reasons));
            }
            // The handle's table begins with the annotated operations.
            let annotated = catalogue::operations().get(index);
            operations.push(catalogue::Operation {
                name: name.to_string(),
                kind,
                functions: annotated.map(|annotated| annotated.functions.clone()).unwrap_or_default(),
                reasons: reasons.to_set(),
                exported: exported_as(reasons, self.options().exposure),
                unknown_reasons: operation.is_any(),
                attempts: seen.attempts,
                swallowed: seen.hiding,
                cost: Cost::default(),
            });
        }
        let services = snapshot.services.len();
        let at_zero = snapshot.at_zero(&self.inner, own, further);
        let mut tally = Tally::new(&at_zero, self.service_id());
        at_zero.visit(&mut tally);
        for operation in &mut operations {
            operation.cost = tally.operations.remove(&operation.name).unwrap_or_default();
        }
        Catalogue::new(operations, tally.families, services)
            .exported_with(self.options().namespace.as_deref(), self.inner.core.buckets.seconds())
    }
}

/// What a scrape shows for these reasons.
fn exported_as(reasons: Positions, exposure: Exposure) -> ReasonSet {
    let exported = reasons.iter().map(|position| exposure.shown(position));
    exported.fold(Positions::NONE, Positions::with).to_set()
}

/// What was counted of one operation.
struct Seen {
    attempts: u64,
    /// Attempts that ended better than one inside of them.
    hiding: u64,
    reasons: Positions,
    /// Whether it was attempted for a service that is not the handle's own.
    elsewhere: bool,
}

impl Snapshot {
    fn seen(&self, name: &str, own_service: &str) -> Seen {
        let mut seen = Seen { attempts: 0, hiding: 0, reasons: Positions::NONE, elsewhere: false };
        for service in &self.services {
            for operation in self.operations_of(service).iter().filter(|operation| *operation.name == *name) {
                let counted = self.failures(operation).filter(|(_, count)| *count > 0);
                seen.reasons = counted.fold(seen.reasons, |seen, (position, _)| seen.with(position));
                seen.attempts += operation.started;
                seen.hiding += operation.hiding;
                seen.elsewhere |= operation.attempted && *service.id != *own_service;
            }
        }
        seen
    }
}

/// Counts series, by family and by operation.
struct Tally<'a> {
    snapshot: &'a Snapshot,
    own_service: &'a str,
    families: Vec<(&'static Family, Cost)>,
    operations: BTreeMap<String, Cost>,
    labels: Labels<'a>,
    /// Whether the family is one that any further service has as well. Groups have what they have now.
    is_by_service: bool,
}

impl<'a> Tally<'a> {
    fn new(snapshot: &'a Snapshot, own_service: &'a str) -> Tally<'a> {
        Tally {
            snapshot,
            own_service,
            families: Vec::new(),
            operations: BTreeMap::new(),
            labels: Labels::of(snapshot),
            is_by_service: false,
        }
    }

    fn add(&mut self, series: usize) {
        let label = |wanted: &str| {
            self.labels.variable(None).find(|(name, _)| *name == wanted).map(|(_, value)| value)
        };
        let is_own = label("service_id").is_none_or(|service| service == self.own_service);
        let count = |cost: &mut Cost| {
            *if is_own || !self.is_by_service { &mut cost.own } else { &mut cost.further } += series;
        };
        if let Some(operation) = label("operation") {
            count(self.operations.entry(operation.to_owned()).or_default());
        }
        if let Some((_, cost)) = self.families.last_mut() {
            count(cost);
        }
    }
}

impl<'a> Visitor<'a> for Tally<'a> {
    fn family(&mut self, family: &'static Family) {
        self.families.push((family, Cost::default()));
        self.is_by_service = !self.snapshot.is_of_a_group(family);
        self.labels.family(family);
    }

    fn label(&mut self, position: usize, value: &'a str) {
        self.labels.label(position, value);
    }

    fn counter(&mut self, _: Option<&'a str>, _: u64) {
        self.add(1);
    }

    fn gauge(&mut self, _: Option<&'a str>, _: f64) {
        self.add(1);
    }

    fn histogram(&mut self, histogram: &Histogram<'a>) {
        let sum_and_count = 2;
        self.add(histogram.counts().len() + sum_and_count);
    }
}
