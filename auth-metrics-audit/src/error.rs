//! `Error`: why there can be no trail.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there can be no trail.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The seed of a ratchet has less than 32 bytes.
    ShortSeed,
    /// The seed of a ratchet is not spelled in hexadecimal digits.
    InvalidSeed,
    /// The hash of a witness is not 64 hexadecimal digits.
    InvalidHash,
    /// A file or folder can't be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The folder can't be made or written to.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another process, or another trail of this one, writes to the folder.
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the folder is no file of this library, of another version, or changed: run the verifier.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The name of a sink is not `[a-z][a-z0-9_]*` of at most 64 bytes, or another sink has it.
    SinkName(&'static str),
    /// There is no sink.
    NoSink,
    /// The system gave no random numbers: each chain and each start has an id of them.
    NoRandomness(Box<dyn std::error::Error + Send + std::marker::Sync>),
    /// The handle has a family with the name of one of the trail's.
    Families(auth_metrics::group::GroupError),
    /// The trail is installed already: make one for each handle.
    AlreadyInstalled,
    /// The system gave no thread.
    Thread(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::ShortSeed => out.write_str("the seed must have at least 32 random bytes"),
            Error::InvalidSeed => {
                out.write_str("the seed must be hexadecimal digits, as `auth-metrics-audit seed` prints them")
            }
            Error::InvalidHash => {
                out.write_str("the hash of a line must be 64 hexadecimal digits, as `event.hash` has it")
            }
            Error::Read { path, error } => write!(out, "{} can't be read: {error}", path.display()),
            Error::Folder { folder, error } => {
                write!(out, "the folder {} can't be written to: {error}", folder.display())
            }
            Error::Locked { folder } => write!(
                out,
                "another process writes to the folder {}: give each process a folder of its own",
                folder.display()
            ),
            Error::Unreadable { file, why } => write!(
                out,
                "{} can't be continued, since {why}: run `auth-metrics-audit verify` on its folder, and begin a new one",
                file.display()
            ),
            Error::SinkName(name) => write!(
                out,
                "the sink {name:?} needs another name: a-z, digits and _, at most 64, and no other sink's"
            ),
            Error::NoSink => {
                out.write_str("there is no sink: add one with `.file(FileSink::new(\"audit\"))`")
            }
            Error::NoRandomness(error) => write!(out, "the system gave no random numbers: {error}"),
            Error::Families(error) => write!(out, "the families of the trail can't be attached: {error}"),
            Error::AlreadyInstalled => {
                out.write_str("the trail is installed already: make a trail for each handle")
            }
            Error::Thread(error) => {
                write!(out, "the system gave no thread ({error}): raise the limit of threads")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Folder { error, .. } | Error::Read { error, .. } | Error::Thread(error) => Some(error),
            Error::Families(error) => Some(error),
            Error::NoRandomness(error) => Some(&**error),
            _ => None,
        }
    }
}
