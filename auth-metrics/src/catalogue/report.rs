//! `Catalogue` and its `Operation`s: everything a handle knows about the operations it exports.

use super::Function;
use crate::terms::{Family, OperationKind, ReasonSet};

/// A number of series: for the handle's own service, and for each further one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) own: usize,
    pub(crate) further: usize,
}

impl Cost {
    fn of(self, services: usize) -> usize {
        self.further.saturating_mul(services.saturating_sub(1)).saturating_add(self.own)
    }
}

/// Every operation that a handle exports, sorted by name; made by [`AuthMetrics::catalogue`](crate::AuthMetrics::catalogue).
///
/// Its `Display` is a table, followed by its cost in series and its problems.
#[derive(Clone, Debug)]
pub struct Catalogue {
    operations: Vec<Operation>,
    families: Vec<(&'static Family, Cost)>,
    services: usize,
    namespace: Option<String>,
    /// The upper bounds of the latency's buckets, in seconds.
    bounds: Vec<f64>,
}

/// One operation: all annotated functions that share a name, or one operation that is recorded by hand.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(crate) name: String,
    pub(crate) kind: OperationKind,
    pub(crate) functions: Vec<Function>,
    pub(crate) reasons: ReasonSet,
    /// The reasons that the handle's exposure exports.
    pub(crate) exported: ReasonSet,
    pub(crate) unknown_reasons: bool,
    pub(crate) attempts: u64,
    /// How many of them ended better than one inside of them.
    pub(crate) swallowed: u64,
    pub(crate) cost: Cost,
}

impl Catalogue {
    pub(crate) fn new(
        mut operations: Vec<Operation>,
        families: Vec<(&'static Family, Cost)>,
        services: usize,
    ) -> Catalogue {
        operations.sort_by(|one, other| one.name.cmp(&other.name));
        Catalogue { operations, families, services, namespace: None, bounds: Vec::new() }
    }

    pub(crate) fn exported_with(self, namespace: Option<&str>, bounds: &[f64]) -> Catalogue {
        Catalogue { namespace: namespace.map(str::to_owned), bounds: bounds.to_vec(), ..self }
    }

    /// Returns the handle's namespace, which the names of the families begin with.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the upper bounds of the latency buckets in seconds, without the infinite one.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// Returns the operations, sorted by name.
    pub fn iter(&self) -> std::slice::Iter<'_, Operation> {
        self.operations.iter()
    }

    /// Returns the operation of this name.
    pub fn get(&self, name: &str) -> Option<&Operation> {
        self.iter().find(|operation| operation.name == name)
    }

    /// Returns the operations that have no attempt in this handle: nothing calls them, or their calls record into another handle.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// # #[derive(auth_metrics::FailureReason)]
    /// # enum KioskError { InvalidCredentials }
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare::<KioskError>("kiosk_login");
    /// let is_unseen = || metrics.catalogue().unseen().any(|operation| operation.name() == "kiosk_login");
    /// assert!(is_unseen());
    ///
    /// metrics.attempt("kiosk_login").finish(auth_metrics::Outcome::Success);
    /// assert!(!is_unseen());
    /// # Ok(()) }
    /// ```
    pub fn unseen(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.attempts == 0)
    }

    /// Returns the operations whose functions have different kinds. The first function by file and line decides, so the others
    /// count in the wrong families.
    pub fn conflicts(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.kinds_differ())
    }

    /// Returns the operations whose reasons are unknown; see [`Operation::has_unknown_reasons`].
    pub fn unknown_reasons(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.unknown_reasons)
    }

    /// Returns the operations that hid a failure in this handle: an attempt of theirs ended better than an attempt of the same kind inside
    /// of it. Look there first if an outage shows as wrong passwords. A retry or a fallback that worked is one too.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Outcome, Reason};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let mut outer = metrics.attempt("ldap_bind");
    /// outer.run(|| metrics.attempt("bind").finish(Outcome::Failure(Reason::DependencyUnavailable)));
    /// outer.finish(Outcome::Failure(Reason::InvalidCredentials)); // what the client is told
    ///
    /// let catalogue = metrics.catalogue();
    /// let swallowed: Vec<_> = catalogue.swallowed().map(|operation| (operation.name(), operation.swallowed())).collect();
    /// assert_eq!(swallowed, [("ldap_bind", 1)]);
    /// # Ok(()) }
    /// ```
    pub fn swallowed(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.swallowed > 0)
    }

    /// Returns how many series a scrape has before the first call, for this many services including the handle's own. A
    /// series is one line of the scrape that is not a comment.
    ///
    /// The number depends on the handle's buckets and its exposure. It leaves out series that only calls create: five for
    /// each source of each service, one for each value of a limit that is set, and those of `record_…` methods. If a reason
    /// came that nothing lists, it is counted for every service. If you have more services than
    /// [`max_services`](crate::AuthMetricsBuilder::max_services), pass `max_services` plus one, for `other`.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// let text = metrics.encode_text();
    /// let series = text.lines().filter(|line| !line.starts_with('#')).count();
    /// assert_eq!(metrics.catalogue().series(1), series);
    /// # Ok(()) }
    /// ```
    pub fn series(&self, services: usize) -> usize {
        self.families(services).map(|(_, series)| series).sum()
    }

    /// Returns the part of [`series`](Catalogue::series) that belongs to no single operation: the families without the label
    /// `operation`.
    pub fn shared_series(&self, services: usize) -> usize {
        self.families(services)
            .filter(|(family, _)| !family.labels.contains(&"operation"))
            .map(|(_, series)| series)
            .sum()
    }

    /// Returns [`series`](Catalogue::series) family by family, in the order of a scrape.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// for (family, series) in metrics.catalogue().families(10) {
    ///     println!("{series:6} {}", family.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn families(&self, services: usize) -> impl Iterator<Item = (&'static Family, usize)> {
        self.families.iter().map(move |(family, cost)| (*family, cost.of(services)))
    }

    /// Returns how many services the handle has seen, including its own.
    pub fn services(&self) -> usize {
        self.services
    }
}

