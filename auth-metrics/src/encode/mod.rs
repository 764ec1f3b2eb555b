//! Writes a handle's families in the formats of scrapes, and knows which one a scraper asks for. Knows nothing of how they are stored
//! or sent.

mod accepted;
mod append;
mod format;
mod lines;
mod number;
mod openmetrics;
#[cfg(feature = "http1")]
mod scrape;
mod text;

pub use append::AppendError;
#[cfg(feature = "serve")]
pub(crate) use format::Format;
#[cfg(feature = "metrics024")]
pub(crate) use number::push_bound;
pub use openmetrics::OPENMETRICS_CONTENT_TYPE;
pub use text::TEXT_CONTENT_TYPE;
