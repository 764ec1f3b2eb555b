//! `OpenMetrics` 1.0: the same samples as in the text format, under other metadata.

use super::lines::{Syntax, encode};
use super::number::{push_escaped, push_millis, push_seconds};
use crate::handle::AuthMetrics;
use crate::read::Exemplar;
use crate::terms::{Family, without_total};

/// The `Content-Type` of [`AuthMetrics::encode_openmetrics`].
pub const OPENMETRICS_CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The labels of an exemplar, with places for the ids. Aligned, so that it is found to be text a word at a time.
#[derive(Clone, Copy)]
#[repr(align(16))]
struct Labels([u8; 76]);

const LABELS: Labels =
    Labels(*b" # {trace_id=\"00000000000000000000000000000000\",span_id=\"0000000000000000\"} ");
const TRACE_ID: usize = 14;
const SPAN_ID: usize = 57;

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

pub(super) struct OpenMetrics;

impl Syntax for OpenMetrics {
    const EXEMPLARS: bool = true;

    fn head(out: &mut String, name: &str, family: &Family) {
        let name = without_total(name);
        for part in ["# HELP ", name, " "] {
            out.push_str(part);
        }
        push_escaped(out, family.help);
        for part in ["\n# TYPE ", name, " ", family.family_type.label(), "\n"] {
            out.push_str(part);
        }
        if let Some(unit) = family.unit() {
            for part in ["# UNIT ", name, " ", unit, "\n"] {
                out.push_str(part);
            }
        }
    }

    fn exemplar(out: &mut String, exemplar: &Exemplar) {
        let (trace, mut labels) = (exemplar.trace(), LABELS);
        labels.0[TRACE_ID..TRACE_ID + 32].copy_from_slice(&trace.trace_id_digits());
        labels.0[SPAN_ID..SPAN_ID + 16].copy_from_slice(&trace.span_id_digits());
        out.push_str(std::str::from_utf8(&labels.0).unwrap_or_default());
        match exemplar.nanos() {
            Some(1_000_000_000) => out.push('1'),
            nanos => push_seconds(out, nanos, exemplar.value()),
        }
        out.push(' ');
        push_millis(out, exemplar.millis());
    }

    fn end(out: &mut String) {
        out.push_str("# EOF\n");
    }
}
