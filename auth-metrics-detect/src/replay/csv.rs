//! Records of CSV as RFC 4180 has it, one at a time and in bounded memory.

use std::io::{self, BufRead, Read as _};

use super::malformed::{Cause, LONGEST};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads records. A record that is broken is told, and reading goes on at the line after the one where it began.
pub(super) struct Records<R> {
    input: R,
    longest: usize,
    /// What was read and not yet given out is `raw[at..]`, whole lines.
    raw: Vec<u8>,
    at: usize,
    /// The number of the line at `at`.
    line: u64,
    /// The fields of the last record, without quotes, one after another, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A record, and the line where it begins.
pub(super) struct Record<'a> {
    pub(super) line: u64,
    text: &'a str,
    ends: &'a [usize],
}

/// A record that is none, and the line where it begins.
#[derive(Debug, PartialEq)]
pub(super) struct Broken {
    pub(super) line: u64,
    pub(super) cause: Cause,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// A quote inside quotes: the end of the field, or the first of two.
    Quote,
    /// A carriage return behind the closing quote.
    Return,
}

enum Scan {
    Nothing,
    Record { end: usize, lines: u64 },
    Broken(Cause),
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R) -> Records<R> {
        Records::with_longest(input, LONGEST)
    }

    fn with_longest(input: R, longest: usize) -> Records<R> {
        Records { input, longest, raw: Vec::new(), at: 0, line: 1, text: Vec::new(), ends: Vec::new() }
    }

    /// Reads the next record; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<Record<'_>, Broken>>> {
        self.forget_what_was_given_out();
        let line = self.line;
        let cause = match self.scan()? {
            Scan::Nothing => return Ok(None),
            Scan::Record { end, lines } => {
                let is_text = std::str::from_utf8(&self.raw[self.at..end]).is_ok();
                self.at = end;
                self.line += lines;
                match std::str::from_utf8(&self.text) {
                    Ok(text) if is_text => return Ok(Some(Ok(Record { line, text, ends: &self.ends }))),
                    _ => Cause::NoUtf8,
                }
            }
            Scan::Broken(cause) => {
                self.skip_line()?;
                cause
            }
        };
        Ok(Some(Err(Broken { line, cause })))
    }

    fn forget_what_was_given_out(&mut self) {
        // Not for every line: after a broken record there may be megabytes behind it.
        if self.at > self.raw.len() / 2 {
            self.raw.drain(..self.at);
            self.at = 0;
        }
    }

    /// Adds the rest of a line. `false` at the end of the input.
    fn read_line(&mut self) -> io::Result<bool> {
        let room = self.longest + 1 - (self.raw.len() - self.at);
        let first = self.line == 1 && self.raw.is_empty();
        let read = self.input.by_ref().take(room as u64).read_until(b'\n', &mut self.raw)?;
        if first && self.raw.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
        }
        Ok(read > 0)
    }

    fn scan(&mut self) -> io::Result<Scan> {
        self.text.clear();
        self.ends.clear();
        let (mut state, mut offset, mut lines) = (State::Start, 0, 0);
        loop {
            if self.at + offset >= self.raw.len() {
                let more = self.read_line()?;
                if self.raw.len() - self.at > self.longest {
                    return Ok(Scan::Broken(Cause::TooLong));
                }
                if !more || self.at + offset == self.raw.len() {
                    return Ok(self.finish(state, offset, lines));
                }
            }
            let byte = self.raw[self.at + offset];
            offset += 1;
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Quoted, _) | (State::Quote, b'"') => {
                    lines += u64::from(byte == b'\n');
                    self.text.push(byte);
                    State::Quoted
                }
                (State::Start, b'"') => State::Quoted,
                (_, b'\n') => return Ok(self.finish(state, offset, lines + 1)),
                (State::Return, _) => return Ok(Scan::Broken(Cause::Quotes)),
                (_, b',') => self.end_field(),
                (State::Quote, b'\r') => State::Return,
                (State::Quote, _) => return Ok(Scan::Broken(Cause::Quotes)),
                (State::Start | State::Plain, _) => {
                    self.text.push(byte);
                    State::Plain
                }
            };
        }
    }

    fn end_field(&mut self) -> State {
        self.ends.push(self.text.len());
        State::Start
    }

    /// Ends the record at the end of its line, or of the input.
    fn finish(&mut self, state: State, offset: usize, lines: u64) -> Scan {
        if offset == 0 {
            return Scan::Nothing;
        }
        if state == State::Quoted {
            return Scan::Broken(Cause::Quotes);
        }
        if state == State::Plain && self.text.last() == Some(&b'\r') {
            self.text.pop();
        }
        self.end_field();
        Scan::Record { end: self.at + offset, lines }
    }

    /// Goes on at the next line.
    fn skip_line(&mut self) -> io::Result<()> {
        self.line += 1;
        if let Some(end) = self.raw[self.at..].iter().position(|&byte| byte == b'\n') {
            self.at += end + 1;
            return Ok(());
        }
        self.raw.clear();
        self.at = 0;
        self.input.skip_until(b'\n')?;
        Ok(())
    }
}

impl<'a> Record<'a> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field by its place.
    pub(super) fn field(&self, at: usize) -> Option<&'a str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(at)?)
    }

    /// Nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.len() == 1 && self.text.trim().is_empty()
    }
}

#[cfg(test)]
mod tests;
