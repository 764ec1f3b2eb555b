//! `Format`: how a record is spelled as one line of JSON. Knows nothing of sinks; the seal closes the line.

use crate::record::Record;

/// How a line is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The Elastic Common Schema, version 9, with dotted names; what it has no word for begins with `auth.`.
    #[default]
    Ecs,
    /// The Open Cybersecurity Schema Framework, version 1.8.0: classes 3002 and 6003, and 6002 for what the trail says of itself.
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
    pub(crate) fn append(self, record: &Record, frame: &Frame<'_>, line: &mut Vec<u8>) {
        let _ = (record, frame, line);
    }
}
