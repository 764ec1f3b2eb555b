//! The builder of a handle, which checks all options.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use super::{
    AuthMetrics, Core, Error, Exposure, Inner, InternalError, Observing, Operation, Options, Overflows,
    Service, Trace,
};
use crate::catalogue;
use crate::events::Consumer;
#[cfg(feature = "testing")]
use crate::events::Observer;
use crate::groups::{Groups, InternalErrors, Overflow};
use crate::storage::{Buckets, Clock, Names};
use crate::terms::{self, FAMILIES, label};

/// The options of a handle.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct AuthMetricsBuilder {
    service_id: String,
    max_services: usize,
    exposure: Exposure,
    buckets: Vec<f64>,
    const_labels: Vec<(String, String)>,
    namespace: Option<String>,
    clock: Option<Clock>,
    service_ttl: Option<Duration>,
    pub(super) observing: Observing,
}

/// The most operations beyond the catalogue that a handle can tell apart.
const OPERATIONS_BY_HAND: usize = 256;

/// More than any process serves, so that a typo does not allocate a huge table.
const MAX_SERVICES: usize = 65_536;

/// OpenTelemetry's name for a service without one.
const UNNAMED_SERVICE: &str = "unknown_service";

impl Default for AuthMetricsBuilder {
    fn default() -> AuthMetricsBuilder {
        AuthMetricsBuilder {
            service_id: UNNAMED_SERVICE.to_owned(),
            max_services: 256,
            exposure: Exposure::default(),
            buckets: Buckets::DEFAULT.to_vec(),
            const_labels: Vec::new(),
            namespace: None,
            clock: None,
            service_ttl: None,
            observing: Observing::default(),
        }
    }
}

impl AuthMetricsBuilder {
    /// Sets the `service_id` of records that name no other. Default: `unknown_service`.
    pub fn service_id(mut self, service_id: impl Into<String>) -> AuthMetricsBuilder {
        self.service_id = service_id.into();
        self
    }

    /// Sets how many service ids are told apart, including the handle's own. Further ones are counted as `other`. From 1 to
    /// 65,536; default: 256. An id that was seen keeps its place for the life of the handle.
    pub fn max_services(mut self, max_services: usize) -> AuthMetricsBuilder {
        self.max_services = max_services;
        self
    }

    /// Sets how much a scrape reveals about single attempts. Default: [`Exposure::Standard`].
    pub fn exposure(mut self, exposure: Exposure) -> AuthMetricsBuilder {
        self.exposure = exposure;
        self
    }

    /// Sets the upper bounds of the latency buckets, in seconds. Default: 22 bounds from 10 µs to 10 s.
    pub fn buckets(mut self, seconds: impl IntoIterator<Item = f64>) -> AuthMetricsBuilder {
        self.buckets = seconds.into_iter().collect();
        self
    }

    /// Adds labels to every series of the handle, such as a region. Default: none.
    pub fn const_labels<N: Into<String>, V: Into<String>>(
        mut self,
        labels: impl IntoIterator<Item = (N, V)>,
    ) -> AuthMetricsBuilder {
        self.const_labels = labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self
    }

