//! `FileSink`: the trail as files in a folder of its own.

use std::path::PathBuf;
use std::time::Duration;

use super::{Opened, Output, Trouble};
use crate::error::Error;
use crate::format::Format;
use crate::seal::Seal;

/// Writes the trail into a folder of its own.
#[derive(Debug)]
pub struct FileSink {
    folder: PathBuf,
    format: Format,
    seal: Seal,
    rotate: Rotate,
    keep: Option<usize>,
    sync: Sync,
    capacity: usize,
}

/// When a new file is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotate {
    daily: bool,
    bytes: Option<u64>,
}

/// When what was written is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sync {
    /// Whenever the system likes.
    Never,
    /// At most this long after it was written.
    Within(Duration),
}

impl Output for FileSink {
    fn name(&self) -> &'static str {
        "file"
    }

    fn format(&self) -> Format {
        self.format
    }

    fn take_seal(&mut self) -> Seal {
        std::mem::replace(&mut self.seal, Seal::chain())
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn confirms(&self) -> bool {
        true
    }

    fn open(&mut self) -> Result<Opened, Error> {
        Ok(Opened::default())
    }

    fn write(&mut self, _line: &[u8], _record: &crate::record::Record) -> Result<(), Trouble> {
        Ok(())
    }
}
