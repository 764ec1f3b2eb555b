//! What is wrong with a line.

use std::fmt;

/// The longest record. A quote that is never closed costs this much memory, not the file's.
pub(super) const LONGEST: usize = 4 << 20;

/// Why a record is skipped. Its text goes to standard error, so it repeats nothing of the record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cause {
    TooFewColumns { found: usize, expected: usize },
    Time,
    Outcome,
    Operation,
    Latency,
    NoUtf8,
    Quotes,
    TooLong,
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::TooFewColumns { found, expected } => write!(out, "it has {found} of {expected} columns"),
            Cause::Time => out.write_str("`t` is no finite number"),
            Cause::Outcome => {
                out.write_str("`outcome` is not success, rejected, error, interim or cancelled")
            }
            Cause::Operation => out.write_str("`operation` is empty"),
            Cause::Latency => out.write_str("`latency_seconds` is neither empty nor a number of seconds"),
            Cause::NoUtf8 => out.write_str("the bytes are not UTF-8"),
            Cause::Quotes => out.write_str("a quote is not closed, or not followed by a comma"),
            Cause::TooLong => write!(out, "the record is longer than {} MiB", LONGEST >> 20),
        }
    }
}
