//! An open folder: the file that is written to, and when another one is begun.

use std::io;
use std::time::{Instant, SystemTime};

use super::disk::Current;
use super::folder::Folder;
use super::rotate::{Rotate, day};
use crate::record::{Own, ReopenCause, RotateCause};
use crate::sink::{Notice, TroubleKind};
use crate::stored::names;

/// An open folder.
pub(super) struct Trail {
    pub(super) folder: Folder,
    pub(super) current: Current,
    /// The sequence of the next line.
    pub(super) next: u64,
    /// The day on which the file was begun.
    pub(super) begun: u64,
    /// When the first line was written that is not durable yet.
    pub(super) unsynced: Option<Instant>,
    /// What became of the file, while no other could be opened.
    lost: Option<ReopenCause>,
    /// What is not told yet, since a line came first.
    owed: Option<Notice>,
    /// Whether there may be more files than are kept.
    has_surplus: bool,
    clock: fn() -> SystemTime,
}

impl Trail {
    pub(super) fn new(folder: Folder, current: Current, next: u64, begun: u64) -> Trail {
        let (lost, owed, clock) = (None, None, SystemTime::now);
        Trail { folder, current, next, begun, unsynced: None, lost, owed, has_surplus: true, clock }
    }

    /// Takes another clock.
    #[cfg(test)]
    pub(super) fn set_clock(&mut self, clock: fn() -> SystemTime) {
        self.clock = clock;
    }

    /// Begins a new file if the next line does not go into this one.
    pub(super) fn rotate(&mut self, rotate: Rotate, line: usize) -> io::Result<Option<Notice>> {
        if let Some(owed) = self.owed.take() {
            return Ok(Some(owed));
        }
        let (length, today) = (self.current.length(), self.today());
        let Some(cause) = rotate.cause(length, line as u64, self.begun, today) else {
            if length == 0 {
                self.begun = self.begun.max(today);
            }
            return Ok(None);
        };
        self.turn(cause).map(Some)
    }

    fn turn(&mut self, cause: RotateCause) -> io::Result<Notice> {
        if let Some(cause) = self.current.changed()? {
            return self.replace(cause);
        }
        // Always, so that only the last file can be torn.
        self.current.disk.sync()?;
        self.unsynced = None;
        let before = names::short(self.current.path());
        self.begin()?;
        Ok(Notice { record: Own::Rotated { cause, before }, trouble: None })
    }

    fn begin(&mut self) -> io::Result<()> {
        let (file, path) = self.folder.begin(self.next)?;
        self.current = Current::new(file, path)?;
        self.begun = self.begun.max(self.today());
        self.has_surplus = true;
        Ok(())
    }

    /// Appends a line. If the file was lost before, and another one can be opened now, the line is its first.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if let Some(cause) = self.lost {
            self.owed = Some(self.replace(cause)?);
        }
        self.current.append(line)?;
        self.next = self.next.saturating_add(1);
        self.unsynced.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// Looks whether the file is still the one that is written to, and begins another one if not.
    pub(super) fn watch(&mut self) -> io::Result<Option<Notice>> {
        if let Some(owed) = self.owed.take() {
            return Ok(Some(owed));
        }
        let cause = match self.lost {
            Some(cause) => Some(cause),
            None => self.current.changed()?,
        };
        match cause {
            Some(cause) => self.replace(cause).map(Some),
            None => self.folder.keep_locked().map(|()| None),
        }
    }

    /// Begins another file, since the program asked for it.
    pub(super) fn reopen(&mut self) -> io::Result<Option<Notice>> {
        let is_new = self.current.length() == 0 && self.current.changed()?.is_none();
        if is_new { Ok(None) } else { self.replace(ReopenCause::Asked).map(Some) }
    }

    fn replace(&mut self, cause: ReopenCause) -> io::Result<Notice> {
        // Until another file is there, lines must not go into one that nobody will find.
        self.lost = Some(cause);
        if self.current.disk.sync().is_ok() {
            self.unsynced = None;
        }
        self.folder.keep_locked()?;
        self.begin()?;
        self.lost = None;
        let trouble = (cause != ReopenCause::Asked).then_some(TroubleKind::Replaced);
        Ok(Notice { record: Own::Reopened { cause }, trouble })
    }

    /// Makes what was written durable.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.current.disk.sync()?;
        self.unsynced = None;
        Ok(())
    }

    /// Deletes the oldest files beyond this many, once the newest has a line that the chain can go on from.
    pub(super) fn keep(&mut self, files: usize) -> io::Result<()> {
        if self.has_surplus && self.current.length() > 0 {
            // Whatever comes of it: the next file is the next occasion.
            self.has_surplus = false;
            self.folder.keep(files)?;
        }
        Ok(())
    }

    fn today(&self) -> u64 {
        day((self.clock)())
    }
}
