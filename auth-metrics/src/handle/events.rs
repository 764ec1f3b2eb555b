//! The events of a handle: the options of its builder, the way to them, and their beginning and end.

use std::sync::Arc;

use super::observing::Capacity;
use super::{AuthMetrics, AuthMetricsBuilder, Error, Inner};
#[cfg(feature = "pseudonyms")]
use crate::events::Pseudonyms;
use crate::events::{ContextGroup, Events, EventsGroup, Observer, TraceContext, TraceReader};

/// Who observes the attempts of the handle, and where their trace is read.
impl AuthMetricsBuilder {
    /// Adds an observer, which gets a copy of each attempt after it ended; see [`events`](crate::events). Default: none, and then
    /// nothing is captured, and no argument that says who an attempt is about is evaluated.
    ///
    /// To keep a reference to it, pass an `Arc`.
    pub fn observe(mut self, observer: impl Observer) -> AuthMetricsBuilder {
        self.observing.observers.push(Arc::new(observer));
        self
    }

    /// Writes on the current `tracing` span what an attempt was when it ends, so that a log line and a metric meet. It makes no span of its
    /// own. A span has only fields that it declares:
    ///
    /// | field | value |
    /// |---|---|
    /// | `auth.operation` | the operation |
    /// | `auth.outcome` | `success`, `rejected`, `error`, `interim` or `cancelled` |
    /// | `auth.reason` | the precise reason, whatever the exposure; empty for a success |
    /// | `auth.attempt_id` | the [id](crate::events::EventId) of the event, as observers and the audit trail have it; empty if the attempt was not captured |
    ///
    /// Put `#[instrument]` above `#[auth_metered]`: its span is still entered then when the attempt ends. Of several attempts in one span,
    /// the last one stays.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
    /// use tracing::{field::Empty, info, instrument};
    /// # #[derive(Debug, FailureReason)]
    /// # enum LoginError { InvalidCredentials }
    ///
    /// #[instrument(skip_all, fields(auth.operation = Empty, auth.reason = Empty, auth.attempt_id = Empty))]
    /// async fn handle(name: &str, password: &str) {
    ///     let _ = login(name, password).await;
    ///     info!("answered"); // the line has the fields of its span
    /// }
    ///
    /// #[auth_metered(op = "login", subject = name)]
    /// async fn login(name: &str, password: &str) -> Result<(), LoginError> {
    ///     if password == "correct horse" { Ok(()) } else { Err(LoginError::InvalidCredentials) }
    /// }
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").span_fields().build()?;
    /// # let _ = (metrics, handle("", ""));
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tracing01")]
    pub fn span_fields(mut self) -> AuthMetricsBuilder {
        self.observing.spans = Some(crate::events::span::write);
        self
    }

    /// Sets how many events each of the two buffers of a thread that records can hold. What does not fit until the next delivery is
    /// dropped and counted. From 1 to 1,048,576; default: 2,048, which takes 1 MiB a thread. Delivery is every 20 ms.
    pub fn event_capacity(mut self, events: usize) -> AuthMetricsBuilder {
        self.observing.capacity = Capacity::AtMost(events);
        self
    }

    /// Delivers events without a thread: only where you call [`Events::poll`]. Default: a thread named `auth-metrics-events` delivers
    /// them, which starts with the handle if that has observers.
    pub fn poll_events(mut self) -> AuthMetricsBuilder {
        self.observing.polled = true;
        self
    }

    /// Sets how to read the trace that an attempt is part of. It is called on the thread where the attempt ends, after it ended. Default:
    /// the trace of the [`Context`](crate::events::Context), for events alone.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, events};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").trace_context(events::trace::traceparent).build()?;
    /// # Ok(()) }
    /// ```
    pub fn trace_context(
        mut self,
        read: impl Fn() -> Option<TraceContext> + Send + Sync + 'static,
    ) -> AuthMetricsBuilder {
        self.observing.trace = Some(TraceReader::new(read));
        self
    }

    /// Sets how pseudonyms of identities are made, for all observers. Default: none are made.
    #[cfg(feature = "pseudonyms")]
    pub fn pseudonyms(mut self, pseudonyms: Pseudonyms) -> AuthMetricsBuilder {
        self.observing.pseudonyms = Some(Arc::new(pseudonyms));
        self
    }

    /// Keeps every event until it is polled, in memory that grows.
    #[cfg(feature = "testing")]
    pub(crate) fn keep_events(mut self, observer: impl Observer) -> AuthMetricsBuilder {
        self.observing.capacity = Capacity::All;
        self.observe(observer).poll_events()
    }
}

impl AuthMetrics {
    /// Returns the way to this handle's events: to wait until observers have them, or to deliver them.
    pub fn events(&self) -> Events<'_> {
        Events::of(self.inner.consumer.as_ref())
    }

    /// Whether anybody observes this handle's attempts.
    pub(crate) fn is_observed(&self) -> bool {
        self.inner.consumer.is_some()
    }

    /// Attaches the families of events and starts the thread, if there are observers.
    pub(super) fn start_events(&self, starts_thread: bool) -> Result<(), Error> {
        let is_traced = self.inner.core.trace.is_some();
        // Nothing is attached yet, so nothing can clash.
        if is_traced || self.is_observed() {
            let _ = self.group(|| ContextGroup);
        }
        let (Some(capture), Some(consumer)) = (&self.inner.core.capture, &self.inner.consumer) else {
            return Ok(());
        };
        let _ = self.group(|| EventsGroup::of(capture));
        if starts_thread { consumer.start().map_err(Error::EventsThread) } else { Ok(()) }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(consumer) = &self.consumer {
            consumer.end();
        }
    }
}
