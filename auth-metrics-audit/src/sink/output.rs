//! `Output`: what the thread of a sink asks of it.

use std::io;
use std::time::Instant;

use crate::error::Error;
use crate::format::Format;
use crate::record::{Own, Record};
use crate::seal::{Seal, Tail};

/// What the thread of a sink asks of it, one call at a time.
pub(crate) trait Output: Send + 'static {
    /// Returns the value of the label `sink`.
    fn name(&self) -> &'static str;

    /// Returns how its lines are spelled.
    fn format(&self) -> Format;

    /// Gives away how its lines are sealed, for its chain: called once, after `open`. What is left has no seed.
    fn take_seal(&mut self) -> Seal;

    /// Returns how many records wait for it at most.
    fn capacity(&self) -> usize;

    /// Returns whether a line that it took is safe there: it counts as `written`, else as `handed_over`.
    fn confirms(&self) -> bool;

    /// Opens it and finds where its chain goes on. Called once, by `build`, before there is a thread.
    ///
    /// # Errors
    ///
    /// It can't be written to; nothing was changed then.
    fn open(&mut self) -> Result<Opened, Error>;

    /// Makes ready for a line of this length. Returns what must be written before it, in the same chain: that a new file was begun.
    ///
    /// # Errors
    ///
    /// A new file was due and could not be made.
    fn prepare(&mut self, length: usize) -> Result<Option<Notice>, Trouble> {
        let _ = length;
        Ok(None)
    }

    /// Takes a line, which ends with a newline, and says this record. After an error nothing of the line is left.
    ///
    /// # Errors
    ///
    /// It did not take it.
    fn write(&mut self, line: &[u8], record: &Record) -> Result<(), Trouble>;

    /// Called after each batch, when it is [due](Output::due), and about twice a second: makes what was written durable if that is due by
    /// now, or `at_once`.
    ///
    /// # Errors
    ///
    /// It could not.
    fn sync(&mut self, now: Instant, at_once: bool) -> Result<(), Trouble> {
        let _ = (now, at_once);
        Ok(())
    }

    /// Returns when the next `sync` has something to do; none if that may wait for the next line.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// Called about twice a second: looks whether the file is still the one that is written to, and opens another one if not. Returns what
    /// must be written first in it.
    ///
    /// # Errors
    ///
    /// The file is gone and no other could be opened.
    fn watch(&mut self) -> Result<Option<Notice>, Trouble> {
        Ok(None)
    }

    /// Begins another file before the next line, as `logrotate` asks for. Returns what must be written first in it.
    ///
    /// # Errors
    ///
    /// It could not be opened.
    fn reopen(&mut self) -> Result<Option<Notice>, Trouble> {
        Ok(None)
    }
}

/// Where a chain goes on.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The id of the chain; none if another one begins.
    pub(crate) chain: Option<String>,
    /// Its last line; none in a new chain.
    pub(crate) tail: Option<Tail>,
    /// Whether the last line is a `shutdown`; none in a new chain.
    pub(crate) clean: Option<bool>,
    /// What is told after the `boot`: that a torn tail was moved away.
    pub(crate) notice: Option<Notice>,
}

/// What a sink wants written in its own chain, and the trouble that it is counted as.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) record: Own,
    pub(crate) trouble: Option<TroubleKind>,
}

/// What went wrong with a sink.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) kind: TroubleKind,
    /// Whether the same line may be taken later: it is kept, and tried again.
    pub(crate) retry: bool,
    pub(crate) error: io::Error,
}

/// The values of the label `kind` of `auth_audit_faults_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TroubleKind {
    /// The system refused.
    Io,
    /// The disk is full.
    Full,
    /// The file was renamed, deleted, exchanged or cut under the writer.
    Replaced,
    /// A line was not whole when the folder was opened.
    TornTail,
    /// A line took longer than a second.
    TooSlow,
}

impl TroubleKind {
    /// Every label, in the order of the variants.
    pub(crate) const LABELS: [&'static str; 5] = ["io", "full", "replaced", "torn_tail", "too_slow"];
}
