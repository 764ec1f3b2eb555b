//! `Exemplar`: one attempt that a sample counted, by its trace.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::events::TraceContext;
use crate::handle;

/// The trace of one of the latest attempts that a sample counted: of a bucket of a histogram, or of a failure's reason.
///
/// There are exemplars where the handle has a [`trace_context`](crate::AuthMetricsBuilder::trace_context), of sampled traces only. Each is
/// replaced once a second at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    trace: TraceContext,
    value: f64,
    /// Since 1970.
    millis: u64,
}

impl Exemplar {
    /// The attempt as one of `value`.
    pub(super) fn of(exemplar: &handle::Exemplar, value: f64) -> Exemplar {
        Exemplar { trace: exemplar.trace, value, millis: exemplar.at }
    }

    /// Returns the trace and the span.
    pub fn trace(&self) -> TraceContext {
        self.trace
    }

    /// Returns what the attempt added: 1 to a counter, to a histogram how long it took in seconds. Unless the handle has
    /// [`Exposure::Full`](crate::Exposure), that is rounded up to the bound of the bucket; above the last bound it is twice that bound.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Returns when the attempt ended, to the millisecond.
    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.millis)
    }

    /// The value in whole nanoseconds, if those are the same.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "what is not the same there and back is refused"
    )]
    pub(crate) fn nanos(&self) -> Option<u128> {
        let nanos = (self.value * 1e9).round() as u64;
        ((nanos as f64 / 1e9).to_bits() == self.value.to_bits()).then(|| nanos.into())
    }

    /// When it ended, in milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        self.millis
    }
}
