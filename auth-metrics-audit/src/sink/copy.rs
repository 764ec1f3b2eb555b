//! `Sink`: a sink of the user's own, and `Copy`, which drives it.

use std::fmt;
use std::io;
use std::time::{Instant, SystemTime};

use auth_metrics::Outcome;
use auth_metrics::events::TraceContext;

use super::{Opened, Output, Trouble, TroubleKind};
use crate::error::Error;
use crate::format::Format;
use crate::record::{Body, Own, Record};
use crate::seal::Seal;

/// Takes the lines of a trail, on a thread of its own: it may be slow, hang or panic without anybody else being late.
///
/// ```
/// use std::io;
///
/// use auth_metrics_audit::{Line, Sink};
///
/// struct Printer;
///
/// impl Sink for Printer {
///     fn name(&self) -> &'static str {
///         "printer"
///     }
///
///     fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
///         println!("{}", line.text());
///         Ok(())
///     }
/// }
/// ```
pub trait Sink: Send + 'static {
    /// Returns its name, the value of the label `sink`: `[a-z][a-z0-9_]*`, at most 64 bytes, and no other's.
    fn name(&self) -> &'static str;

    /// Returns whether a line that it took is safe: it is counted as `written` then, else as `handed_over`. Default: `false`.
    fn confirms(&self) -> bool {
        false
    }

    /// Takes a line.
    ///
    /// # Errors
    ///
    /// It did not take it. The line is lost for this sink and counted as `dropped_failed`, and a `gap` record follows. To try again, do
    /// so in here. An error of the kind [`WouldBlock`](io::ErrorKind::WouldBlock), [`Interrupted`](io::ErrorKind::Interrupted) or
    /// [`TimedOut`](io::ErrorKind::TimedOut) keeps the line: it is offered again.
    fn write(&mut self, line: &Line<'_>) -> io::Result<()>;

    /// Hands on what it still holds. Called after each batch of lines, and when the trail is flushed.
    ///
    /// # Errors
    ///
    /// It could not. That is counted as a fault, and it is called again; the lines stay counted as taken.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of a trail.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    text: &'a str,
    record: &'a Record,
}

impl<'a> Line<'a> {
    /// Returns the line: one JSON object, without a newline at its end.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns when it happened: when an attempt ended.
    pub fn at(&self) -> SystemTime {
        self.record.at
    }

    /// Returns how an attempt ended, or a step of a credential; `None` if the trail says something of itself.
    pub fn outcome(&self) -> Option<Outcome> {
        match &self.record.body {
            Body::Event(event) => Some(event.outcome),
            Body::Own(_) => None,
        }
    }

    /// Returns the trace of an attempt.
    pub fn trace(&self) -> Option<TraceContext> {
        match &self.record.body {
            Body::Event(event) => event.trace,
            Body::Own(_) => None,
        }
    }

    /// Returns whether a person may want to look at it: an attempt that did not succeed, or a `gap`, `recovered` or `reopened` of the
    /// trail itself.
    pub fn is_notable(&self) -> bool {
        match &self.record.body {
            Body::Event(event) => event.outcome != Outcome::Success,
            Body::Own(own) => matches!(own, Own::Gap { .. } | Own::Recovered(_) | Own::Reopened { .. }),
        }
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Line").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// How a trail treats a [`Sink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct SinkOptions {
    format: Format,
    capacity: usize,
}

impl SinkOptions {
    /// Makes the default options.
    pub fn new() -> SinkOptions {
        SinkOptions { format: Format::default(), capacity: super::CAPACITY }
    }

    /// Sets how lines are spelled. Default: [`Format::Ecs`].
    pub fn format(mut self, format: Format) -> SinkOptions {
        self.format = format;
        self
    }

    /// Sets how many records wait for the sink at most, at least one. Further ones are dropped and counted. Default: 8,192.
    pub fn capacity(mut self, capacity: usize) -> SinkOptions {
        self.capacity = capacity.max(1);
        self
    }
}

impl Default for SinkOptions {
    fn default() -> SinkOptions {
        SinkOptions::new()
    }
}

/// Drives a sink of the user's own. Its chain begins anew with each process.
pub(crate) struct Copy<S> {
    sink: S,
    options: SinkOptions,
    /// Whether it took lines since it was flushed.
    is_dirty: bool,
}

impl<S: Sink> Copy<S> {
    pub(crate) fn new(sink: S, options: SinkOptions) -> Copy<S> {
        Copy { sink, options, is_dirty: false }
    }
}

fn trouble(error: io::Error) -> Trouble {
    let retry = matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted | io::ErrorKind::TimedOut
    );
    Trouble { kind: TroubleKind::Io, retry, error }
}

impl<S: Sink> Output for Copy<S> {
    fn name(&self) -> &'static str {
        self.sink.name()
    }

    fn format(&self) -> Format {
        self.options.format
    }

    fn take_seal(&mut self) -> Seal {
        Seal::chain()
    }

    fn capacity(&self) -> usize {
        self.options.capacity
    }

    fn confirms(&self) -> bool {
        self.sink.confirms()
    }

    fn open(&mut self) -> Result<Opened, Error> {
        Ok(Opened::default())
    }

    fn write(&mut self, line: &[u8], record: &Record) -> Result<(), Trouble> {
        let text = std::str::from_utf8(line).map_err(|error| trouble(io::Error::other(error)))?;
        self.is_dirty = true;
        self.sink.write(&Line { text: text.trim_end_matches('\n'), record }).map_err(trouble)
    }

    fn sync(&mut self, _now: Instant, at_once: bool) -> Result<(), Trouble> {
        if self.is_dirty || at_once {
            self.sink.flush().map_err(trouble)?;
            self.is_dirty = false;
        }
        Ok(())
    }
}
