//! `tail`: the last lines, and those that come.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::reading::{each, read};
use super::unusable::{Unusable, said};
use crate::error::Error;
use crate::stored::{Lines, Piece, names};
use crate::verify::show::{HEADER, columns};

/// How often new lines are looked for.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) fn run(folder: &Path, count: usize, follows: bool, out: &mut impl Write) -> Result<(), Unusable> {
    writeln!(out, "{HEADER}")?;
    let mut last = VecDeque::new();
    let mut sequence = 0;
    each(folder, |line| {
        if let Some((number, said)) = read(line) {
            sequence = number;
            last.push_back(columns(number, &said));
            if last.len() > count {
                last.pop_front();
            }
        }
        Ok(())
    })?;
    last.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()?;
    if follows { follow(folder, sequence, out) } else { Ok(()) }
}

/// Prints what comes after this line.
fn follow(folder: &Path, mut sequence: u64, out: &mut impl Write) -> Result<(), Unusable> {
    let failed = |path: &Path, error| Unusable::from(Error::Read { path: path.to_owned(), error });
    let files = || names::list(folder).map_err(|error| failed(folder, error));
    let last = files()?.into_iter().rfind(|file| file.first <= sequence.saturating_add(1));
    let Some(mut file) = last else { return Err(said("there is no file to follow")) };
    let mut lines = Lines::open(&file.path).map_err(|error| failed(&file.path, error))?;
    let mut next = None;
    loop {
        match lines.next().map_err(|error| failed(&file.path, error))? {
            Piece::Line(line) => {
                if let Some((number, said)) = read(line).filter(|(number, _)| *number > sequence) {
                    sequence = number;
                    writeln!(out, "{}", columns(number, &said))?;
                }
                continue;
            }
            Piece::TooLong => continue,
            Piece::Rest(bytes) => lines.back(bytes).map_err(|error| failed(&file.path, error))?,
            Piece::End => {}
        }
        // The file was read to its end after the next one was there, so nothing comes any more.
        if let Some(next) = next.take() {
            file = next;
            lines = Lines::open(&file.path).map_err(|error| failed(&file.path, error))?;
            continue;
        }
        next = files()?.into_iter().find(|later| later.first > file.first);
        if next.is_none() {
            out.flush()?;
            thread::sleep(PAUSE);
        }
    }
}
