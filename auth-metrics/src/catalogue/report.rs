//! `Catalogue` and its `Operation`s: what a handle can tell of every operation it exports.

use super::Function;
use crate::terms::{Family, OperationKind, ReasonSet};

/// How many series something has: for the handle's own service, and for each further one.
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

/// Every operation that a handle exports, by name; made by [`AuthMetrics::catalogue`](crate::AuthMetrics::catalogue).
///
/// Printed, it is a table, and below it what it costs and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Catalogue {
    operations: Vec<Operation>,
    families: Vec<(&'static Family, Cost)>,
    services: usize,
    namespace: Option<String>,
    /// The upper bounds of the latency's buckets, in seconds.
    bounds: Vec<f64>,
}

/// One operation: all annotated functions that share a name, or one that is recorded by hand.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(crate) name: String,
    pub(crate) kind: OperationKind,
    pub(crate) functions: Vec<Function>,
    pub(crate) reasons: ReasonSet,
    /// Those of them that are exported, by the handle's exposure.
    pub(crate) exported: ReasonSet,
    pub(crate) unknown_reasons: bool,
    pub(crate) attempts: u64,
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

    /// What the names of the families begin with, if the handle has a namespace.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The upper bounds of the latency's buckets, in seconds, without the last, which is infinite.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// The operations, by name.
    pub fn iter(&self) -> std::slice::Iter<'_, Operation> {
        self.operations.iter()
    }

    /// The operation of this name.
    pub fn get(&self, name: &str) -> Option<&Operation> {
        self.iter().find(|operation| operation.name == name)
    }

    /// The operations of which this handle has seen no attempt: nothing calls them, or they are called and not seen.
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

    /// The operations whose functions say different kinds. The first by file and line decides, and the others count in
    /// families that are not theirs.
    pub fn conflicts(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.kinds_differ())
    }

    /// The operations whose reasons are unknown; see [`Operation::has_unknown_reasons`].
    pub fn unknown_reasons(&self) -> impl Iterator<Item = &Operation> {
        self.iter().filter(|operation| operation.unknown_reasons)
    }

    /// How many series a scrape has before the first call if there are this many services, the handle's own included:
    /// one for every line that is not a comment.
    ///
    /// It knows the handle's buckets and its exposure. It leaves out what only calls can tell: five series for each
    /// source of each service, one for each usage of a limit that is told, and what `record_…` counts by hand. The
    /// families of a group count with what they have now, whatever the number of services. A reason that came although nothing lists it is taken to come for every service. With more services than
    /// [`max_services`](crate::AuthMetricsBuilder::max_services), count `other` as one more and no further.
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

    /// The part of [`series`](Catalogue::series) that is no operation's own: the families without the label `operation`.
    pub fn shared_series(&self, services: usize) -> usize {
        self.families(services)
            .filter(|(family, _)| !family.labels.contains(&"operation"))
            .map(|(_, series)| series)
            .sum()
    }

    /// [`series`](Catalogue::series) family by family, in the order of a scrape.
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

    /// How many services the handle has seen, its own included.
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
    /// The `operation` label.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is counted as.
    pub fn kind(&self) -> OperationKind {
        self.kind
    }

    /// Its annotated functions, by file and line; none if it is only recorded by hand.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Every reason that it can give: what its functions and [`declare`](crate::AuthMetrics::declare) list, what was
    /// counted, and `cancelled` and `panicked`, which any attempt can end with. Every reason there is, if they are
    /// [unknown](Operation::has_unknown_reasons). A handle may export some of them as one; see
    /// [`Exposure`](crate::Exposure).
    pub fn reasons(&self) -> ReasonSet {
        self.reasons
    }

    /// Those of [`reasons`](Operation::reasons) that stand in a scrape, by the handle's exposure.
    pub fn exported(&self) -> ReasonSet {
        self.exported
    }

    /// Whether nobody knows which reasons it gives, so that each is exported at zero and has its alerts.
    ///
    /// That is so if the error type of one of its functions is generic, or may be as far as the attribute sees: on a method
    /// alone it does not know what `Self::Error` is, and that `Payload` in `MyError<Payload>` is no parameter. Put
    /// `#[auth_metered]` on the `impl`, or list the reasons with [`declare`](crate::AuthMetrics::declare). It is so too for a
    /// function of your own in `reason = path`: declare a type whose [`REASONS`](crate::FailureReason::REASONS) are those.
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

    /// How many of its attempts the handle has seen start, for all services.
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Whether its series are there for every service, or for the handle's own only: whether a call names the service, or
    /// has named another one by hand.
    pub fn takes_service(&self) -> bool {
        self.cost.further > 0
    }

    /// How many series have its name in the label `operation`, if there are this many services. The two families of
    /// failures that operations share are not in it: see [`Catalogue::shared_series`].
    pub fn series(&self, services: usize) -> usize {
        self.cost.of(services)
    }

    fn kinds_differ(&self) -> bool {
        self.functions
            .iter()
            .any(|function| self.functions.first().map(Function::kind) != Some(function.kind()))
    }
}
