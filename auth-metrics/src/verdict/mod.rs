//! How a returned value, or an error that can be any, becomes an outcome. Knows the terms, and nothing of handles.

mod chain;
mod custom_reason;
mod judge;
mod reason_chain;
mod stated;

pub use chain::{Downcast, Itself, asked, found};
pub use judge::{
    Any, Attempted, Classified, Fallible, Flag, Judge, Maybe, Noted, Probe, ReadBy, Spelled, Tried, Unlisted,
    Whatever, read_by, with,
};
pub use stated::{Always, Stated, Verdict};
