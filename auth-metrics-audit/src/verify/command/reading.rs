//! Goes through the lines of a folder.

use std::path::Path;

use super::unusable::Unusable;
use crate::error::Error;
use crate::seal::Ending;
use crate::stored::{Lines, Piece, Said, names};

/// Reads what a line says, and its sequence.
pub(super) fn read(line: &[u8]) -> Option<(u64, Said)> {
    Some((Ending::of(line)?.sequence, Said::of(line)?))
}

/// Calls with each line of a folder, in the order of the chain.
pub(super) fn each(
    folder: &Path,
    mut then: impl FnMut(&[u8]) -> Result<(), Unusable>,
) -> Result<(), Unusable> {
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