    /// Sets a prefix for the name of every metric; `_` is added after it. Default: none.
    pub fn namespace(mut self, namespace: impl Into<String>) -> AuthMetricsBuilder {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets how long a registered service stays active without a success. After that, `auth_active_services` leaves it out
    /// until the next success. A registration counts as a success. Each scrape looks for new successes, so the time is
    /// accurate to one scrape interval. Default: for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let ttl = Duration::from_secs(900);
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").service_ttl(ttl).build()?;
    /// # Ok(()) }
    /// ```
    pub fn service_ttl(mut self, ttl: Duration) -> AuthMetricsBuilder {
        self.service_ttl = Some(ttl);
        self
    }

    /// Sets the clock that times attempts. Default: [`Clock::machine`].
    pub fn clock(mut self, clock: Clock) -> AuthMetricsBuilder {
        self.clock = Some(clock);
        self
    }

    /// Builds the handle. The first one of a process may take up to 200 ms to calibrate the clock, so that no call has to wait
    /// for it later.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidServiceId`], [`Error::InvalidMaxServices`], [`Error::InvalidBuckets`],
    /// [`Error::InvalidNamespace`] and [`Error::InvalidConstLabel`] name the option that is wrong.
    /// [`Error::InvalidObserver`] and [`Error::InvalidEventCapacity`] do so too.
    /// [`Error::CustomReasons`] names the custom reasons of the binary that are wrong.
    /// [`Error::EventsThread`] says that the system gave no thread for the observers.
    pub fn build(self) -> Result<AuthMetrics, Error> {
        if !label::is_service_id(&self.service_id) || self.service_id == label::OTHER {
            return Err(Error::InvalidServiceId);
        }
        if !(1..=MAX_SERVICES).contains(&self.max_services) {
            return Err(Error::InvalidMaxServices);
        }
        let buckets = Buckets::new(&self.buckets).ok_or(Error::InvalidBuckets)?;
        if let Some(namespace) = self.namespace.as_ref().filter(|namespace| !label::is_identifier(namespace))
        {
            return Err(Error::InvalidNamespace(namespace.clone()));
        }
        check_const_labels(&self.const_labels)?;
        check_custom_reasons()?;
        self.observing.check()?;

        let starts_thread = self.observing.starts_thread();
        let metrics = self.assemble(buckets);
        metrics.start_events(starts_thread)?;
        metrics.tell_of_internal_errors();
        Ok(metrics)
    }

    /// Makes the handle from checked options. Logs nothing, since the logger may be metered and wait for this handle.
    fn assemble(self, buckets: Buckets) -> AuthMetrics {
        let clock = self.clock.unwrap_or_else(Clock::machine);
        let is_plain = clock.is_machine() && !self.observing.is_observed();
        let core = Core {
            is_plain,
            is_installed: AtomicBool::new(false),
            trace: self.observing.trace.clone().map(|reader| Trace {
                reader,
                origin: clock.now(),
                exposure: self.exposure,
            }),
            spans: self.observing.spans,
            capture: self.observing.capture(&clock),
            clock,
            buckets: Arc::new(buckets),
            internal_errors: InternalErrors::new(InternalError::KINDS),
            overflows: Overflows {
                service_id: Overflow::of("service_id"),
                operation: Overflow::of("operation"),
                source: Overflow::of("source"),
            },
        };
        let note = |error: InternalError| core.internal_errors.note(error as usize);
        let operations = catalogued_operations();
        let services = Names::new(self.max_services, label::OTHER);
        let (own, _) = services.resolve(&self.service_id, |_| true, |_| Service::new(&operations));
        let AuthMetricsBuilder { exposure, namespace, const_labels, service_ttl, .. } = self;
        let options = Arc::new(Options { exposure, namespace, const_labels, service_ttl });
        for _ in catalogue::operations().iter().filter(|operation| operation.kinds_differ) {
            note(InternalError::KindsDiffer);
        }
        let reasons = terms::known();
        reasons.left_out.iter().for_each(|_| note(InternalError::ReasonLeftOut));
        reasons.faults_differ.iter().for_each(|_| note(InternalError::FaultsDiffer));
        let own = own.index;
        let text_size = AtomicUsize::new(0);
        let (core, groups) = (Arc::new(core), Groups::default());
        let consumer = core.capture.as_ref().map(Consumer::new);
        let inner = Inner { options, core, operations, services, own, groups, consumer, text_size };
        AuthMetrics { inner: Arc::new(inner) }
    }
}

impl AuthMetrics {
    /// Returns a builder with the default options.
    pub fn builder() -> AuthMetricsBuilder {
        AuthMetricsBuilder::default()
    }

    /// Makes a handle with the default options. Since it is made inside a call, it does not wait for the calibration. Once calls can
    /// find it, call [`tell_of_internal_errors`](AuthMetrics::tell_of_internal_errors).
    pub(crate) fn unconfigured() -> AuthMetrics {
        AuthMetricsBuilder::default().clock(Clock::soon()).assemble(Buckets::default())
    }

    /// The same with an observer that keeps every event.
    #[cfg(feature = "testing")]
    pub(crate) fn kept_by(observer: impl Observer) -> AuthMetrics {
        AuthMetricsBuilder::default().keep_events(observer).clock(Clock::soon()).assemble(Buckets::default())
    }

    /// Logs what went wrong while the handle was made.
    pub(crate) fn tell_of_internal_errors(&self) {
        self.inner.core.internal_errors.tell();
    }
}

/// Begins a handle's table of operations with the catalogue, in its order.
fn catalogued_operations() -> Names<Operation> {
    let catalogue = catalogue::operations();
    let names = Names::new(catalogue.len() + OPERATIONS_BY_HAND, label::OTHER);
    for known in catalogue {
        let make = |_| Operation::new(known.dynamic_service, known.unknown_reasons);
        let (_, operation) = names.resolve(known.op, |_| true, make);
        operation.list(known.kind, known.reasons);
    }
    names
}

fn check_custom_reasons() -> Result<(), Error> {
    let reasons = terms::known();
    if reasons.left_out.is_empty() && reasons.faults_differ.is_empty() {
        return Ok(());
    }
    let (left_out, faults_differ) = (reasons.left_out.clone(), reasons.faults_differ.clone());
    Err(Error::CustomReasons { left_out, faults_differ })
}

/// Labels of the families in auth-metrics-credentials: a handle that took one as a constant label could never have that group.
const LABELS_OF_CREDENTIALS: [&str; 5] = ["credential_kind", "credential", "event", "result", "key_state"];

fn check_const_labels(labels: &[(String, String)]) -> Result<(), Error> {
    for (index, (name, _)) in labels.iter().enumerate() {
        let repeated = labels[..index].iter().any(|(earlier, _)| earlier == name);
        let ours = name == "le"
            || LABELS_OF_CREDENTIALS.contains(&name.as_str())
            || FAMILIES.iter().any(|family| family.labels.contains(&name.as_str()));
        if repeated || ours || !label::is_label_name(name) {
            return Err(Error::InvalidConstLabel(name.clone()));
        }
    }
    Ok(())
}
