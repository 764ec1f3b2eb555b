//! The file that is written to. What is in it is only what was accepted whole.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::record::ReopenCause;

/// What is asked of an open file; tests have one that fails.
pub(super) trait Disk: Send {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Takes away what is beyond this length. A shorter file stays as it is.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    fn sync(&mut self) -> io::Result<()>;
}

impl Disk for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(self, bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.metadata()?.len() > length { self.set_len(length) } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// The file that is written to.
pub(super) struct Current {
    pub(super) disk: Box<dyn Disk>,
    path: PathBuf,
    /// Its device and inode.
    id: (u64, u64),
    length: u64,
    /// Whether something of a refused line is still there.
    has_rest: bool,
}

impl Current {
    pub(super) fn new(file: File, path: PathBuf) -> io::Result<Current> {
        let metadata = file.metadata()?;
        let (id, length) = (id(&metadata), metadata.len());
        Ok(Current { disk: Box::new(file), path, id, length, has_rest: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Appends a line, or nothing of it.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.has_rest {
            self.disk.cut(self.length)?;
            self.has_rest = false;
        }
        let mut rest = line;
        while !rest.is_empty() {
            match self.disk.write(rest) {
                Ok(0) => return Err(self.refused(ErrorKind::WriteZero.into())),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.refused(error)),
            }
        }
        self.length = self.length.saturating_add(line.len() as u64);
        Ok(())
    }

    fn refused(&mut self, error: io::Error) -> io::Error {
        self.has_rest = self.disk.cut(self.length).is_err();
        error
    }

    /// Returns what became of the file, none if it is where and what it was.
    pub(super) fn changed(&self) -> io::Result<Option<ReopenCause>> {
        let metadata = match self.path.symlink_metadata() {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Some(ReopenCause::Gone));
            }
            Err(error) => return Err(error),
        };
        if id(&metadata) != self.id {
            return Ok(Some(ReopenCause::Exchanged));
        }
        Ok((metadata.len() != self.length && !self.has_rest).then_some(ReopenCause::Truncated))
    }
}

/// Returns the device and the inode.
pub(super) fn id(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
