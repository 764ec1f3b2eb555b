//! `OpenMetrics` 1.0: the same samples as in the text format, under other metadata.

use std::time::UNIX_EPOCH;

use super::lines::{Syntax, encode};
use super::number::{push_display, push_escaped, push_number};
use crate::handle::AuthMetrics;
use crate::read::Exemplar;
use crate::terms::Family;

/// The `Content-Type` of [`AuthMetrics::encode_openmetrics`].
pub const OPENMETRICS_CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The units that the specification names, with what stands before one in the name of a family.
const UNITS: [&str; 9] =
    ["_seconds", "_bytes", "_ratio", "_celsius", "_meters", "_volts", "_amperes", "_joules", "_grams"];

impl AuthMetrics {
    /// Returns everything this handle has counted, in the format `OpenMetrics` 1.0. It has the same series with the same values as
    /// [`encode_text`](AuthMetrics::encode_text), and no `_created`.
    ///
    /// Send it with the content type [`OPENMETRICS_CONTENT_TYPE`](crate::OPENMETRICS_CONTENT_TYPE), to those who accept it.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_successful_auth("gateway");
    /// let text = metrics.encode_openmetrics();
    /// assert!(text.contains("# TYPE service_auth_successful counter\n"));
    /// assert!(text.contains("\nservice_auth_successful_total{service_id=\"gateway\"} 1\n"));
    /// assert!(text.contains("# UNIT service_auth_latency_seconds seconds\n"));
    /// assert!(text.ends_with("\n# EOF\n"));
    /// # Ok(()) }
    /// ```
    pub fn encode_openmetrics(&self) -> String {
        encode::<OpenMetrics>(self)
    }
}

struct OpenMetrics;

impl Syntax for OpenMetrics {
    fn head(out: &mut String, name: &str, family: &Family) {
        // Each counter ends in `_total`; a group with another one is not attached.
        let name = name.strip_suffix("_total").unwrap_or(name);
        for part in ["# HELP ", name, " "] {
            out.push_str(part);
        }
        push_escaped(out, family.help);
        for part in ["\n# TYPE ", name, " ", family.family_type.label(), "\n"] {
            out.push_str(part);
        }
        if let Some(unit) = UNITS.into_iter().find(|unit| name.ends_with(unit)) {
            for part in ["# UNIT ", name, " ", &unit[1..], "\n"] {
                out.push_str(part);
            }
        }
    }

    fn exemplar(out: &mut String, exemplar: &Exemplar) {
        let trace = exemplar.trace();
        let ids =
            format_args!(" # {{trace_id=\"{}\",span_id=\"{}\"}} ", trace.trace_id_hex(), trace.span_id_hex());
        push_display(out, &ids);
        push_number(out, exemplar.value());
        let since = exemplar.time().duration_since(UNIX_EPOCH).unwrap_or_default();
        push_display(out, &format_args!(" {}.{:03}", since.as_secs(), since.subsec_millis()));
    }

    fn end(out: &mut String) {
        out.push_str("# EOF\n");
    }
}
