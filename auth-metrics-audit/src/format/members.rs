//! Members that both formats have, under names of their own.

use std::net::IpAddr;
use std::time::Duration;

use super::frame::Frame;
use super::json::Json;
use crate::record::{Attempt, Shown};

/// Writes a session or a device, and its previous pseudonym under the second key.
pub(super) fn append_shown(shown: &Shown, [key, previous_key]: [&str; 2], json: &mut Json<'_>) {
    match shown {
        Shown::Omitted => {}
        Shown::Clear(text) => json.ours(key).text(text),
        Shown::Pseudonym(name, previous) => {
            json.ours(key).pseudonym(name);
            if let Some(previous) = previous {
                json.ours(previous_key).pseudonym(previous);
            }
        }
    }
}

/// Writes what the attempt is called elsewhere, and what the trail remembers of the subject and of the session.
pub(super) fn append_memory(attempt: &Attempt, frame: &Frame<'_>, json: &mut Json<'_>) {
    if let Some(id) = &attempt.id {
        json.ours("attempt_id").word(id);
    }
    if attempt.is_nested {
        json.ours("nested").flag(true);
    }
    if let Some(failures) = attempt.failures_before {
        json.ours("failures_before").number(failures.into());
    }
    if attempt.new_peer {
        json.ours("new_peer").flag(true);
    }
    if !attempt.patterns.is_empty() {
        json.ours("patterns").list(&attempt.patterns);
    }
    if let Some(sequence) = attempt.previous.as_ref().and_then(|previous| previous.get(frame.sink)) {
        json.ours("previous").number(sequence);
    }
}

/// The length of the prefix that is shown of an address.
pub(super) fn prefix_length(peer: IpAddr) -> &'static str {
    match peer {
        IpAddr::V4(_) => "/24",
        IpAddr::V6(_) => "/48",
    }
}

/// Nanoseconds, at most as many as a schema's `long` has.
pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX).min(i64::MAX.unsigned_abs())
}
