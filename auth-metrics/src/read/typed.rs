//! The typed view of a snapshot: what was counted, by operation, reason and source.

use super::snapshot::{OperationEntry, ServiceEntry, SourceEntry};
use super::{Exemplar, Histogram, Snapshot};
use crate::handle::Exposure;
use crate::terms::{OUTCOME_LABELS, OperationKind, Reason};

impl Snapshot {
    /// Returns what was counted of each operation of each service. Operations that nobody has called are there too, at zero.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Outcome, Reason};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.attempt("login").finish(Outcome::Success);
    /// metrics.attempt("login").finish(Outcome::Failure(Reason::AccountLocked));
    ///
    /// let snapshot = metrics.snapshot();
    /// let login = snapshot.operations().find(|operation| operation.name() == "login").unwrap();
    /// assert_eq!((login.service_id(), login.started(), login.succeeded(), login.in_flight()), ("gateway", 2, 1, 0));
    /// assert_eq!(login.outcomes().collect::<Vec<_>>()[..2], [("success", 1), ("rejected", 1)]);
    /// assert_eq!(login.reason(Reason::AccountLocked), 1);
    /// assert_eq!(login.latency().count(), 2);
    /// # Ok(()) }
    /// ```
    pub fn operations(&self) -> impl Iterator<Item = OperationCounts<'_>> {
        self.services.iter().flat_map(|service| {
            self.attempted(service).map(|entry| OperationCounts { snapshot: self, service, entry })
        })
    }

    /// Returns how often each operation of each service failed for each reason that it can give, zeros included.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Outcome, Reason};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.attempt("login").finish(Outcome::Failure(Reason::AccountLocked));
    ///
    /// let snapshot = metrics.snapshot();
    /// let locked: u64 =
    ///     snapshot.reasons().filter(|each| each.reason() == Reason::AccountLocked).map(|each| each.count()).sum();
    /// assert_eq!(locked, 1);
    /// # Ok(()) }
    /// ```
    pub fn reasons(&self) -> impl Iterator<Item = ReasonCount<'_>> {
        self.operations().flat_map(|operation| {
            let OperationCounts { snapshot, service, entry } = operation;
            operation.reasons().map(move |(reason, count)| ReasonCount {
                snapshot,
                service,
                entry,
                reason,
                count,
            })
        })
    }

    /// Returns what was counted of each source of each service.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, AuthMethod, Outcome, auth_metered};
    ///
    /// #[auth_metered(op = "login", source = AuthMethod::Passkey, false_is = invalid_credentials)]
    /// fn login(assertion: &str) -> bool {
    ///     assertion == "signed"
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.in_scope(|| login("signed"));
    ///
    /// let snapshot = metrics.snapshot();
    /// let passkey = snapshot.sources().find(|source| source.label() == "passkey").unwrap();
    /// assert_eq!(passkey.outcomes().next(), Some(("success", 1)));
    /// # Ok(()) }
    /// ```
    pub fn sources(&self) -> impl Iterator<Item = SourceCounts<'_>> {
        self.services
            .iter()
            .flat_map(|service| self.sources_of(service).iter().map(|entry| SourceCounts { service, entry }))
    }
}

/// What was counted of one operation of one service; see [`Snapshot::operations`].
#[derive(Clone, Copy)]
pub struct OperationCounts<'s> {
    snapshot: &'s Snapshot,
    service: &'s ServiceEntry,
    entry: &'s OperationEntry,
}

impl<'s> OperationCounts<'s> {
    /// Returns the service.
    pub fn service_id(&self) -> &'s str {
        &self.service.id
    }

    /// Returns the name of the operation.
    pub fn name(&self) -> &'s str {
        &self.entry.name
    }

    /// Returns the kind of the operation.
    pub fn kind(&self) -> OperationKind {
        self.entry.kind
    }

    /// Returns how many attempts started.
    pub fn started(&self) -> u64 {
        self.entry.started
    }

    /// Returns how many attempts succeeded.
    pub fn succeeded(&self) -> u64 {
        self.entry.success
    }

    /// Returns how many attempts have started and not ended.
    pub fn in_flight(&self) -> u64 {
        let failed: u64 = self.reasons().map(|(_, count)| count).sum();
        self.entry.started.saturating_sub(self.entry.success).saturating_sub(failed)
    }

    /// Returns how many attempts ended with each outcome, by the label of the outcome.
    pub fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> + use<'s> {
        OUTCOME_LABELS.into_iter().zip(self.snapshot.outcomes(self.entry))
    }

    /// Returns how many attempts failed for each reason that the operation can give, zeros included.
    pub fn reasons(&self) -> impl Iterator<Item = (Reason, u64)> + use<'s> {
        let OperationCounts { snapshot, entry, .. } = *self;
        snapshot.failures(entry).map(|(position, count)| (Reason::at(position), count))
    }

    /// Returns how many attempts failed for a reason.
    pub fn reason(&self, reason: Reason) -> u64 {
        self.reasons().find(|(each, _)| *each == reason).map_or(0, |(_, count)| count)
    }

    /// Returns how long attempts took, every outcome included. The sum is exact.
    pub fn latency(&self) -> Histogram<'s> {
        self.snapshot.latency(self.entry, Exposure::Full)
    }
}

impl std::fmt::Debug for OperationCounts<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OperationCounts")
            .field("name", &self.name())
            .field("started", &self.started())
            .finish_non_exhaustive()
    }
}

/// How often one operation of one service failed for one reason; see [`Snapshot::reasons`].
#[derive(Clone, Copy)]
pub struct ReasonCount<'s> {
    snapshot: &'s Snapshot,
    service: &'s ServiceEntry,
    entry: &'s OperationEntry,
    reason: Reason,
    count: u64,
}

impl<'s> ReasonCount<'s> {
    /// Returns the service.
    pub fn service_id(&self) -> &'s str {
        &self.service.id
    }

    /// Returns the name of the operation.
    pub fn operation(&self) -> &'s str {
        &self.entry.name
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns how often it came.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns one of the latest attempts that failed for it, or for another reason that the handle's
    /// [`Exposure`](crate::Exposure) shows as the same, if the handle reads [traces](crate::AuthMetricsBuilder::trace_context).
    pub fn exemplar(&self) -> Option<Exemplar> {
        let mut exemplars = self.snapshot.failure_exemplars(self.entry);
        let shown = self.snapshot.options.exposure.shown(self.reason.position());
        let (_, exemplar) = exemplars.find(|(position, _)| *position == shown)?;
        Some(Exemplar::of(&exemplar, 1.0))
    }
}

impl std::fmt::Debug for ReasonCount<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ReasonCount")
            .field("operation", &self.operation())
            .field("reason", &self.reason)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// What was counted of one source of one service; see [`Snapshot::sources`].
#[derive(Clone, Copy)]
pub struct SourceCounts<'s> {
    service: &'s ServiceEntry,
    entry: &'s SourceEntry,
}

impl<'s> SourceCounts<'s> {
    /// Returns the service.
    pub fn service_id(&self) -> &'s str {
        &self.service.id
    }

    /// Returns the label of the source.
    pub fn label(&self) -> &'s str {
        &self.entry.label
    }

    /// Returns how many attempts ended with each outcome, by the label of the outcome.
    pub fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> + use<'s> {
        OUTCOME_LABELS.into_iter().zip(self.entry.outcomes)
    }
}

impl std::fmt::Debug for SourceCounts<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SourceCounts").field("label", &self.label()).finish_non_exhaustive()
    }
}
