//! Runs the engine over a log, as the program `auth-metrics-replay` does: CSV in, a line of JSON for everything it finds out.
//!
//! It is hidden from the documentation: the program is the interface.

mod arguments;
mod columns;
mod csv;
mod error;
mod json;
mod lines;
mod malformed;
mod recents;
mod summary;
#[cfg(test)]
mod tests;

use std::io::{BufRead, BufWriter, Write};
use std::time::{Duration, Instant};

pub use arguments::{Arguments, HELP, UsageError};
use columns::{Columns, Row};
use csv::Records;
pub use error::Error;
use lines::Lines;
use malformed::Cause;
pub use summary::Summary;

use crate::{Detector, Engine, EngineBuilder};

/// The same for every run, so that the same bytes give the same output. Nothing that is hashed with it is kept.
const KEY: [u8; 16] = *b"replay of a log.";

/// Attempts up to this much late happened at the latest time seen. The engine deals with what is later.
const LATE_SECONDS: f64 = 5.0;

/// What a run is told.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The options of the engine. Its key is replaced.
    pub engine: EngineBuilder,
    /// Whether the risk of each attempt is printed before the attempt is fed.
    pub assess: bool,
}

/// Reads `input`, writes what is found to `out` as it is found, and writes what is wrong with lines to `errors`.
///
/// # Errors
///
/// [`Error`] if there is no header, a column is missing, an option of the engine is wrong, or a stream fails.
pub fn run(
    input: impl BufRead,
    out: impl Write,
    errors: impl Write,
    options: &Options,
) -> Result<Summary, Error> {
    let engine = options.engine.clone().key(KEY).build().map_err(Error::Engine)?;
    let mut records = Records::new(input);
    let columns = match records.next().map_err(Error::Read)? {
        None => return Err(Error::NoHeader),
        Some(Err(broken)) => return Err(Error::Header(broken.cause.to_string())),
        Some(Ok(header)) => Columns::of(&header).map_err(Error::MissingColumn)?,
    };
    let detections = Detector::ALL.iter().map(|&detector| (detector, 0)).collect();
    let mut replay = Replay {
        lines: Lines::new(engine, BufWriter::new(out)),
        errors,
        assess: options.assess,
        latest: f64::NEG_INFINITY,
        blank: None,
        summary: Summary { detections, ..Summary::default() },
        clock_cost: clock_cost(),
    };
    while let Some(record) = records.next().map_err(Error::Read)? {
        let (line, row) = match &record {
            Err(broken) => (broken.line, Err(broken.cause)),
            Ok(record) if record.is_blank() => {
                replay.blank(record.line);
                continue;
            }
            Ok(record) => (record.line, columns.row(record)),
        };
        replay.malformed_blanks(&columns)?;
        match row {
            Ok(row) => replay.feed(&row)?,
            Err(cause) => replay.malformed(line, cause)?,
        }
    }
    replay.finish()
}

/// A run that goes on.
struct Replay<O: Write, E> {
    lines: Lines<O>,
    errors: E,
    assess: bool,
    latest: f64,
    /// The first of the blank lines just seen, and how many there are: they are fine at the end of a file.
    blank: Option<(u64, u64)>,
    summary: Summary,
    /// What two looks at the clock take by themselves.
    clock_cost: Duration,
}

/// The shortest time between two looks at the clock.
fn clock_cost() -> Duration {
    let measured = (0..1000).map(|_| Instant::now().elapsed());
    measured.min().unwrap_or_default()
}

impl<O: Write, E: Write> Replay<O, E> {
    fn blank(&mut self, line: u64) {
        let (first, count) = self.blank.unwrap_or((line, 0));
        self.blank = Some((first, count + 1));
    }

    fn malformed_blanks(&mut self, columns: &Columns) -> Result<(), Error> {
        let (first, count) = self.blank.take().unwrap_or_default();
        (first..first + count).try_for_each(|line| self.malformed(line, columns.too_few(1)))
    }

    fn malformed(&mut self, line: u64, cause: Cause) -> Result<(), Error> {
        self.summary.malformed += 1;
        writeln!(self.errors, "line {line}: skipped: {cause}").map_err(Error::Write)
    }

    fn feed(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let is_late = row.time < self.latest && self.latest - row.time <= LATE_SECONDS;
        let at = if is_late { self.latest } else { row.time };
        self.latest = self.latest.max(at);
        let attempt = row.attempt(at);
        self.lines.remember(row);
        if self.assess {
            self.lines.assess(at, &attempt)?;
        }
        let Replay { lines, summary, clock_cost, .. } = self;
        let mut found = Vec::new();
        let start = Instant::now();
        lines.engine.feed(&attempt, &mut |detection| found.push(detection.clone()));
        summary.feeding += start.elapsed().saturating_sub(*clock_cost);
        summary.events += 1;
        for detection in &found {
            if detection.until().is_none() {
                summary.count(detection.detector());
            }
            lines.detection(detection, row)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Summary, Error> {
        let engine: &Engine = &self.lines.engine;
        self.summary.bytes = engine.bytes();
        self.summary.faults = engine.faults();
        let priors = engine.priors().into_iter();
        self.summary.priors = priors.map(|(_, operation, prior)| (operation.to_string(), prior)).collect();
        self.lines.summary(&self.summary)?;
        Ok(self.summary)
    }
}
