//! The Prometheus text format, version 0.0.4.

use super::lines::{Syntax, encode};
use crate::handle::AuthMetrics;
use crate::read::Exemplar;
use crate::terms::Family;

/// The `Content-Type` of [`AuthMetrics::encode_text`].
pub const TEXT_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl AuthMetrics {
    /// Returns everything this handle has counted, in the Prometheus text format 0.0.4. It needs no registry.
    ///
    /// Send it with the content type [`TEXT_CONTENT_TYPE`](crate::TEXT_CONTENT_TYPE).
    pub fn encode_text(&self) -> String {
        encode::<Text>(self)
    }
}

pub(super) struct Text;

impl Syntax for Text {
    const EXEMPLARS: bool = false;

    /// Nothing in the help needs escaping: it is one line without a backslash.
    fn head(out: &mut String, name: &str, family: &Family) {
        let (help, family_type) = (family.help, family.family_type.label());
        for part in ["# HELP ", name, " ", help, "\n# TYPE ", name, " ", family_type, "\n"] {
            out.push_str(part);
        }
    }

    fn exemplar(_: &mut String, _: &Exemplar) {}

    fn end(_: &mut String) {}
}
