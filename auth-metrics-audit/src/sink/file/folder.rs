//! The folder of a trail: its lock, and how files are made in it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use super::disk;
use crate::error::Error;
use crate::stored::names;

/// What the lock file says: the version of what is in the folder.
const VERSION: &str = "auth-metrics-audit 1\n";
const LOCK: &str = "audit.lock";

/// A folder that nobody else writes to.
pub(super) struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Makes the folder if there is none, and locks it.
    pub(super) fn open(path: &Path) -> Result<Folder, Error> {
        let failed = |error| Error::Folder { folder: path.to_owned(), error };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let mut lock = options().create(true).open(path.join(LOCK)).map_err(failed)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(Error::Locked { folder: path.to_owned() }),
            Err(error) => return Err(failed(error.into())),
        }
        let mut version = String::new();
        // A version that is no text is another one.
        let is_text = (&lock).take(64).read_to_string(&mut version).is_ok();
        if is_text && version.len() < VERSION.len() && VERSION.starts_with(&version) {
            // A full disk may have left half of it.
            lock.set_len(0).map_err(failed)?;
            lock.write_all(VERSION.as_bytes()).map_err(failed)?;
        } else if version != VERSION {
            return Err(Error::Unreadable {
                file: path.join(LOCK),
                why: "it is of another version of the library",
            });
        }
        Ok(Folder { path: path.to_owned(), lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder and its lock again if they are gone.
    pub(super) fn keep_locked(&mut self) -> io::Result<()> {
        let ours = disk::id(&self.lock.metadata()?);
        match self.path.join(LOCK).symlink_metadata() {
            Ok(metadata) if disk::id(&metadata) == ours => return Ok(()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => return Err(error),
        }
        *self = Folder::open(&self.path).map_err(|error| match error {
            Error::Folder { error, .. } => error,
            error => io::Error::other(error),
        })?;
        Ok(())
    }

    /// Opens a file of the chain to go on in it.
    pub(super) fn go_on(path: &Path) -> io::Result<File> {
        options().open(path)
    }

    /// Makes the file that begins with this line. What has its name is moved aside.
    pub(super) fn begin(&self, first: u64) -> io::Result<(File, PathBuf)> {
        let path = self.path.join(names::name(first));
        let file = match options().create_new(true).open(&path) {
            // Left by an attempt that failed after this.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_empty_file(&path) => {
                Folder::go_on(&path)?
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let (_, aside) = self.aside(&path)?;
                fs::rename(&path, aside)?;
                options().create_new(true).open(&path)?
            }
            opened => opened?,
        };
        self.sync()?;
        Ok((file, path))
    }

    /// Makes an empty file for what is moved away from another: `audit-….torn`, or `audit-….2.torn` and so on.
    pub(super) fn aside(&self, path: &Path) -> io::Result<(File, PathBuf)> {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for number in 1..10_000_u32 {
            let name = if number == 1 { format!("{stem}.torn") } else { format!("{stem}.{number}.torn") };
            let aside = self.path.join(name);
            match options().create_new(true).open(&aside) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| (file, aside)),
            }
        }
        Err(io::Error::other("there are too many torn files: move them elsewhere"))
    }

    /// Makes the names of its files durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Deletes the oldest files of the chain beyond this many.
    pub(super) fn keep(&self, files: usize) -> io::Result<()> {
        let found = names::list(&self.path)?;
        let surplus = found.len().saturating_sub(files.max(1));
        found.iter().take(surplus).try_for_each(|old| fs::remove_file(&old.path))
    }
}

fn is_empty_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0)
}

/// Appends only, is read by the owner only, and follows no link.
fn options() -> OpenOptions {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::CLOEXEC).bits()).unwrap_or_default();
    let mut options = File::options();
    options.read(true).append(true).mode(0o600).custom_flags(flags);
    options
}
