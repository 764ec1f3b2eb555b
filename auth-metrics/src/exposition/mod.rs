//! Writes a handle's families out: as text, into a registry, over HTTP. Knows nothing of how they are stored.

mod registry;
#[cfg(feature = "serve")]
pub mod serve;
mod spell;
mod text;

use std::fmt;

pub use text::TEXT_CONTENT_TYPE;

use crate::metrics::Options;
use crate::taxonomy::Family;

/// The name of a family as a handle exports it.
struct FullName<'a> {
    namespace: Option<&'a str>,
    name: &'static str,
}

impl<'a> FullName<'a> {
    fn of(options: &'a Options, family: &Family) -> FullName<'a> {
        FullName { namespace: options.namespace.as_deref(), name: family.name }
    }
}

impl fmt::Display for FullName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self.namespace {
            write!(out, "{namespace}_")?;
        }
        out.write_str(self.name)
    }
}
