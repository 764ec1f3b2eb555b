//! `Engine`: what is pushed when, and what becomes of it. It has neither a thread nor a clock: it is told the time.

mod backoff;
mod complaints;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::Snapshot;

use crate::encode::{Encoder, Times};
use crate::export::{Became, Counts};
use crate::ledger::{Ledger, Pending};
use crate::setup::Temporality;
use crate::transport::{Answer, Transport, Why};
use crate::unwinding::unwinding_stops;
use backoff::Backoff;
use complaints::Complaints;

/// One push of one handle.
pub(crate) struct Engine {
    encoder: Encoder,
    transport: Box<dyn Transport>,
    counts: Arc<Counts>,
    /// Handed on when this one ends.
    ledger: Ledger,
    /// When the last request was made. It never goes back.
    last: Duration,
    backoff: Backoff,
    complaints: Complaints,
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
        // Another temporality begins anew.
        let left = counts.take_ledger().filter(|left| left.temporality == encoder.temporality);
        let ledger = left.unwrap_or_else(|| Ledger::new(encoder.temporality, began.since_1970));
        Engine {
            encoder,
            transport,
            counts,
            ledger,
            last: began.monotonic,
            backoff: Backoff::new(seed),
            complaints: Complaints::default(),
        }
    }

    /// Pushes once: first what is pending, then what a new snapshot has. Before each request it asks for the time, and how long the
    /// request may take.
    pub(crate) fn push(
        &mut self,
        snapshot: impl FnOnce() -> Option<Snapshot>,
        now: impl Fn() -> Moment,
        timeout: impl Fn() -> Duration,
    ) -> Outcome {
        if let Some(pending) = self.ledger.pending.take() {
            let outcome = self.send(pending, now(), timeout());
            if self.ledger.pending.is_some() {
                return outcome;
            }
        }
        let timeout = timeout();
        if timeout.is_zero() {
            return Outcome::Later(Duration::ZERO);
        }
        let Some(snapshot) = snapshot() else { return Outcome::Gone };
        let now = now();
        let elapsed = now.monotonic.saturating_sub(std::mem::replace(&mut self.last, now.monotonic));
        let elapsed = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        let at = self.ledger.next_time(now.since_1970, elapsed);
        let dropped = self.ledger.table.read(&snapshot, at, self.is_delta());
        drop(snapshot);
        self.counts.note_dropped(dropped);
        let times = Times { accepted: self.ledger.accepted_at, now: at };
        let encoded = self.encoder.encode(&mut self.ledger.table, times);
        self.send(Pending { encoded, at, is_repeated: false, refusals: 0 }, now, timeout)
    }

    fn is_delta(&self) -> bool {
        self.encoder.temporality == Temporality::Delta
    }

    fn send(&mut self, request: Pending, now: Moment, timeout: Duration) -> Outcome {
        let was_perhaps_taken = request.is_repeated;
        // A client that panics may have sent it.
        let answer = unwinding_stops(|| self.transport.send(&request.encoded.request, timeout));
        let answer = answer.unwrap_or(Answer::Unknown(Why::Broken));
        self.count(&answer, request.encoded.points, now);
        match answer {
            Answer::Accepted { .. } => {
                self.ledger.table.settle();
                self.ledger.accepted_at = request.at;
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
                    self.ledger.table.withdraw();
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
            self.ledger.table.withdraw();
        } else if request.refusals + 1 < MOST_REFUSALS {
            self.ledger.pending = Some(Pending { refusals: request.refusals + 1, ..request });
        } else {
            self.counts.note_dropped(request.encoded.points);
            self.ledger.table.settle();
            self.ledger.accepted_at = request.at;
        }
    }

    /// Deltas are sent again as they are. A cumulative point is no worse for being taken twice, so a new one follows.
    fn keep(&mut self, request: Pending) {
        if self.is_delta() {
            self.ledger.pending = Some(Pending { is_repeated: true, ..request });
        } else {
            self.ledger.table.withdraw();
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

impl Drop for Engine {
    fn drop(&mut self) {
        let empty = Ledger::new(self.encoder.temporality, 0);
        self.counts.leave_ledger(std::mem::replace(&mut self.ledger, empty));
    }
}
