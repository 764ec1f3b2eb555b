//! Events as the replay program reads them, with the truth about each.

use std::io::{self, Write};

use crate::address::{Names, SourceId, SubjectId};

/// An operation of the simulated service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation(pub &'static str);

pub const LOGIN: Operation = Operation("login");
pub const MFA: Operation = Operation("mfa");
pub const TOKEN: Operation = Operation("token");

/// How an attempt ended: its outcome, and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    pub outcome: Outcome,
    pub reason: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Success,
    Rejected,
    Error,
    Interim,
    Cancelled,
}

impl Outcome {
    pub const ALL: [Outcome; 5] =
        [Outcome::Success, Outcome::Rejected, Outcome::Error, Outcome::Interim, Outcome::Cancelled];

    pub fn label(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Rejected => "rejected",
            Outcome::Error => "error",
            Outcome::Interim => "interim",
            Outcome::Cancelled => "cancelled",
        }
    }
}

impl Ending {
    pub const SUCCESS: Ending = Ending { outcome: Outcome::Success, reason: "" };
    pub const WRONG: Ending = Ending::rejected("invalid_credentials");
    pub const UNKNOWN: Ending = Ending::rejected("unknown_subject");
    pub const SECOND_FACTOR: Ending = Ending { outcome: Outcome::Interim, reason: "mfa_required" };
    pub const AWAY: Ending = Ending { outcome: Outcome::Error, reason: "dependency_unavailable" };
    pub const BROKEN: Ending = Ending { outcome: Outcome::Error, reason: "internal_error" };

    pub const fn rejected(reason: &'static str) -> Ending {
        Ending { outcome: Outcome::Rejected, reason }
    }

    /// Whether a log would show a failed attempt of the caller.
    pub fn is_failure(self) -> bool {
        self.outcome == Outcome::Rejected
    }
}

/// What an event is in truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// The campaign, counted from 1. Zero is an honest attempt.
    pub campaign: u8,
    /// The attempt got an attacker into the account of somebody else.
    pub taken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub t: f64,
    pub source: SourceId,
    pub subject: SubjectId,
    pub operation: Operation,
    pub ending: Ending,
    pub truth: Truth,
}

impl Event {
    pub fn is_hostile(&self) -> bool {
        self.truth.campaign > 0
    }
}

pub const HEADER: &str = "t,source,subject,operation,outcome,reason";

/// Writes events in the format of the replay program.
///
/// # Errors
///
/// If the writer fails.
pub fn write_csv<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    names: &Names,
    to: &mut impl Write,
) -> io::Result<()> {
    writeln!(to, "{HEADER}")?;
    for event in events {
        let (source, subject) =
            (&names.sources[event.source as usize], &names.subjects[event.subject as usize]);
        let Ending { outcome, reason } = event.ending;
        let operation = event.operation.0;
        writeln!(to, "{:.3},{source},{},{operation},{},{reason}", event.t, quoted(subject), outcome.label())?;
    }
    Ok(())
}

/// A field of RFC 4180.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
