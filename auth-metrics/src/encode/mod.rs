//! Writes a handle's families out as text. Knows nothing of how they are stored, or sent.

mod number;
mod text;

use std::fmt;

pub use text::TEXT_CONTENT_TYPE;

use crate::handle::Options;
use crate::terms::Family;

/// The name of a family as a handle exports it.
pub(crate) struct FullName<'a> {
    namespace: Option<&'a str>,
    name: &'static str,
}

impl<'a> FullName<'a> {
    pub(crate) fn of(options: &'a Options, family: &Family) -> FullName<'a> {
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
