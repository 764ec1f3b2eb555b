//! Proves a folder of a trail: that each line is what the writer wrote, and that none is missing. Reads files only, and knows nothing of
//! the process that wrote them.

#[doc(hidden)]
pub mod command;
mod report;
mod show;
#[cfg(test)]
mod tests;
mod witness;

pub use report::{Bad, Report, Wrong};

use std::fmt;
use std::io;
use std::path::Path;

use crate::error::Error;
use crate::seal::{Ending, Hash, Keys, MOST_LINES, hex};
use crate::stored::names::{self, Named};
use crate::stored::{Lines, Piece};

/// What a folder is checked against. By itself a chain proves that nothing was changed inside it.
#[derive(Clone, Default)]
pub struct VerifyOptions {
    seed: Option<Box<[u8]>>,
    witness: Option<u64>,
    /// The hash of the line of the witness.
    hash: Option<Hash>,
    /// How often the number of the witness fell, as it has seen.
    falls: u64,
    from: Option<u64>,
}

impl VerifyOptions {
    /// Checks the chain alone.
    pub fn new() -> VerifyOptions {
        VerifyOptions::default()
    }

    /// Checks that each line has the seal that [`Seal::ratchet`](crate::Seal::ratchet) of this seed gives it.
    #[must_use]
    pub fn seed(mut self, seed: &[u8]) -> VerifyOptions {
        self.seed = Some(seed.into());
        self
    }

    /// Checks that the chain reaches this sequence: the greatest `auth_audit_sequence` that a scrape has seen.
    #[must_use]
    pub fn witness(mut self, sequence: u64) -> VerifyOptions {
        self.witness = Some(sequence);
        self
    }

    /// Checks that the line of this sequence has this hash, as a copy of the lines elsewhere has it: 64 hexadecimal digits. A number alone
    /// does not find a chain that was cut and has grown past it since.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if it is anything else.
    pub fn witness_line(mut self, sequence: u64, hash: &str) -> Result<VerifyOptions, Error> {
        let bytes = hex::bytes(hash).ok_or(Error::InvalidHash)?;
        self.hash = Some(Hash::try_from(bytes).map_err(|_| Error::InvalidHash)?);
        self.witness = Some(sequence);
        Ok(self)
    }

    /// Checks that the chain goes back to this sequence, so that no old file is missing that has to be there: 1 if all are kept.
    #[must_use]
    pub fn from(mut self, sequence: u64) -> VerifyOptions {
        self.from = Some(sequence);
        self
    }
}

impl fmt::Debug for VerifyOptions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("VerifyOptions")
            .field("seed", &self.seed.as_ref().map(|_| ".."))
            .field("witness", &self.witness)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Reads a folder line by line and checks its chain, up to the first line that is wrong. The writer may be at work meanwhile.
///
/// ```no_run
/// use auth_metrics_audit::verify::{VerifyOptions, verify};
///
/// # fn main() -> Result<(), auth_metrics_audit::Error> {
/// let report = verify("audit", &VerifyOptions::new().witness(48_113))?;
/// assert!(report.is_proven(), "{report}");
/// println!("{} attempts", report.attempts_total());
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`Error::Read`] if the system refuses to read it. A folder that proves nothing is no error: see [`Report::is_proven`].
pub fn verify(folder: impl AsRef<Path>, options: &VerifyOptions) -> Result<Report, Error> {
    verify_with(folder.as_ref(), options, &mut |_| ())
}

