//! Writes a handle's families out: as text, into a registry, over HTTP. Knows nothing of how they are stored.

mod registry;
#[cfg(feature = "serve")]
pub mod serve;
mod text;

pub use text::TEXT_CONTENT_TYPE;

use std::fmt;

/// The name of a family as this handle exports it.
struct FullName<'a> {
    namespace: Option<&'a str>,
    name: &'a str,
}

impl fmt::Display for FullName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self.namespace {
            write!(out, "{namespace}_")?;
        }
        out.write_str(self.name)
    }
}
