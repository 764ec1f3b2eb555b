//! `FileSink`: the trail as files in a folder of its own. Knows nothing of what the lines say.

mod disk;
mod folder;
mod recover;
mod rotate;
#[cfg(test)]
pub(crate) mod tests;
mod trail;

pub use rotate::Rotate;

use std::fmt;
use std::io::{self, ErrorKind};
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Notice, Opened, Output, Trouble, TroubleKind};
use crate::error::Error;
use crate::format::Format;
use crate::record::{Own, Record};
use crate::seal::Seal;
use disk::Current;
use folder::Folder;
use trail::Trail;

/// Writes the trail into a folder of its own, as `audit-<sequence of the first line>.jsonl` files that only the owner can read.
///
/// By default it begins a new file each day or at 256 MiB, keeps all files, makes lines durable within 50 ms, chains them without a seal,
/// and lets 8,192 events wait.
///
/// ```
/// use std::time::Duration;
/// use auth_metrics_audit::{FileSink, Format, Rotate, Seal, Sync};
///
/// # fn main() -> Result<(), auth_metrics_audit::Error> {
/// # let seed = [7; 32];
/// let sink = FileSink::new("audit")
///     .format(Format::Ocsf)
///     .rotate(Rotate::daily().or_bytes(64 << 20))
///     .keep(30)
///     .sync(Sync::Within(Duration::from_millis(20)))
///     .seal(Seal::ratchet(&seed)?);
/// # let _ = sink;
/// # Ok(()) }
/// ```
pub struct FileSink {
    folder: PathBuf,
    format: Format,
    seal: Seal,
    rotate: Rotate,
    keep: Option<usize>,
    sync: Sync,
    capacity: usize,
    trail: Option<Trail>,
}

/// When what was written is made durable. A process that is killed loses nothing that was written either way; a machine that loses power
/// does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sync {
    /// Whenever the system likes, and at the end.
    Never,
    /// At most this long after it was written.
    Within(Duration),
}

impl FileSink {
    /// Writes into this folder, which is made if there is none. Give each process a folder of its own.
    pub fn new(folder: impl AsRef<Path>) -> FileSink {
        FileSink {
            folder: folder.as_ref().to_owned(),
            format: Format::default(),
            seal: Seal::chain(),
            rotate: Rotate::default(),
            keep: None,
            sync: Sync::Within(Duration::from_millis(50)),
            capacity: super::CAPACITY,
            trail: None,
        }
    }

    /// Sets how a line is spelled.
    #[must_use]
    pub fn format(mut self, format: Format) -> FileSink {
        self.format = format;
        self
    }

    /// Sets when a new file is begun.
    #[must_use]
    pub fn rotate(mut self, rotate: Rotate) -> FileSink {
        self.rotate = rotate;
        self
    }

    /// Keeps this many files, with the one that is written to, and deletes the oldest. At least one is kept.
    #[must_use]
    pub fn keep(mut self, files: usize) -> FileSink {
        self.keep = Some(files);
        self
    }

    /// Sets when lines are made durable.
    #[must_use]
    pub fn sync(mut self, sync: Sync) -> FileSink {
        self.sync = sync;
        self
    }

    /// Sets how lines are protected against changes.
    #[must_use]
    pub fn seal(mut self, seal: Seal) -> FileSink {
        self.seal = seal;
        self
    }

    /// Sets how many events wait for the file at most, at least one. Beyond it they are dropped and counted.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> FileSink {
        self.capacity = events.max(1);
        self
    }

    fn trail(&mut self) -> Result<&mut Trail, Trouble> {
        self.trail.as_mut().ok_or_else(|| trouble(io::Error::other("the folder is not open")))
    }
}

impl fmt::Debug for FileSink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FileSink")
            .field("folder", &self.folder)
            .field("format", &self.format)
            .field("seal", &self.seal)
            .field("rotate", &self.rotate)
            .field("keep", &self.keep)
            .field("sync", &self.sync)
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl Output for FileSink {
    fn name(&self) -> &'static str {
        "file"
    }

    fn format(&self) -> Format {
        self.format
    }

    fn take_seal(&mut self) -> Seal {
        mem::take(&mut self.seal)
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn confirms(&self) -> bool {
        true
    }

    fn open(&mut self) -> Result<Opened, Error> {
        // A program that goes into another folder later must not take its trail with it.
        self.folder = std::path::absolute(&self.folder)
            .map_err(|error| Error::Folder { folder: self.folder.clone(), error })?;
        let folder = Folder::open(&self.folder)?;
        let found = recover::recover(&folder, &self.seal)?;
        let failed = |error| Error::Folder { folder: self.folder.clone(), error };
        let next = found.tail.map_or(1, |tail| tail.sequence.saturating_add(1));
        let (file, path) = match found.last {
            Some(last) => (Folder::go_on(&last.path).map_err(failed)?, last.path),
            None => folder.begin(next).map_err(failed)?,
        };
        // A file has lines of one day, so the day of its last line is that of its first.
        let begun = file.metadata().and_then(|metadata| metadata.modified()).map_or(0, rotate::day);
        let current = Current::new(file, path).map_err(failed)?;
        self.trail = Some(Trail::new(folder, current, next, begun));
        let notice = found.recovered.map(|recovered| Notice {
            record: Own::Recovered(recovered),
            trouble: Some(TroubleKind::TornTail),
        });
        Ok(Opened { chain: found.chain, tail: found.tail, clean: found.clean, notice })
    }

    fn prepare(&mut self, length: usize) -> Result<Option<Notice>, Trouble> {
        let rotate = self.rotate;
        self.trail()?.rotate(rotate, length).map_err(trouble)
    }

    fn write(&mut self, line: &[u8], _record: &Record) -> Result<(), Trouble> {
        self.trail()?.append(line).map_err(trouble)
    }

    fn sync(&mut self, now: Instant, at_once: bool) -> Result<(), Trouble> {
        let (sync, keep) = (self.sync, self.keep);
        let trail = self.trail()?;
        if let Some(since) = trail.unsynced {
            let is_due = match sync {
                Sync::Within(time) => now.saturating_duration_since(since) >= time,
                Sync::Never => false,
            };
            if at_once || is_due {
                trail.sync().map_err(trouble)?;
            }
        }
        match keep {
            // Not before the newest file has a line that is safe: the chain goes on from it.
            Some(files) if sync == Sync::Never || trail.unsynced.is_none() => {
                trail.keep(files).map_err(trouble)
            }
            _ => Ok(()),
        }
    }

    fn due(&self) -> Option<Instant> {
        let Sync::Within(time) = self.sync else { return None };
        self.trail.as_ref()?.unsynced?.checked_add(time)
    }

    fn watch(&mut self) -> Result<Option<Notice>, Trouble> {
        self.trail()?.watch().map_err(trouble)
    }

    fn reopen(&mut self) -> Result<Option<Notice>, Trouble> {
        self.trail()?.reopen().map_err(trouble)
    }
}

/// Whatever the system refuses may go well later.
fn trouble(error: io::Error) -> Trouble {
    let kind = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => TroubleKind::Full,
        _ => TroubleKind::Io,
    };
    Trouble { kind, retry: true, error }
}
