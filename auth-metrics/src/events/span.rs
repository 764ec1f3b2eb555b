//! Fields of the current `tracing` span. Knows nothing of handles.

use tracing::Span;
use tracing::field::display;

use super::EventId;
use crate::terms::{Outcome, Reason};

/// Writes on the current span how an attempt ended. Fields that the span does not declare are not there.
pub(crate) fn write(operation: &str, outcome: Outcome, id: Option<EventId>) {
    let span = Span::current();
    if span.is_none() {
        return;
    }
    span.record("auth.operation", operation);
    span.record("auth.outcome", outcome.label());
    // Of several attempts in one span the last one stays, with all that it has and has not.
    span.record("auth.reason", outcome.reason().map_or("", Reason::label));
    match id {
        Some(id) => span.record("auth.attempt_id", display(id)),
        None => span.record("auth.attempt_id", ""),
    };
}
