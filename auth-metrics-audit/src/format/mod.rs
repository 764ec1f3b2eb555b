//! `Format`: how a record is spelled as one line of JSON. Knows nothing of sinks; the seal closes the line.

mod ecs;
mod json;
mod ocsf;
mod own;
#[cfg(test)]
mod tests;
mod time;
mod words;

use std::net::IpAddr;
use std::time::Duration;

use self::json::Json;
use crate::record::{Attempt, Body, Record, Shown};

/// The longest line, with its newline.
pub(crate) const MOST: usize = 2_048;

/// The longest line before the seal closes it.
const MOST_OPEN: usize = MOST - 260;

/// The most bytes of each text from outside. They are tried in this order, until the line is short enough, so the longest texts are cut.
const TEXTS: [usize; 9] = [1_536, 512, 256, 128, 64, 32, 16, 8, 0];

/// How a line is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The Elastic Common Schema, version 9, with dotted names; what it has no word for begins with `auth.`.
    #[default]
    Ecs,
    /// The Open Cybersecurity Schema Framework, version 1.8.0: classes 3002 and 6003, 3004 for credentials, and 6002 for what the
    /// trail says of itself.
    Ocsf,
}

/// What a line says beside its record.
pub(crate) struct Frame<'a> {
    pub(crate) origin: &'a Origin,
    /// Which of the record's places in the chains is this one's.
    pub(crate) sink: usize,
    pub(crate) chain: &'a str,
    pub(crate) sequence: u64,
    /// The hash of the line before, as 64 hexadecimal digits.
    pub(crate) prev: &'a str,
}

/// Where all lines of a process come from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The replica: the name of the host, unless the user gave another.
    pub(crate) node: String,
    /// Changes with each start: 16 hexadecimal digits.
    pub(crate) boot: String,
    /// The tenant.
    pub(crate) organization: Option<String>,
}

impl Format {
    /// Appends the line up to the hash of the line before it, without what closes it: the seal appends its hash.
    ///
    /// - ECS: `{…,"auth.chain":"C","event.sequence":7,"auth.prev":"P"`, which the seal closes with `,"event.hash":"H"[,"auth.seal":"S"]}`.
    /// - OCSF: `{…,"unmapped":{…,"chain":"C","sequence":7,"prev":"P"`, which the seal closes with `,"hash":"H"[,"seal":"S"]}}`.
    ///
    /// With what the seal appends, it has at most [`MOST`] bytes: texts that are too long are cut, and `truncated` says so.
    pub(crate) fn append(self, record: &Record, frame: &Frame<'_>, line: &mut Vec<u8>) {
        let start = line.len();
        // In a checkpoint, the heads of the other chains count for more than a long name.
        let skipped = if matches!(record.body, Body::Own(_)) { 2 } else { 0 };
        for most in TEXTS.into_iter().skip(skipped) {
            line.truncate(start);
            match self {
                Format::Ecs => ecs::append(record, frame, &mut Json::new(line, "auth.", most)),
                Format::Ocsf => ocsf::append(record, frame, &mut Json::new(line, "", most)),
            }
            if line.len() - start <= MOST_OPEN {
                break;
            }
        }
    }
}

/// Writes a session or a device, and its previous pseudonym under the second key.
fn append_shown(shown: &Shown, [key, previous_key]: [&str; 2], json: &mut Json<'_>) {
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

/// Writes what the trail remembers of the subject and of the session.
fn append_memory(attempt: &Attempt, frame: &Frame<'_>, json: &mut Json<'_>) {
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
fn prefix_length(peer: IpAddr) -> &'static str {
    match peer {
        IpAddr::V4(_) => "/24",
        IpAddr::V6(_) => "/48",
    }
}

/// Nanoseconds, at most as many as a schema's `long` has.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX).min(i64::MAX.unsigned_abs())
}
