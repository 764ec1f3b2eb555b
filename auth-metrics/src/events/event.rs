//! `Event`: a copy of an attempt that ended, or of something else that an observer wants to know.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::TraceContext;
use super::about::Field;
use super::id::EventId;
#[cfg(feature = "pseudonyms")]
use super::pseudonyms::{Pseudonym, Pseudonyms};
use super::text::Text;
use crate::terms::{OperationKind, Outcome, Reason};

/// What an [`Event`] tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// An attempt ended.
    Attempt(OperationKind),
    /// A credential was created, rotated, revoked or the like.
    Credential,
    /// A request was let through because a policy could not be evaluated, or a policy that is only observed would have decided otherwise.
    Decision,
}

impl EventKind {
    /// Returns the value of the label `event_kind`: `attempt`, `credential` or `decision`.
    pub const fn label(self) -> &'static str {
        match self {
            EventKind::Attempt(_) => "attempt",
            EventKind::Credential => "credential",
            EventKind::Decision => "decision",
        }
    }
}

/// What an attempt was: a copy, made after it ended. It has the precise reason, whatever the handle's
/// [`Exposure`](crate::Exposure).
///
/// Identities are data of strangers: they may contain anything, control characters included. `Debug` shows none of them.
#[derive(Clone)]
pub struct Event {
    pub(super) origin: Arc<Origin>,
    pub(super) source: Option<&'static str>,
    pub(super) outcome: Outcome,
    pub(super) started: SystemTime,
    pub(super) duration: Duration,
    pub(super) texts: [Option<Text>; Field::COUNT],
    pub(super) request_id: Option<Text>,
    pub(super) peer: Option<IpAddr>,
    pub(super) trace: Option<TraceContext>,
    pub(super) is_cut: bool,
    pub(super) is_nested: bool,
    pub(super) is_told_inside: bool,
    pub(super) id: EventId,
    #[cfg(feature = "pseudonyms")]
    pub(super) pseudonyms: Option<Arc<Pseudonyms>>,
}

/// What all events of one operation of one service have in common.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) service: Arc<str>,
    pub(crate) operation: Arc<str>,
    pub(crate) kind: EventKind,
    /// Which observers want its events, a bit each.
    pub(super) wanted_by: u64,
}

impl Event {
    /// Returns the service id.
    pub fn service_id(&self) -> &str {
        &self.origin.service
    }

    /// Returns the operation; of a credential's event the step, such as `rotated`; of a decision the policy that
    /// could not be evaluated, or `would_deny` or `would_allow` of one that is only observed.
    pub fn operation(&self) -> &str {
        &self.origin.operation
    }

    /// Returns what it tells of.
    pub fn kind(&self) -> EventKind {
        self.origin.kind
    }

    /// Returns where the attempt came from: the label of its [`Source`](crate::Source).
    pub fn source(&self) -> Option<&'static str> {
        self.source
    }

    /// Returns how it ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns why it failed, precisely, or `None` for a success.
    pub fn reason(&self) -> Option<Reason> {
        self.outcome.reason()
    }

    /// Returns when it started. It is computed from the time that has passed since, so it follows the system's clock as that is when
    /// the event is delivered.
    pub fn started(&self) -> SystemTime {
        self.started
    }

    /// Returns how long it took.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns when it ended.
    pub fn ended(&self) -> SystemTime {
        self.started + self.duration
    }

    /// Returns who tried.
    pub fn subject(&self) -> Option<&str> {
        self.text(Field::Subject)
    }

    /// Returns the client's address: that of the attempt, else that of its [`Context`](super::Context).
    pub fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// Returns the session.
    pub fn session(&self) -> Option<&str> {
        self.text(Field::Session)
    }

    /// Returns the device.
    pub fn device(&self) -> Option<&str> {
        self.text(Field::Device)
    }

    /// Returns what was asked for; of a credential's event the credential's name.
    pub fn resource(&self) -> Option<&str> {
        self.text(Field::Resource)
    }

    /// Returns one of the texts that say who it is about.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.texts[field as usize].as_ref().map(Text::as_str)
    }

    /// Returns the pseudonym of one of the texts, under the current key; `None` without the text, and if the handle has no
    /// [`pseudonyms`](crate::AuthMetricsBuilder::pseudonyms).
    #[cfg(feature = "pseudonyms")]
    pub fn pseudonym(&self, field: Field) -> Option<Pseudonym> {
        Some(self.pseudonyms()?.of(field, self.text(field)?))
    }

    /// Returns the pseudonym of the client's address, under the current key.
    #[cfg(feature = "pseudonyms")]
    pub fn peer_pseudonym(&self) -> Option<Pseudonym> {
        Some(self.pseudonyms()?.of_peer(self.peer?))
    }

    /// Returns what its pseudonyms are made with; its [`previous`](Pseudonyms::previous) makes those under the previous key.
    #[cfg(feature = "pseudonyms")]
    pub fn pseudonyms(&self) -> Option<&Pseudonyms> {
        self.pseudonyms.as_deref()
    }

    /// Returns the id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_ref().map(Text::as_str)
    }

    /// Returns the trace.
    pub fn trace(&self) -> Option<TraceContext> {
        self.trace
    }

    /// Returns whether a text was longer than 256 bytes and was cut.
    pub fn is_truncated(&self) -> bool {
        self.is_cut
    }

    /// Returns whether the attempt is [part of another one](crate::guide::annotating#one-inside-of-another), whose event comes after it, unless
    /// both were dropped.
    pub fn is_nested(&self) -> bool {
        self.is_nested
    }

    /// Returns whether the events of attempts [inside of it](crate::guide::annotating#one-inside-of-another) have told already what it tells: it ended no
    /// worse than the worst of them, and names nobody whom none of them names. If you count failures or successes, leave it out, and each is
    /// counted once, where it is known best.
    pub fn is_told_inside(&self) -> bool {
        self.is_told_inside
    }

    /// Returns its id. With the feature `tracing01` the span of the attempt has it too.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// Returns the number of the thread that recorded it. A thread that ends leaves its number to another one. Where many threads record
    /// (two to a processor, 32 at least), further ones share numbers, and then come in no order.
    pub fn thread(&self) -> u32 {
        self.id.thread()
    }

    /// Returns its place among the events of its [`thread`](Event::thread): higher is later. A gap means that events were dropped.
    pub fn sequence(&self) -> u64 {
        self.id.sequence()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Event");
        debug.field("service_id", &self.service_id()).field("operation", &self.operation());
        debug.field("kind", &self.kind()).field("source", &self.source).field("outcome", &self.outcome);
        debug.field("started", &self.started).field("duration", &self.duration);
        debug.field("id", &format_args!("{}", self.id));
        debug.finish_non_exhaustive()
    }
}
