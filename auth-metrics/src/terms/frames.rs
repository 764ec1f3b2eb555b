//! `Frames`: how `reason_chain!` gets on from a report that is no `Error` itself. Knows no crate that has such reports.

use std::error::Error;

/// A report of error-stack, which is no `Error` itself: what caused its current context.
pub trait Frames {
    /// The error that caused the current context.
    fn source(&self) -> Option<&(dyn Error + 'static)>;
}
