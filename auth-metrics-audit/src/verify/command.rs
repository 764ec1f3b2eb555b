//! The command line of `auth-metrics-audit`: what its arguments mean, and what each command prints.

mod arguments;
mod reading;
mod tail;
mod unusable;

pub use arguments::{Arguments, HELP};
pub use unusable::Unusable;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use super::show::{HEADER, columns, escaped};
use super::{Report, VerifyOptions, Wrong, verify_with, witness};
use crate::error::Error;
use crate::seal::hex;
use arguments::{Checks, Command};
use reading::{each, read};
use unusable::said;

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
        let asked = witness::ask(options, place, checks.matching.as_deref(), &checks.range);
        options = asked.map_err(|why| said(format!("--witness {place}: {why}")))?;
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
