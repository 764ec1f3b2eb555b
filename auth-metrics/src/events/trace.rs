//! Where a trace is read: functions for [`AuthMetricsBuilder::trace_context`](crate::AuthMetricsBuilder::trace_context).
//!
//! | feature | function | reads |
//! |---|---|---|
//! | none | [`traceparent`] | the trace of the [`Context`], from the request's header |
//! | `opentelemetry031`, `opentelemetry032`, `opentelemetry033` | `opentelemetry033` | the current span of OpenTelemetry |
//!
//! A span of the `tracing` crate is OpenTelemetry's current one while it is entered, if `tracing-opentelemetry` is of 0.32 or later. So
//! put `#[instrument]` above `#[auth_metered]`: the span is still entered when the attempt ends.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::{Context, TraceContext, context};
use crate::groups::unwinding_stops;

/// How a handle reads traces.
#[derive(Clone)]
pub(crate) struct TraceReader(Arc<dyn Fn() -> Option<TraceContext> + Send + Sync>);

// Its panics are caught, so a handle may cross `catch_unwind`.
impl UnwindSafe for TraceReader {}
impl RefUnwindSafe for TraceReader {}

impl TraceReader {
    pub(crate) fn new(read: impl Fn() -> Option<TraceContext> + Send + Sync + 'static) -> TraceReader {
        TraceReader(Arc::new(read))
    }

    /// Reads the trace that this code runs in. A reader that panics knows none.
    pub(crate) fn read(&self) -> Option<TraceContext> {
        unwinding_stops(|| (self.0)()).flatten()
    }
}

/// Reads the trace of the [`Context`] that this code runs in: that of the request's `traceparent` header.
pub fn traceparent() -> Option<TraceContext> {
    context::read(Context::trace_context).flatten()
}

macro_rules! opentelemetry {
    ($($feature:literal $function:ident;)*) => {$(
        /// Reads the span that is OpenTelemetry's current one here; `None` if there is none.
        #[cfg(feature = $feature)]
        pub fn $function() -> Option<TraceContext> {
            use $function::Context;
            use $function::trace::TraceContextExt;

            Context::map_current(|context| {
                let span = context.span();
                let span = span.span_context();
                TraceContext::new(span.trace_id().to_bytes(), span.span_id().to_bytes(), span.is_sampled())
            })
        }
    )*};
}

opentelemetry! {
    "opentelemetry031" opentelemetry031;
    "opentelemetry032" opentelemetry032;
    "opentelemetry033" opentelemetry033;
}
