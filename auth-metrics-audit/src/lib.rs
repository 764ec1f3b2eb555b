//! Writes every authentication attempt on the record, and proves that nothing is missing and nothing was changed.

mod error;
pub mod families;
mod format;
mod memory;
mod policy;
mod record;
mod seal;
mod show;
mod sink;
mod stored;
mod trail;
pub mod verify;

pub use error::Error;
pub use format::Format;
pub use policy::{Policy, Record};
pub use seal::Seal;
pub use show::{Show, ShowPeer};
#[cfg(any(feature = "tracing01", feature = "opentelemetry033", feature = "fasyslog1"))]
pub use sink::LogSink;
pub use sink::{FileSink, Line, Rotate, Sink, SinkOptions, Sync};
pub use trail::{Audit, AuditBuilder, Unwritten};
