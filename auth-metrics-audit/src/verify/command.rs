//! The command line of `auth-metrics-audit`: what its arguments mean, and what each command prints.

mod arguments;
mod tail;

pub use arguments::{Arguments, HELP};

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::show::{HEADER, columns, escaped};
use super::{Report, VerifyOptions, Wrong, verify_with, witness};
use crate::error::Error;
use crate::seal::{Ending, hex};
use crate::stored::{Lines, Piece, Said, names};
use arguments::{Checks, Command};

/// Why a command could not be done.
#[derive(Debug)]
pub struct Unusable(Why);

#[derive(Debug)]
enum Why {
    Said(String),
    Failed(Error),
    /// The output is gone.
    Output(io::Error),
}

impl Unusable {
    /// Returns whether the output was closed by whoever reads it, as `head` does.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.0, Why::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Said(text) => out.write_str(&escaped(text)),
            Why::Failed(error) => out.write_str(&escaped(&error.to_string())),
            Why::Output(error) => write!(out, "can't write: {error}"),
        }
    }
}

impl std::error::Error for Unusable {}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Unusable {
        Unusable(Why::Output(error))
    }
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Unusable {
        Unusable(Why::Failed(error))
    }
}

fn said(text: impl Into<String>) -> Unusable {
    Unusable(Why::Said(text.into()))
}

/// Does what the arguments say. Returns whether the folder is proven; the other commands always are.
///
/// # Errors
///
/// It can't be done.
pub fn run(arguments: &Arguments, mut out: impl Write, mut notes: impl Write) -> Result<bool, Unusable> {
    match &arguments.0 {
        Command::Help(text) => out.write_all(text.as_bytes())?,
        Command::Seed => {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(|error| Error::NoRandomness(error.into()))?;
            writeln!(out, "{}", hex::text(&seed))?;
            let note =
                "Store it where this host can't read it later, and pass it to the process at its start.";
            // Nobody reads the note if the standard error is gone.
            let _ = writeln!(notes, "{note}");
        }
        Command::Verify(folder, checks) => {
            let report = prove(folder, checks, &mut notes)?;
            write!(out, "{report}")?;
            return Ok(report.is_proven());
        }
        Command::Show(folder, filter) => {
            writeln!(out, "{HEADER}")?;
            each(folder, |line| {
                if let Some((sequence, said)) = read(line).filter(|(_, said)| filter.takes(said)) {
                    writeln!(out, "{}", columns(sequence, &said))?;
                }
                Ok(())
            })?;
        }
        Command::Tail(folder, lines, follows) => tail::run(folder, *lines, *follows, &mut out)?,
    }
    out.flush()?;
    Ok(true)
}

fn prove(folder: &Path, checks: &Checks, notes: &mut impl Write) -> Result<Report, Unusable> {
    let mut options = VerifyOptions { from: checks.from, ..VerifyOptions::new() };
    if let Some(place) = &checks.witness {
        let seen = witness::ask(place, checks.matching.as_deref(), &checks.range);
        options.witness = Some(seen.map_err(|why| said(format!("--witness {place}: {why}")))?);
    }
    let seeds = checks.seed.as_deref().map(seeds).transpose()?.unwrap_or_default();
    let mut told = Instant::now();
    let mut progress = |lines| {
        if told.elapsed() > Duration::from_secs(2) {
            told = Instant::now();
            let _ = writeln!(notes, "{lines} lines …");
        }
    };
    let mut seeds = seeds.into_iter();
    options.seed = seeds.next();
    let mut report = verify_with(folder, &options, &mut progress)?;
    for seed in seeds {
        let is_other = report.lines == 0 && report.bad.as_ref().is_some_and(|bad| bad.why == Wrong::Seal);
        if !is_other {
            break;
        }
        options.seed = Some(seed);
        report = verify_with(folder, &options, &mut progress)?;
    }
    if report.files == 0 {
        let _ = writeln!(notes, "{} has no `audit-….jsonl` files", escaped(&folder.to_string_lossy()));
    }
    Ok(report)
}

/// Reads a seed from a file: hexadecimal digits, or the bytes themselves. Digits may also be meant as bytes, so these come second.
fn seeds(file: &Path) -> Result<Vec<Box<[u8]>>, Unusable> {
    let bytes = fs::read(file).map_err(|error| Error::Read { path: file.to_owned(), error })?;
    let digits = std::str::from_utf8(&bytes).ok().and_then(|text| hex::bytes(text.trim()));
    let mut seeds: Vec<Box<[u8]>> = Vec::new();
    for seed in [digits.as_deref(), Some(&bytes), Some(bytes.trim_ascii())].into_iter().flatten() {
        if seed.len() >= 32 && seeds.iter().all(|known| **known != *seed) {
            seeds.push(seed.into());
        }
    }
    if seeds.is_empty() {
        return Err(said(format!("the seed in {} has less than 32 bytes", file.display())));
    }
    Ok(seeds)
}

/// Reads what a line says, and its sequence.
fn read(line: &[u8]) -> Option<(u64, Said)> {
    Some((Ending::of(line)?.sequence, Said::of(line)?))
}

/// Calls with each line of a folder, in the order of the chain.
fn each(folder: &Path, mut then: impl FnMut(&[u8]) -> Result<(), Unusable>) -> Result<(), Unusable> {
    let failed = |path: &Path, error| Error::Read { path: path.to_owned(), error };
    for file in names::list(folder).map_err(|error| failed(folder, error))? {
        let mut lines = Lines::open(&file.path).map_err(|error| failed(&file.path, error))?;
        loop {
            match lines.next().map_err(|error| failed(&file.path, error))? {
                Piece::Line(line) => then(line)?,
                Piece::TooLong => {}
                Piece::Rest(_) | Piece::End => break,
            }
        }
    }
    Ok(())
}
