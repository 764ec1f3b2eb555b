//! Finds where the chain of a folder goes on, and moves away what stands after its last whole line. Reads from the end, in blocks, so that
//! neither the length of a file nor what is in it matters.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::folder::Folder;
use crate::error::Error;
use crate::record::Recovered;
use crate::seal::{Ending, Seal, Tail, hex};
use crate::stored::names::{self, Named};
use crate::stored::{LONGEST_LINE, is_shutdown};

/// Bytes that are read at a time.
const BLOCK: usize = 64 << 10;

/// Where a chain goes on.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) chain: Option<String>,
    pub(super) tail: Option<Tail>,
    /// Whether the last line is a `shutdown`.
    pub(super) clean: Option<bool>,
    pub(super) recovered: Option<Recovered>,
    /// The file to go on in.
    pub(super) last: Option<Named>,
}

/// Finds where the chain goes on.
pub(super) fn recover(folder: &Folder, seal: &Seal) -> Result<Found, Error> {
    let failed = |error| Error::Folder { folder: folder.path().to_owned(), error };
    let mut files = names::list(folder.path()).map_err(failed)?;
    let Some(last) = files.pop() else { return Ok(Found::default()) };
    let unreadable = |file: &Named, why| Error::Unreadable { file: file.path.clone(), why };

    let mut file = Folder::go_on(&last.path).map_err(failed)?;
    let mut whole = last_whole(&file).map_err(failed)?;
    let before = if whole.line.is_empty() { files.pop() } else { None };
    let is_empty = whole.line.is_empty();
    if is_empty && before.is_none() && whole.length == 0 && last.first != 1 {
        // It was begun and never written to, and the files before it were taken away: there is no chain to go on with.
        std::fs::remove_file(&last.path).map_err(failed)?;
        return Ok(Found::default());
    }
    let mut named = &last;
    let end = whole.end;
    if let Some(before) = &before {
        let earlier = Folder::go_on(&before.path).map_err(failed)?;
        whole = last_whole(&earlier).map_err(failed)?;
        if whole.end != whole.length {
            return Err(unreadable(before, "its last line is not whole, and a later file follows it"));
        }
        named = before;
    }
    let mut found = Found::default();
    if let Some(ending) = Ending::of(&whole.line) {
        seal.fits(&ending).map_err(|why| unreadable(named, why))?;
        found.chain = Some(ending.chain.to_owned());
        found.tail = Some(Tail { sequence: ending.sequence, hash: ending.hash });
        found.clean = Some(is_shutdown(&whole.line));
    }
    let next = found.tail.map_or(1, |tail| tail.sequence.saturating_add(1));
    if (is_empty && last.first != next) || last.first > next {
        return Err(unreadable(&last, "lines before it are gone, so that the chain does not lead to it"));
    }
    found.recovered = move_away(folder, &mut file, &last.path, end).map_err(failed)?;
    found.last = Some(last);
    Ok(found)
}

/// The last whole line of a file.
struct Whole {
    /// Without its newline; empty if there is none.
    line: Vec<u8>,
    /// Where it ends, with its newline.
    end: u64,
    length: u64,
}

fn last_whole(file: &File) -> io::Result<Whole> {
    let length = file.metadata()?.len();
    let mut backwards = Backwards { file, block: Vec::new(), start: 0 };
    let mut newline = backwards.newline_before(length)?;
    while let Some(end) = newline {
        newline = backwards.newline_before(end)?;
        let start = newline.map_or(0, |newline| newline + 1);
        if end - start <= LONGEST_LINE {
            let mut line = vec![0; usize::try_from(end - start).unwrap_or_default()];
            file.read_exact_at(&mut line, start)?;
            if Ending::of(&line).is_some_and(|ending| ending.holds()) {
                return Ok(Whole { line, end: end + 1, length });
            }
        }
    }
    Ok(Whole { line: Vec::new(), end: 0, length })
}

/// Looks for newlines from the end.
struct Backwards<'a> {
    file: &'a File,
    block: Vec<u8>,
    /// Where the block begins in the file.
    start: u64,
}

impl Backwards<'_> {
    fn newline_before(&mut self, mut end: u64) -> io::Result<Option<u64>> {
        loop {
            let known = usize::try_from(end.saturating_sub(self.start)).unwrap_or(usize::MAX);
            if let Some(part) = self.block.get(..known) {
                if let Some(place) = part.iter().rposition(|byte| *byte == b'\n') {
                    return Ok(Some(self.start + place as u64));
                }
                end = self.start;
            }
            if end == 0 {
                return Ok(None);
            }
            self.start = end.saturating_sub(BLOCK as u64);
            self.block.resize(usize::try_from(end - self.start).unwrap_or_default(), 0);
            self.file.read_exact_at(&mut self.block, self.start)?;
        }
    }
}

/// Copies what is after `end` to a file of its own, makes the copy durable, and only then cuts it off.
fn move_away(folder: &Folder, file: &mut File, path: &Path, end: u64) -> io::Result<Option<Recovered>> {
    let bytes = file.metadata()?.len().saturating_sub(end);
    if bytes == 0 {
        return Ok(None);
    }
    let (mut torn, torn_path) = folder.aside(path)?;
    file.seek(SeekFrom::Start(end))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        let read = file.read(&mut block)?;
        let Some(part) = block.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        torn.write_all(part)?;
    }
    torn.sync_all()?;
    folder.sync()?;
    file.set_len(end)?;
    file.sync_all()?;
    Ok(Some(Recovered { bytes, sha256: hex::text(&hash.finalize()), moved_to: names::short(&torn_path) }))
}
