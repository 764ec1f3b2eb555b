//! Writes a handle's families as text. Knows nothing of how they are stored or sent.

mod number;
mod text;

pub use text::TEXT_CONTENT_TYPE;
