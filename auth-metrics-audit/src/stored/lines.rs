//! Reads the lines of a file one by one, in bounded memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The longest line that is read: a writer cuts its lines to a small part of that.
pub(crate) const LONGEST_LINE: u64 = 64 << 10;

/// The lines of a file.
pub(crate) struct Lines {
    reader: BufReader<File>,
    line: Vec<u8>,
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A line, without its newline.
    Line(&'a [u8]),
    /// So many bytes without a newline, and then the end.
    Rest(u64),
    /// More bytes than a line has.
    TooLong,
    End,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> io::Result<Lines> {
        Ok(Lines { reader: BufReader::with_capacity(1 << 16, File::open(path)?), line: Vec::new() })
    }

    /// Goes back by so many bytes, so that a line that was not whole is read again.
    pub(crate) fn back(&mut self, bytes: u64) -> io::Result<()> {
        self.reader.seek_relative(-i64::try_from(bytes).unwrap_or_default())
    }

    pub(crate) fn next(&mut self) -> io::Result<Piece<'_>> {
        self.line.clear();
        let read = self.reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut self.line)? as u64;
        Ok(match self.line.strip_suffix(b"\n") {
            Some(line) => Piece::Line(line),
            None if read == 0 => Piece::End,
            None if read > LONGEST_LINE => Piece::TooLong,
            None => Piece::Rest(read),
        })
    }
}