impl<'a> IntoIterator for &'a Catalogue {
    type Item = &'a Operation;
    type IntoIter = std::slice::Iter<'a, Operation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Operation {
    /// Returns its name, the value of the label `operation`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its kind.
    pub fn kind(&self) -> OperationKind {
        self.kind
    }

    /// Returns its annotated functions, sorted by file and line. Empty if it is only recorded by hand.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Returns every reason that it can give: those that its functions and [`declare`](crate::AuthMetrics::declare) list,
    /// those that were counted, and `cancelled` and `panicked`, which any attempt can end with. If its reasons are
    /// [unknown](Operation::has_unknown_reasons), returns all reasons. A handle may export several of them as one; see
    /// [`Exposure`](crate::Exposure).
    pub fn reasons(&self) -> ReasonSet {
        self.reasons
    }

    /// Returns those of [`reasons`](Operation::reasons) that the handle's exposure exports.
    pub fn exported(&self) -> ReasonSet {
        self.exported
    }

    /// Returns whether its reasons are unknown. If so, every reason is exported at zero and has its alerts.
    ///
    /// Reasons are unknown if the error type of a function is generic, or if the attribute can't rule that out. On a single
    /// method, it can't see what `Self::Error` is, or that `Payload` in `MyError<Payload>` is not a parameter. It takes a name
    /// without lowercase letters, such as `E1`, for a parameter. Put `#[auth_metered]` on the `impl`, or list the reasons with
    /// [`declare`](crate::AuthMetrics::declare). Reasons are also unknown if a function of your own gives them and nothing lists
    /// which: write `among(…)` after it, or [declare a type](crate::guide::return_types#declare-what-your-function-gives) whose
    /// [`REASONS`](crate::FailureReason::REASONS) are those of the function.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, Reason, auth_metered};
    ///
    /// #[derive(FailureReason)]
    /// enum LoginError {
    ///     InvalidCredentials,
    /// }
    ///
    /// #[auth_metered(op = "retry")]
    /// fn retry<E: FailureReason>(attempt: impl Fn() -> Result<(), E>) -> Result<(), E> {
    ///     attempt().or_else(|_| attempt())
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let lists = |reason| metrics.catalogue().get("retry").is_some_and(|retry| retry.reasons().contains(reason));
    /// assert!(metrics.catalogue().unknown_reasons().any(|operation| operation.name() == "retry"));
    /// assert!(lists(Reason::AccountLocked));
    ///
    /// metrics.declare::<LoginError>("retry");
    /// assert!(lists(Reason::InvalidCredentials) && !lists(Reason::AccountLocked));
    /// # Ok(()) }
    /// ```
    pub fn has_unknown_reasons(&self) -> bool {
        self.unknown_reasons
    }

    /// Returns how many of its attempts have started in this handle, for all services.
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Returns how many of its attempts ended better than an attempt of the same kind inside of them, for all services.
    pub fn swallowed(&self) -> u64 {
        self.swallowed
    }

    /// Returns whether it has series for every service, because a call names the service or a record by hand named another
    /// one. Otherwise it has series for the handle's own service only.
    pub fn takes_service(&self) -> bool {
        self.cost.further > 0
    }

    /// Returns how many series have its name in the label `operation`, for this many services. The two families of failures
    /// that operations share are not included; see [`Catalogue::shared_series`].
    pub fn series(&self, services: usize) -> usize {
        self.cost.of(services)
    }

    fn kinds_differ(&self) -> bool {
        self.functions
            .iter()
            .any(|function| self.functions.first().map(Function::kind) != Some(function.kind()))
    }
}