/// As [`verify`], and tells how many lines were read after each file, and every now and then within one.
pub(crate) fn verify_with(
    folder: &Path,
    options: &VerifyOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Error> {
    let failed = |path: &Path, error| Error::Read { path: path.to_owned(), error };
    let files = names::list(folder).map_err(|error| failed(folder, error))?;
    let report = Report::of(files.len());
    let next = files.first().map_or(1, |file| file.first);
    let mut reading = Reading { options, report, next, prev: None, keys: None };
    for (number, file) in (1..).zip(&files) {
        let bad =
            reading.file(file, number == files.len(), progress).map_err(|error| failed(&file.path, error))?;
        if let Some((line, why)) = bad {
            reading.report.bad = Some(Bad { file: names::short(&file.path), line, why });
            break;
        }
    }
    Ok(reading.finish())
}

struct Reading<'a> {
    options: &'a VerifyOptions,
    report: Report,
    /// The sequence of the next line.
    next: u64,
    /// The hash of the line before it; none if that is gone.
    prev: Option<Hash>,
    keys: Option<Keys>,
}

impl Reading<'_> {
    /// Reads a file. Returns the first line that is wrong, and why.
    fn file(
        &mut self,
        file: &Named,
        is_last: bool,
        progress: &mut dyn FnMut(u64),
    ) -> io::Result<Option<(u64, Wrong)>> {
        if file.first != self.next || !(1..=MOST_LINES).contains(&file.first) {
            return Ok(Some((0, Wrong::Name)));
        }
        let mut lines = Lines::open(&file.path)?;
        for number in 1.. {
            let wrong = match lines.next()? {
                Piece::Line(line) => self.line(line).err(),
                Piece::End => break,
                Piece::Rest(bytes) if is_last => {
                    self.report.torn = bytes;
                    break;
                }
                Piece::Rest(_) => Some(Wrong::End),
                Piece::TooLong => Some(Wrong::Shape),
            };
            if let Some(why) = wrong {
                return Ok(Some((number, why)));
            }
            if number % 65_536 == 0 {
                progress(self.report.lines);
            }
        }
        progress(self.report.lines);
        Ok(None)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Wrong> {
        let ending = Ending::of(line).ok_or(Wrong::Shape)?;
        if !ending.holds() {
            return Err(Wrong::Hash);
        }
        if self.report.chain.is_none() {
            self.begin(&ending);
        }
        if self.report.chain.as_deref() != Some(ending.chain) {
            return Err(Wrong::Chain);
        }
        if ending.sequence != self.next {
            return Err(Wrong::Sequence);
        }
        if self.prev.is_some_and(|prev| prev != ending.prev) {
            return Err(Wrong::Prev);
        }
        self.seal(&ending)?;
        if self.options.hash.is_some_and(|hash| hash != ending.hash)
            && self.options.witness == Some(ending.sequence)
        {
            return Err(Wrong::Witness);
        }
        self.report.first.get_or_insert(ending.sequence);
        self.report.last = Some(ending.sequence);
        self.report.lines += 1;
        self.prev = Some(ending.hash);
        self.next += 1;
        self.report.count(line);
        Ok(())
    }

    fn begin(&mut self, ending: &Ending<'_>) {
        self.report.chain = Some(ending.chain.to_owned());
        self.report.is_sealed = ending.seal.is_some();
        self.prev = (self.next == 1).then_some([0; 32]);
        self.keys = self.options.seed.as_ref().map(|seed| Keys::new(seed, ending.chain, self.next));
        self.report.are_seals_checked = self.keys.is_some();
    }

    fn seal(&mut self, ending: &Ending<'_>) -> Result<(), Wrong> {
        if ending.seal.is_some() != self.report.is_sealed {
            return Err(Wrong::Seal);
        }
        if let Some(keys) = &mut self.keys {
            // Whoever runs the verifier has the seed, so the time that this takes tells nothing to others.
            if ending.seal != Some(keys.seal(&ending.hash)) {
                return Err(Wrong::Seal);
            }
            keys.advance();
        }
        Ok(())
    }

    fn finish(mut self) -> Report {
        let Report { first, last, .. } = self.report;
        let VerifyOptions { witness, from, .. } = *self.options;
        self.report.witness = witness.map(|number| (number, last.is_some_and(|last| last >= number)));
        self.report.witness_falls = self.options.falls;
        self.report.from = from.map(|number| (number, first.is_some_and(|first| first <= number)));
        self.report
    }
}
