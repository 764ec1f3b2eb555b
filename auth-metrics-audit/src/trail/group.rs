//! The group of a trail: what is exported of its counts.

use std::sync::Arc;

use auth_metrics::group::{Group, GroupError, Samples};
use auth_metrics::{AuthMetrics, Family};

use super::counts::{Outlet, Result as Became};
use super::shared::Shared;
use crate::families::{self, FAMILIES};
use crate::sink::TroubleKind;

/// The families of the trail of a handle.
pub(crate) struct AuditGroup {
    shared: Arc<Shared>,
}

impl AuditGroup {
    /// Attaches the families to a handle.
    ///
    /// # Errors
    ///
    /// A name is taken; the handle counts and logs it.
    pub(crate) fn attach(metrics: &AuthMetrics, shared: &Arc<Shared>) -> Result<(), GroupError> {
        metrics.group(|| AuditGroup { shared: Arc::clone(shared) }).map(drop)
    }
}

impl Group for AuditGroup {
    fn families(&self) -> Vec<&'static Family> {
        FAMILIES.to_vec()
    }

    /// What became of records is read first, then what waits, then what was captured: none is ever ahead of what it comes from.
    fn collect(&self, samples: &mut Samples) {
        for outlet in &self.shared.outlets {
            results(outlet, samples);
        }
        for outlet in &self.shared.outlets {
            state(outlet, samples);
        }
        let counts = &self.shared.counts;
        let decisions = [
            ("captured", counts.captured()),
            ("skipped", counts.skipped()),
            ("overflow", self.shared.overflow()),
        ];
        for (decision, count) in decisions {
            samples.counter(&families::ATTEMPTS, &[decision], count);
        }
        for (pattern, count) in counts.patterns() {
            samples.counter(&families::CORRELATIONS, &[pattern], count);
        }
    }
}

fn results(outlet: &Outlet, samples: &mut Samples) {
    for (result, count) in Became::LABELS.iter().zip(outlet.attempts()) {
        samples.counter(&families::EVENTS, &[outlet.name, result], count);
    }
    for (result, count) in Became::LABELS.iter().zip(outlet.steps()) {
        samples.counter(&families::STEPS, &[outlet.name, result], count);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sample is a float")]
fn state(outlet: &Outlet, samples: &mut Samples) {
    let sink = [outlet.name];
    samples.gauge(&families::QUEUE, &sink, outlet.queue.attempts() as f64);
    samples.gauge(&families::QUEUE_CAPACITY, &sink, outlet.queue.capacity() as f64);
    samples.gauge(&families::UP, &sink, f64::from(u8::from(outlet.is_alive())));
    if let Some(at) = outlet.last_success() {
        samples.gauge(&families::LAST_SUCCESS, &sink, at);
    }
    samples.gauge(&families::SEQUENCE, &sink, outlet.sequence() as f64);
    if let Some(durations) = &outlet.durations {
        samples.histogram(&families::WRITE_DURATION, &sink, durations);
    }
    for (kind, count) in TroubleKind::LABELS.iter().zip(outlet.troubles()) {
        samples.counter(&families::FAULTS, &[outlet.name, kind], count);
    }
}
