//! A scrape in a router of the user's own. Knows only the headers of a request.

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response};

use crate::handle::AuthMetrics;

impl AuthMetrics {
    /// Answers a scrape in a router of your own, in the format that the request's `Accept` header asks for.
    ///
    /// Scrapers that name `OpenMetrics` get it unless they prefer the text, so Prometheus does. All others get the text format 0.0.4, as
    /// does a header that can't be read. The series and values are the same in both. Read the
    /// [guide](crate::guide::exporting#a-route-of-your-own) for what to do before strangers can reach the route.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use http::HeaderMap;
    /// use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let response = metrics.scrape(&HeaderMap::new());
    /// assert_eq!(response.headers()[CONTENT_TYPE], auth_metrics::TEXT_CONTENT_TYPE);
    ///
    /// let accept = HeaderValue::from_static("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    /// let response = metrics.scrape(&HeaderMap::from_iter([(ACCEPT, accept)]));
    /// assert_eq!(response.headers()[CONTENT_TYPE], auth_metrics::OPENMETRICS_CONTENT_TYPE);
    /// assert!(response.body().ends_with("# EOF\n"));
    /// # Ok(()) }
    /// ```
    pub fn scrape(&self, headers: &HeaderMap) -> Response<String> {
        let accept = headers.get_all(ACCEPT).iter().map(HeaderValue::as_bytes);
        let (text, content_type) = self.encode_accepted(accept);
        let mut response = Response::new(text);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
