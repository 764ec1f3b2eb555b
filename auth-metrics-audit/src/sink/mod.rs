//! Where lines go: the user's `Sink`, the file, the copies. A sink has a queue and a thread of its own; what is in here runs on that
//! thread.

mod copy;
mod file;
#[cfg(any(feature = "tracing01", feature = "opentelemetry033", feature = "fasyslog1"))]
mod logs;
mod output;

pub(crate) use copy::Copy;
pub use copy::{Line, Sink, SinkOptions};
#[cfg(test)]
pub(crate) use file::tests as file_tests;
pub use file::{FileSink, Rotate, Sync};
#[cfg(any(feature = "tracing01", feature = "opentelemetry033", feature = "fasyslog1"))]
pub use logs::LogSink;
pub(crate) use output::{Notice, Opened, Output, Trouble, TroubleKind};

/// How many records wait for a sink at most, by default.
const CAPACITY: usize = 8_192;
