//! Where lines go: the user's `Sink`, the file, the copies. A sink has a queue and a thread of its own; what is in here runs on that
//! thread.

mod file;
mod output;

pub(crate) use file::names;
#[cfg(test)]
pub(crate) use file::tests as file_tests;
pub use file::{FileSink, Rotate, Sync};
pub(crate) use output::{Notice, Opened, Output, Trouble, TroubleKind};
