//! What a request is answered with.

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Method, Request, Response, StatusCode};
use subtle::ConstantTimeEq;

use crate::exposition::text::TEXT_CONTENT_TYPE;
use crate::metrics::AuthMetrics;

pub(super) struct Scrape {
    metrics: AuthMetrics,
    bearer_token: Option<String>,
}

pub(super) type Answer = Response<Full<Bytes>>;

impl Scrape {
    pub(super) fn new(metrics: AuthMetrics, bearer_token: Option<String>) -> Scrape {
        Scrape { metrics, bearer_token }
    }

    pub(super) fn answer(&self, request: &Request<Incoming>) -> Answer {
        #[cfg(feature = "page")]
        if request.uri().path() == "/" && is_read(request.method()) {
            // It has nothing to hide: its script asks for the token, and sends it with every scrape.
            return super::page::answer();
        }
        if !self.is_allowed(request.headers().get(AUTHORIZATION)) {
            let mut answer = plain(StatusCode::UNAUTHORIZED, "a bearer token is needed\n");
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return answer;
        }
        if request.uri().path() != "/metrics" {
            return plain(StatusCode::NOT_FOUND, "the metrics are at /metrics\n");
        }
        if !is_read(request.method()) {
            let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD\n");
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        let mut answer = Response::new(Full::from(self.metrics.encode_text()));
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(TEXT_CONTENT_TYPE));
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    fn is_allowed(&self, authorization: Option<&HeaderValue>) -> bool {
        let Some(token) = &self.bearer_token else { return true };
        let Some((scheme, presented)) = authorization.and_then(|value| split_scheme(value.as_bytes())) else {
            return false;
        };
        scheme.eq_ignore_ascii_case(b"bearer") && presented.ct_eq(token.as_bytes()).into()
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn split_scheme(authorization: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = authorization.iter().position(|byte| *byte == b' ')?;
    Some((&authorization[..space], authorization[space + 1..].trim_ascii()))
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
