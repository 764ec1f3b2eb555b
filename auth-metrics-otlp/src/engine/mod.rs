//! `Engine`: what is pushed when, and what becomes of it. It has neither a thread nor a clock: it is told the time.

mod backoff;
mod complaints;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::Snapshot;

use crate::encode::{Encoded, Encoder, Times};
use crate::export::{Became, Counts};
use crate::series::Table;
use crate::setup::Temporality;
use crate::transport::{Answer, Transport};
use backoff::Backoff;
use complaints::Complaints;

/// One push of one handle.
pub(crate) struct Engine {
    encoder: Encoder,
    table: Table,
    transport: Box<dyn Transport>,
    counts: Arc<Counts>,
    /// Deltas that a server perhaps took. The very same request is sent until it is known: a server that has it already sees the same
    /// points at the same times.
    pending: Option<Pending>,
    /// The time of what a server last took, or when the push began.
    accepted_at: u64,
    /// The latest time of any request. None has an earlier one, whatever the clock does.
    latest: u64,
    backoff: Backoff,
    complaints: Complaints,
}

struct Pending {
    encoded: Encoded,
    at: u64,
    /// Whether it was sent before, and perhaps taken.
    is_repeated: bool,
    /// How often it was refused since then.
    refusals: u32,
}

/// How often a request that was perhaps taken may be refused.
const MOST_REFUSALS: u32 = 10;

/// The time of day in nanoseconds since 1970, and a time that never goes back.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) since_1970: u64,
    pub(crate) monotonic: Duration,
}

/// What a push came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that was counted is with a server.
    Delivered,
    /// The server refused it for good: the next push is due as ever.
    Refused,
    /// It is to be tried again after this time.
    Later(Duration),
    /// There is nothing to read any longer.
    Gone,
}

impl Engine {
    pub(crate) fn new(
        encoder: Encoder,
        transport: Box<dyn Transport>,
        counts: Arc<Counts>,
        (began, seed): (Moment, u64),
    ) -> Engine {
        Engine {
            encoder,
            table: Table::new(began.since_1970),
            transport,
            counts,
            pending: None,
            accepted_at: began.since_1970,
            latest: began.since_1970,
            backoff: Backoff::new(seed),
            complaints: Complaints::default(),
        }
    }

    /// Pushes once: first what is pending, then what a new snapshot has. Each request takes at most the timeout.
    pub(crate) fn push(
        &mut self,
        snapshot: impl FnOnce() -> Option<Snapshot>,
        now: Moment,
        timeout: Duration,
    ) -> Outcome {
        if let Some(pending) = self.pending.take() {
            let outcome = self.send(pending, now, timeout);
            if self.pending.is_some() {
                return outcome;
            }
        }
        let Some(snapshot) = snapshot() else { return Outcome::Gone };
        let at = now.since_1970.max(self.latest.saturating_add(1));
        self.latest = at;
        let dropped = self.table.read(&snapshot, at, self.is_delta());
        drop(snapshot);
        self.counts.note_dropped(dropped);
        let encoded = self.encoder.encode(&mut self.table, Times { accepted: self.accepted_at, now: at });
        self.send(Pending { encoded, at, is_repeated: false, refusals: 0 }, now, timeout)
    }

    fn is_delta(&self) -> bool {
        self.encoder.temporality == Temporality::Delta
    }

    fn send(&mut self, request: Pending, now: Moment, timeout: Duration) -> Outcome {
        let was_perhaps_taken = request.is_repeated;
        let answer = self.transport.send(&request.encoded.request, timeout);
        self.count(&answer, request.encoded.points, now);
        match answer {
            Answer::Accepted { .. } => {
                self.table.settle();
                self.accepted_at = request.at;
                self.backoff.reset();
                Outcome::Delivered
            }
            Answer::Refused(_) => {
                self.backoff.reset();
                self.refuse(request);
                Outcome::Refused
            }
            Answer::Unavailable { after, .. } => {
                // Once a request was perhaps taken, that the server is away now says nothing about it.
                if was_perhaps_taken {
                    self.keep(request);
                } else {
                    self.table.withdraw();
                }
                Outcome::Later(self.backoff.next(after))
            }
            Answer::Unknown(_) => {
                self.keep(request);
                Outcome::Later(self.backoff.next(None))
            }
        }
    }

    /// What was refused is in a later request, unless it was perhaps taken before: then it would be there twice, so it is sent again. Who
    /// refuses that for good has it already, or never will: it is given up, and counted.
    fn refuse(&mut self, request: Pending) {
        if !request.is_repeated {
            self.table.withdraw();
        } else if request.refusals + 1 < MOST_REFUSALS {
            self.pending = Some(Pending { refusals: request.refusals + 1, ..request });
        } else {
            self.counts.note_dropped(request.encoded.points);
            self.table.settle();
            self.accepted_at = request.at;
        }
    }

    /// Deltas are sent again as they are. A cumulative point is no worse for being taken twice, so a new one follows.
    fn keep(&mut self, request: Pending) {
        if self.is_delta() {
            self.pending = Some(Pending { is_repeated: true, ..request });
        } else {
            self.table.withdraw();
        }
    }

    fn count(&mut self, answer: &Answer, points: u64, now: Moment) {
        let result = match answer {
            Answer::Accepted { rejected: 1.., .. } => Became::Partial,
            Answer::Accepted { is_readable: false, .. } => Became::Unreadable,
            Answer::Accepted { .. } => Became::Accepted,
            Answer::Refused(_) => Became::Refused,
            Answer::Unavailable { .. } => Became::Unavailable,
            Answer::Unknown(_) => Became::Unknown,
        };
        self.counts.note(result);
        if let Answer::Accepted { rejected, .. } = answer {
            // Who rejects more than there was lies.
            let rejected = (*rejected).min(points);
            self.counts.note_points(points - rejected, rejected);
            self.counts.note_success(now.since_1970);
        }
        self.complaints.about(self.counts.name(), answer, now.monotonic);
    }
}
