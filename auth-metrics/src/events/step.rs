//! `Step`: what observers want to know beside attempts.

use std::fmt;
use std::time::Duration;

use super::About;
use super::buffer::Ending;
use super::capture::{Capture, STEPS_OF_A_SERVICE};
use super::event::EventKind;
use crate::storage::{Names, whole_nanos};
use crate::terms::{Ended, Outcome, label};

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
#[derive(Clone)]
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
    /// Describes a step of a credential by a name from your code, such as `rotated`: `[a-z][a-z0-9_]*`. A service tells 64 steps apart;
    /// others are `other`.
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
    /// Takes a step. The first of its name for a service makes its origin.
    pub(super) fn step(&self, step: &Step<'_>) {
        let services = match step.kind {
            EventKind::Decision => &self.steps[1],
            EventKind::Credential | EventKind::Attempt(_) => &self.steps[0],
        };
        let names = |_| Names::new(STEPS_OF_A_SERVICE, label::OTHER);
        let (service, names) = services.resolve(step.service_id, label::is_service_id, names);
        let service = services.name(service.index);
        let origin = |name: &str| self.captured(service, &name.into(), step.kind);
        let make = |index| origin(if index == STEPS_OF_A_SERVICE { label::OTHER } else { step.name });
        let (_, captured) = names.resolve(step.name, label::is_name, make);
        let mut about = About::default();
        about.resource(step.resource);
        step.source.into_iter().for_each(|source| about.note_source(source));
        let (started, nanos) = (self.clock.now(), whole_nanos(step.duration));
        // Nobody asks for the id of a step.
        let _ = self.take(
            *captured,
            &Ending {
                ended: Ended::with(step.outcome),
                started,
                nanos,
                is_nested: false,
                is_told_inside: false,
            },
            Some(&about),
        );
    }
}

impl fmt::Debug for Step<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Step");
        debug.field("kind", &self.kind).field("service_id", &self.service_id).field("name", &self.name);
        debug.finish_non_exhaustive()
    }
}
