//! Why a command could not be done.

use std::fmt;
use std::io;

use crate::error::Error;
use crate::verify::show::escaped;

/// Why a command could not be done.
#[derive(Debug)]
pub struct Unusable(Why);

#[derive(Debug)]
enum Why {
    Said(String),
    Failed(Error),
    /// The output is gone.
    Output(io::Error),
}

impl Unusable {
    /// Returns whether the output was closed by whoever reads it, as `head` does.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.0, Why::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Said(text) => out.write_str(&escaped(text)),
            Why::Failed(error) => out.write_str(&escaped(&error.to_string())),
            Why::Output(error) => write!(out, "can't write: {error}"),
        }
    }
}

impl std::error::Error for Unusable {}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Unusable {
        Unusable(Why::Output(error))
    }
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Unusable {
        Unusable(Why::Failed(error))
    }
}

pub(super) fn said(text: impl Into<String>) -> Unusable {
    Unusable(Why::Said(text.into()))
}
