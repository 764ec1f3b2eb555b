//! `Report`: what a folder proves, and what it says.

use std::collections::BTreeMap;
use std::fmt;

use crate::stored::{Said, Sort};

/// What a folder proves, and what it says. `Display` writes it for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The id of its chain; none if there is no line.
    pub chain: Option<String>,
    /// How many files belong to the chain.
    pub files: usize,
    /// The sequence of the first line. Beyond 1, older files were deleted: by `keep`, or by somebody.
    pub first: Option<u64>,
    /// The sequence of the last line.
    pub last: Option<u64>,
    /// How many lines were proven.
    pub lines: u64,
    /// Whether they have seals.
    pub is_sealed: bool,
    /// Whether a seed was given, so that every seal was checked.
    pub are_seals_checked: bool,
    /// The first line that is not what the writer wrote. Nothing after it was read.
    pub bad: Option<Bad>,
    /// How many bytes stand after the last whole line: of a writer that is at work, or was killed.
    pub torn: u64,
    /// The number that the chain had to reach, and whether it did.
    pub witness: Option<(u64, bool)>,
    /// How often the number that the witness watches has fallen: the end was cut, and the chain went on, or another one was begun.
    pub witness_falls: u64,
    /// The number that the chain had to begin with, and whether it has it.
    pub from: Option<(u64, bool)>,
    /// Attempts by outcome.
    pub attempts: BTreeMap<String, u64>,
    /// Steps of credentials.
    pub steps: u64,
    /// Decisions that were not enforced.
    pub decisions: u64,
    /// Starts of a process.
    pub boots: u64,
    /// Starts without a `shutdown` before them: killed, or crashed.
    pub unclean: u64,
    /// Places where events were dropped, as the trail tells.
    pub gaps: u64,
    /// Attempts, steps and decisions that were dropped there.
    pub dropped: u64,
    /// Torn ends that were moved away when a process started.
    pub recovered: u64,
    /// Files that were taken away from under the writer, or reopened because the program asked for it.
    pub reopened: u64,
    /// Lines that hold, and are no JSON of this library.
    pub unknown: u64,
    /// Whether a process runs, or ended without a `shutdown`.
    is_running: bool,
}

/// A line that is not what the writer wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bad {
    /// The name of the file, without its folder.
    pub file: String,
    /// The number of the line, from 1. Zero if it is the file itself.
    pub line: u64,
    /// What is wrong with it.
    pub why: Wrong,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrong {
    /// The file is named after another sequence than the one that comes next: a file is gone, or was renamed.
    Name,
    /// It does not end as a line of this library.
    Shape,
    /// Its hash is not that of its bytes: it was edited.
    Hash,
    /// It is of another chain.
    Chain,
    /// Its sequence is not the next one: lines were removed, inserted or moved.
    Sequence,
    /// It does not continue the line before it: one of the two is not what it was.
    Prev,
    /// Its seal is missing, was not made with this seed, or is there although others have none.
    Seal,
    /// A file that another one follows ends within a line.
    End,
    /// The witness knows another line of this sequence.
    Witness,
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Wrong::Name => {
                "its name is not that of the file that comes next: a file is missing, or was renamed"
            }
            Wrong::Shape => "it is no whole line of an audit trail",
            Wrong::Hash => "its hash is not that of its bytes: it was edited",
            Wrong::Chain => "it is of another chain",
            Wrong::Sequence => "its sequence is not the next one: lines were removed, inserted or moved",
            Wrong::Prev => "it does not continue the line before it: one of the two was replaced",
            Wrong::Seal => "its seal is missing or wrong: it was not written by a process with this seed",
            Wrong::Witness => "the witness knows another line of this number: the chain was cut, and went on",
            Wrong::End => "its file ends within this line, and another file follows",
        })
    }
}

impl Report {
    /// Returns whether every line is what the writer wrote, none is missing between the first and the last, and both are where they had
    /// to be. A folder without lines proves nothing.
    pub fn is_proven(&self) -> bool {
        let holds = |checked: Option<(u64, bool)>| checked.is_none_or(|(_, holds)| holds);
        self.bad.is_none()
            && self.lines > 0
            && self.witness_falls == 0
            && holds(self.witness)
            && holds(self.from)
    }

    /// Returns the number of attempts, whatever their outcome.
    pub fn attempts_total(&self) -> u64 {
        self.attempts.values().sum()
    }

    pub(super) fn of(files: usize) -> Report {
        Report { files, ..Report::default() }
    }

