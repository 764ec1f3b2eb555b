//! `Format`: how a record is spelled as one line of JSON. Knows nothing of sinks; the seal closes the line.

mod ecs;
mod frame;
mod json;
mod members;
mod ocsf;
mod own;
#[cfg(test)]
mod tests;
mod time;
mod words;

pub(crate) use frame::{Frame, MOST, Origin};

use self::frame::MOST_OPEN;
use self::json::Json;
use crate::record::{Body, Record};

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

impl Format {
    /// Appends the line up to the hash of the line before it, without what closes it: the seal appends its hash.
    ///
    /// - ECS: `{…,"auth.chain":"C","event.sequence":7,"auth.prev":"P"`, which the seal closes with `,"event.hash":"H"[,"auth.seal":"S"]}`.
    /// - OCSF: `{…,"unmapped":{…,"chain":"C","sequence":7,"prev":"P"`, which the seal closes with `,"hash":"H"[,"seal":"S"]}}`.
    ///
    /// With what the seal appends, it has at most [`MOST`](frame::MOST) bytes: texts that are too long are cut, and `truncated` says so.
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
