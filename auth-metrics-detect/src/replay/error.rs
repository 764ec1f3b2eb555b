//! Why a run stops.

use std::{fmt, io};

/// Why a log can't be replayed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The input is empty.
    NoHeader,
    /// The first line can't be read, for this reason.
    Header(String),
    /// The header lacks this column.
    MissingColumn(&'static str),
    /// An option of the engine is wrong.
    Engine(crate::Error),
    /// The input fails.
    Read(io::Error),
    /// An output fails.
    Write(io::Error),
}

impl Error {
    /// Returns `true` if whoever read the output has gone, such as `head`.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const COLUMNS: &str = "t,source,subject,operation,outcome,reason";
        match self {
            Error::NoHeader => write!(out, "the input is empty: begin it with the header `{COLUMNS}`"),
            Error::Header(cause) => {
                write!(out, "line 1 is no header: {cause}. Begin the input with `{COLUMNS}`")
            }
            Error::MissingColumn(name) => {
                write!(out, "the header has no column `{name}`: it must name {COLUMNS}, in any order")
            }
            Error::Engine(error) => error.fmt(out),
            Error::Read(error) => write!(out, "can't read the input: {error}"),
            Error::Write(error) => write!(out, "can't write the output: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Engine(error) => error.source(),
            Error::Read(error) | Error::Write(error) => Some(error),
            _ => None,
        }
    }
}
