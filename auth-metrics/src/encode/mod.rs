//! Writes a handle's families in the formats of scrapes. Knows nothing of how they are stored or sent.

mod lines;
mod number;
mod openmetrics;
mod text;

pub use openmetrics::OPENMETRICS_CONTENT_TYPE;
pub use text::TEXT_CONTENT_TYPE;
