//! Where a trace is read: functions for [`AuthMetricsBuilder::trace_context`](crate::AuthMetricsBuilder::trace_context).

use super::{Context, TraceContext, context};

/// Reads the trace of the [`Context`](super::Context) that this code runs in, which
/// [`ContextLayer::traceparent`](super::ContextLayer) takes from the request's header.
pub fn traceparent() -> Option<TraceContext> {
    context::read(Context::trace_context).flatten()
}