    pub(super) fn count(&mut self, line: &[u8]) {
        let Some(said) = Said::of(line) else {
            self.unknown += 1;
            self.is_running = true;
            return;
        };
        match said.sort() {
            Sort::Attempt => {
                let outcome = said.outcome().unwrap_or("unknown");
                // There are a dozen outcomes; a file that has hundreds is none of ours.
                if self.attempts.len() < 100 || self.attempts.contains_key(outcome) {
                    *self.attempts.entry(outcome.to_owned()).or_default() += 1;
                } else {
                    self.unknown += 1;
                }
            }
            Sort::Step => self.steps += 1,
            Sort::Decision => self.decisions += 1,
            Sort::Own => return self.count_own(&said),
        }
        self.is_running = true;
    }

    fn count_own(&mut self, said: &Said) {
        match said.own() {
            Some("boot") => {
                self.boots += 1;
                self.unclean += u64::from(self.is_running);
                self.is_running = true;
            }
            Some("shutdown") => self.is_running = false,
            Some("gap") => {
                self.gaps += 1;
                self.dropped += said.count("attempts").saturating_add(said.count("steps"));
            }
            Some("recovered") => self.recovered += 1,
            Some("reopened") => self.reopened += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.bad, self.first, self.last) {
            (Some(Bad { file, line: 0, why }), ..) => writeln!(out, "NOT PROVEN: {file}: {why}")?,
            (Some(Bad { file, line, why }), ..) => writeln!(out, "NOT PROVEN: {file}, line {line}: {why}")?,
            (None, Some(first), Some(last)) => {
                let word = if self.is_proven() { "proven" } else { "NOT PROVEN" };
                writeln!(
                    out,
                    "{word}: lines {first} to {last} of chain {}",
                    self.chain.as_deref().unwrap_or("?")
                )?;
            }
            _ => writeln!(out, "NOT PROVEN: there is no line")?,
        }
        if self.bad.is_some() {
            writeln!(out, "what follows is of the lines before it")?;
        }
        match self.witness {
            Some((number, true)) => writeln!(out, "witness: the chain reaches line {number}")?,
            Some((number, false)) if self.bad.is_none() => {
                writeln!(
                    out,
                    "witness: line {number} was there, and is not now: the end was cut off or exchanged"
                )?;
            }
            Some((number, false)) => writeln!(out, "witness: line {number} was not reached")?,
            None => writeln!(out, "witness: none, so a cut end would not be seen: name one with --witness")?,
        }
        if self.witness_falls > 0 {
            writeln!(
                out,
                "witness: its number fell {} times: the end was cut, and the chain went on, or a new one was begun",
                self.witness_falls
            )?;
        }
        if let Some((number, false)) = self.from {
            writeln!(out, "the chain does not go back to line {number}: the beginning is missing")?;
        } else if let Some(first) = self.first.filter(|first| *first > 1) {
            writeln!(
                out,
                "the lines before {first} are gone: `keep` deletes the oldest files, check that it was that"
            )?;
        }
        out.write_str(match (self.is_sealed, self.are_seals_checked) {
            (false, _) => "seals: none, so whoever can write the files can compute the chain anew\n",
            (true, true) => "seals: each is one of the seed\n",
            (true, false) => "seals: not checked: name the seed with --seed\n",
        })?;
        writeln!(out, "lines: {}, files: {}", self.lines, self.files)?;
        write!(out, "attempts: {}", self.attempts_total())?;
        for (index, (outcome, count)) in self.attempts.iter().enumerate() {
            let before = if index == 0 { ", of them " } else { ", " };
            write!(out, "{before}{count} {}", super::show::escaped(outcome))?;
        }
        writeln!(out)?;
        writeln!(out, "steps of credentials: {}, decisions not enforced: {}", self.steps, self.decisions)?;
        writeln!(out, "starts: {}, after an unclean end: {}", self.boots, self.unclean)?;
        writeln!(out, "gaps: {}, events dropped in them: {}", self.gaps, self.dropped)?;
        writeln!(out, "torn ends recovered: {}, files reopened: {}", self.recovered, self.reopened)?;
        if self.torn > 0 {
            writeln!(
                out,
                "{} bytes after the last whole line: a writer is at work, or was killed",
                self.torn
            )?;
        }
        if self.unknown > 0 {
            writeln!(out, "{} lines hold, and are no JSON of this library", self.unknown)?;
        }
        Ok(())
    }
}
