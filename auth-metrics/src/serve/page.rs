//! The page at `/`: one document that reads `/metrics` like any scraper and draws it. It holds no figures itself.

use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
};

const PAGE: &str = include_str!("page.html");

/// Its own style and script and nothing else, named by their hashes; a test holds them in step with the page.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-CYO/p2+RWSjvxl6UEy8MlcDUjdYJ29E0NYfTNXd4AeA='; \
    script-src 'sha256-GsLYd8O6blq/xnmaGerxQfpRJprDk9VezaQhKdzKsC0='; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

pub(super) fn answer() -> Response<Bytes> {
    const HEADERS: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    let mut answer = Response::new(PAGE.into());
    answer.headers_mut().extend(HEADERS);
    answer
}
