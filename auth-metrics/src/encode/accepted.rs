//! A scrape in the format that a scraper asks for. Knows headers as bytes, and nothing of HTTP libraries.

use super::format::Format;
use crate::handle::AuthMetrics;

impl AuthMetrics {
    /// Encodes a scrape in the format that a request's `Accept` header asks for. Returns the text, and its content type. `accept` are the
    /// values of the header, in the order of the request.
    ///
    /// Use it for a route in a web framework that has no answer of its own here. Feature `http1` has `AuthMetrics::scrape`, and
    /// `auth-metrics-actix` and `auth-metrics-rocket` have routes.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let (_, content_type) = metrics.encode_accepted([]);
    /// assert_eq!(content_type, TEXT_CONTENT_TYPE);
    ///
    /// let accept = b"application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    /// let (text, content_type) = metrics.encode_accepted([&accept[..]]);
    /// assert_eq!(content_type, OPENMETRICS_CONTENT_TYPE);
    /// assert!(text.ends_with("# EOF\n"));
    /// # Ok(()) }
    /// ```
    pub fn encode_accepted<'a>(&self, accept: impl IntoIterator<Item = &'a [u8]>) -> (String, &'static str) {
        let format = Format::accepted(accept.into_iter());
        let text = match format {
            Format::Text => self.encode_text(),
            Format::OpenMetrics { .. } => self.encode_openmetrics(),
        };
        (text, format.content_type())
    }
}
