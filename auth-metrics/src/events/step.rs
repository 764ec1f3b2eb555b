//! `Step`: what observers want to know beside attempts.

use std::time::Duration;

use super::About;
use super::capture::{Capture, Ending};
use super::event::EventKind;
use crate::storage::whole_nanos;
use crate::terms::{Ended, Outcome};

/// Something that happened beside attempts, for [`Events::report`](super::Events::report): a step in the life of a credential, or a
/// decision that was not enforced.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::events::{self, Step};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let printer = events::observer("printer", |events| println!("{} events", events.len()));
/// let metrics = AuthMetrics::builder().service_id("gateway").observe(printer).build()?;
/// let rotated = Step::credential("gateway", "rotated").source("signing_key").resource("session_signer");
/// metrics.events().report(&rotated.took(Duration::from_millis(40)));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a step does nothing until it is reported"]
pub struct Step<'a> {
    kind: EventKind,
    service_id: &'a str,
    name: &'a str,
    source: Option<&'static str>,
    resource: Option<&'a str>,
    outcome: Outcome,
    duration: Duration,
}

impl<'a> Step<'a> {
    /// Describes a step of a credential by a name from your code, such as `rotated`.
    pub fn credential(service_id: &'a str, step: &'a str) -> Step<'a> {
        Step::of(EventKind::Credential, service_id, step)
    }

    /// Describes a decision that was not enforced, by the name of its policy. [`record_fail_open`](crate::AuthMetrics::record_fail_open)
    /// reports its own.
    pub fn decision(service_id: &'a str, policy: &'a str) -> Step<'a> {
        Step::of(EventKind::Decision, service_id, policy)
    }

    fn of(kind: EventKind, service_id: &'a str, name: &'a str) -> Step<'a> {
        let (source, resource, duration) = (None, None, Duration::ZERO);
        Step { kind, service_id, name, source, resource, outcome: Outcome::Success, duration }
    }

    /// Sets the kind of the credential.
    pub fn source(mut self, source: &'static str) -> Step<'a> {
        self.source = Some(source);
        self
    }

    /// Sets the name of the credential: a slug of yours, never the credential itself.
    pub fn resource(mut self, resource: &'a str) -> Step<'a> {
        self.resource = Some(resource);
        self
    }

    /// Sets how it ended. Default: [`Outcome::Success`].
    pub fn outcome(mut self, outcome: Outcome) -> Step<'a> {
        self.outcome = outcome;
        self
    }

    /// Sets how long it took. Default: zero.
    pub fn took(mut self, duration: Duration) -> Step<'a> {
        self.duration = duration;
        self
    }
}

impl Capture {
    /// Takes a step. The first of its name for a service makes its origin; beyond some thousands of them, further ones are dropped.
    pub(super) fn step(&self, step: &Step<'_>) {
        let key = [step.kind.label(), step.service_id, step.name].join("\0");
        let make = |_| self.captured(&step.service_id.into(), &step.name.into(), step.kind);
        let Some(captured) = self.steps.get_or_add(&key, make) else { return self.drop_step(step.kind) };
        let mut about = About::default();
        about.resource(step.resource);
        step.source.into_iter().for_each(|source| about.note_source(source));
        let (started, nanos) = (self.clock.now(), whole_nanos(step.duration));
        self.take(captured, &Ending { ended: Ended::with(step.outcome), started, nanos }, Some(&about));
    }
}
