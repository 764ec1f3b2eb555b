//! Writes a handle's families in the formats of scrapes, and knows which one a scraper asks for. Knows nothing of how they are stored
//! or sent.

mod accepted;
mod format;
mod lines;
mod number;
mod openmetrics;
#[cfg(feature = "http1")]
mod scrape;
mod text;

#[cfg(feature = "serve")]
pub(crate) use format::Format;
pub use openmetrics::OPENMETRICS_CONTENT_TYPE;
pub use text::TEXT_CONTENT_TYPE;
