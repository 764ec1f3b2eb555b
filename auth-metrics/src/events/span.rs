//! Fields of the current `tracing` span. Knows nothing of handles.

use tracing::Span;
use tracing::field::display;

use super::EventId;
use crate::terms::Outcome;

/// Writes on the current span how an attempt ended. Fields that the span does not declare are not there.
pub(crate) fn write(operation: &str, outcome: Outcome, id: Option<EventId>) {
    let span = Span::current();
    if span.is_none() {
        return;
    }
    span.record("auth.operation", operation);
    span.record("auth.outcome", outcome.label());
    if let Some(reason) = outcome.reason() {
        span.record("auth.reason", reason.label());
    }
    if let Some(id) = id {
        span.record("auth.attempt_id", display(id));
    }
}
