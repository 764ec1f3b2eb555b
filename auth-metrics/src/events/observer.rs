//! `Observer`: the seam for those who want to know every attempt.

use std::sync::Arc;

use super::event::{Event, EventKind, Origin};

/// Gets a copy of every attempt, after it ended, on a thread of its own.
///
/// Attach one with [`AuthMetricsBuilder::observe`](crate::AuthMetricsBuilder::observe). A panic in here is caught and counted in
/// `auth_event_observer_panics_total{observer}`; the batch is lost for this observer alone. Observers are called one after another, so
/// a slow one delays the others, and events are dropped once the buffers are full. If yours may hang, give it a queue of its own.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// use auth_metrics::events::{Event, Observer};
/// use auth_metrics::{AuthMetrics, Outcome, Reason};
///
/// #[derive(Default)]
/// struct Lockouts(AtomicU64);
///
/// impl Observer for Lockouts {
///     fn name(&self) -> &'static str {
///         "lockouts"
///     }
///
///     fn observe(&self, events: &[Event]) {
///         let locked = events.iter().filter(|event| event.reason() == Some(Reason::AccountLocked));
///         self.0.fetch_add(locked.count() as u64, Ordering::Relaxed);
///     }
/// }
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let lockouts = Arc::new(Lockouts::default());
/// let metrics = AuthMetrics::builder().service_id("gateway").observe(Arc::clone(&lockouts)).build()?;
/// metrics.attempt("login").finish(Outcome::Failure(Reason::AccountLocked));
/// assert!(metrics.events().flush(Duration::from_secs(5)));
/// assert_eq!(lockouts.0.load(Ordering::Relaxed), 1);
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no observer",
    note = "for a function, write `.observe(auth_metrics::events::observer(\"name\", |events| …))`"
)]
pub trait Observer: Send + Sync + 'static {
    /// Returns its name, the value of the label `observer`: `[a-z][a-z0-9_]*`, at most 64 bytes, and no other's.
    fn name(&self) -> &'static str;

    /// Takes some events, at least one. Those of one thread come in their order; those of different threads are mixed.
    fn observe(&self, events: &[Event]);

    /// Returns whether it wants the events of an operation. Called once for each operation of each service, from the thread that first
    /// records it, so it must not record an attempt or [report](crate::events::Events::report) a step itself. If no observer wants an operation, its events are counted as `skipped`.
    fn wants(&self, operation: Observed<'_>) -> bool {
        let _ = operation;
        true
    }
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn name(&self) -> &'static str {
        O::name(self)
    }

    fn observe(&self, events: &[Event]) {
        O::observe(self, events);
    }

    fn wants(&self, operation: Observed<'_>) -> bool {
        O::wants(self, operation)
    }
}

/// An operation of a service, whose events an [`Observer`] may want.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    origin: &'a Origin,
}

impl<'a> Observed<'a> {
    pub(super) fn of(origin: &'a Origin) -> Observed<'a> {
        Observed { origin }
    }

    /// Returns the service id.
    pub fn service_id(&self) -> &'a str {
        &self.origin.service
    }

    /// Returns the operation, as [`Event::operation`] has it.
    pub fn operation(&self) -> &'a str {
        &self.origin.operation
    }

    /// Returns what its events tell of.
    pub fn kind(&self) -> EventKind {
        self.origin.kind
    }
}

/// Makes an observer that wants everything from a name and a function.
///
/// ```
/// use auth_metrics::{AuthMetrics, events};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let printer = events::observer("printer", |events| println!("{} attempts ended", events.len()));
/// let metrics = AuthMetrics::builder().service_id("gateway").observe(printer).build()?;
/// # Ok(()) }
/// ```
pub fn observer(name: &'static str, observe: impl Fn(&[Event]) + Send + Sync + 'static) -> impl Observer {
    Called { name, observe }
}

struct Called<F> {
    name: &'static str,
    observe: F,
}

impl<F: Fn(&[Event]) + Send + Sync + 'static> Observer for Called<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn observe(&self, events: &[Event]) {
        (self.observe)(events);
    }
}
