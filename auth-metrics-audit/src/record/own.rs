//! `Own`: what the trail says of itself, in the same chain as the attempts.

/// What the trail says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    /// The process started, and the chain goes on. `clean` is whether a `shutdown` stood before it, none in a new chain.
    Boot { version: &'static str, clean: Option<bool>, sealed: bool },
    /// Events were dropped here: this many attempts, and this many steps and decisions.
    Gap { attempts: u64, steps: u64, cause: GapCause },
    /// Where everything stood.
    Checkpoint(Box<Checkpoint>),
    /// The first line of a new file.
    Rotated { cause: RotateCause, before: String },
    /// What stood after the last whole line was moved away.
    Recovered(Recovered),
    /// The file was taken away from under the writer, and a new one was opened.
    Reopened { cause: ReopenCause },
    /// The process ended in order.
    Shutdown(Box<Checkpoint>),
}

/// Why events were dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapCause {
    /// The queue was full.
    Full,
    /// The sink failed.
    Failed,
    /// Events never reached the trail, since the buffers of the handle were full.
    Overflow,
}

/// Why a new file was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RotateCause {
    Day,
    Bytes,
}

/// What happened to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReopenCause {
    /// It was deleted or renamed.
    Gone,
    /// Another file is in its place.
    Exchanged,
    /// Its end is not where it was left.
    Truncated,
    /// The program asked for it.
    Asked,
}

/// What was found after the last whole line, and moved away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recovered {
    pub(crate) bytes: u64,
    /// SHA-256 of them, as 64 hexadecimal digits.
    pub(crate) sha256: String,
    /// The name of the file that has them now.
    pub(crate) moved_to: String,
}

/// Where everything stood. The counts are of this process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// Attempts that started and that ended, by the handle; none if it is gone, or the trail was not installed.
    pub(crate) by_handle: Option<(u64, u64)>,
    pub(crate) captured: u64,
    /// By this sink.
    pub(crate) written: u64,
    /// By this sink.
    pub(crate) dropped: u64,
    /// Where the chains of the other sinks are, so that each is a witness of the others.
    pub(crate) heads: Vec<Head>,
}

/// The last line of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sink: &'static str,
    pub(crate) chain: String,
    pub(crate) sequence: u64,
    /// 64 hexadecimal digits.
    pub(crate) hash: String,
}

impl Own {
    /// Returns its name: the `event.action` of its line.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Own::Boot { .. } => "boot",
            Own::Gap { .. } => "gap",
            Own::Checkpoint(_) => "checkpoint",
            Own::Rotated { .. } => "rotated",
            Own::Recovered(_) => "recovered",
            Own::Reopened { .. } => "reopened",
            Own::Shutdown(_) => "shutdown",
        }
    }
}

impl GapCause {
    /// Returns its word in a line.
    pub(crate) fn label(self) -> &'static str {
        match self {
            GapCause::Full => "full",
            GapCause::Failed => "failed",
            GapCause::Overflow => "overflow",
        }
    }
}

impl RotateCause {
    /// Returns its word in a line.
    pub(crate) fn label(self) -> &'static str {
        match self {
            RotateCause::Day => "day",
            RotateCause::Bytes => "bytes",
        }
    }
}

impl ReopenCause {
    /// Returns its word in a line.
    pub(crate) fn label(self) -> &'static str {
        match self {
            ReopenCause::Gone => "gone",
            ReopenCause::Exchanged => "exchanged",
            ReopenCause::Truncated => "truncated",
            ReopenCause::Asked => "asked",
        }
    }
}
