//! Writes every authentication attempt on the record, and proves that nothing is missing and nothing was changed.

mod error;
pub mod export;
mod format;
mod record;
mod seal;
mod sink;
pub mod verify;

pub use error::Error;
pub use export::families;
pub use format::Format;
pub use seal::Seal;
pub use sink::{FileSink, Rotate, Sync};
