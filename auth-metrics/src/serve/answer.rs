//! What a request is answered with.

use std::net::IpAddr;

use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use subtle::ConstantTimeEq;

use super::flight::Flight;
use super::host::Hosts;
use crate::encode::Format;
use crate::handle::AuthMetrics;

const WRONG_HOST: &str = "this listener does not answer for the host that the request names, since a web page could reach it that \
    way (DNS rebinding): ask for localhost or 127.0.0.1, or allow the host with Listener::allow_host\n";

pub(super) struct Scrape {
    texts: Flight<Bytes>,
    openmetrics: Flight<Bytes>,
    bearer_token: Option<String>,
    hosts: Hosts,
    /// Whether there is one at `/`.
    page: bool,
}

pub(super) type Answer = Response<Bytes>;

impl Scrape {
    pub(super) fn new(
        metrics: AuthMetrics,
        bearer_token: Option<String>,
        hosts: Hosts,
        page: bool,
    ) -> Scrape {
        let same = metrics.clone();
        let texts = Flight::new(move || Bytes::from(metrics.encode_text()));
        let openmetrics = Flight::new(move || Bytes::from(same.encode_openmetrics()));
        Scrape { texts, openmetrics, bearer_token, hosts, page }
    }

    /// The answer to a request that came in at the address `local`.
    pub(super) async fn answer(&self, request: &Request<Incoming>, local: Option<IpAddr>) -> Answer {
        let mut answer = match self.refuse(request, local) {
            Some(refusal) => refusal,
            None if self.is_page(request) => super::page::answer(),
            None => self.scrape(request).await,
        };
        answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        answer
    }

    fn refuse(&self, request: &Request<Incoming>, local: Option<IpAddr>) -> Option<Answer> {
        if !self.hosts.admit(request, local) {
            return Some(plain(StatusCode::MISDIRECTED_REQUEST, WRONG_HOST));
        }
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if is_read && self.is_page(request) {
            // It has nothing to hide: its script asks for the token, and sends it with every scrape.
            return None;
        }
        if !self.is_allowed(request.headers().get(AUTHORIZATION)) {
            let refusal = plain(StatusCode::UNAUTHORIZED, "a bearer token is needed\n");
            return Some(with(refusal, WWW_AUTHENTICATE, "Bearer"));
        }
        if request.uri().path() != "/metrics" {
            return Some(plain(StatusCode::NOT_FOUND, "the metrics are at /metrics\n"));
        }
        if !is_read {
            return Some(with(plain(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD\n"), ALLOW, "GET, HEAD"));
        }
        None
    }

    fn is_page(&self, request: &Request<Incoming>) -> bool {
        self.page && request.uri().path() == "/"
    }

    async fn scrape(&self, request: &Request<Incoming>) -> Answer {
        let format = Format::accepted(request.headers().get_all(ACCEPT).iter().map(HeaderValue::as_bytes));
        let texts = match format {
            Format::Text => &self.texts,
            Format::OpenMetrics { .. } => &self.openmetrics,
        };
        let Some(text) = texts.get().await else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "the metrics could not be encoded\n");
        };
        with(with(Response::new(text), CONTENT_TYPE, format.content_type()), CACHE_CONTROL, "no-store")
    }

    fn is_allowed(&self, authorization: Option<&HeaderValue>) -> bool {
        let Some(token) = &self.bearer_token else { return true };
        let Some((scheme, presented)) = authorization.and_then(|value| split_scheme(value.as_bytes())) else {
            return false;
        };
        scheme.eq_ignore_ascii_case(b"bearer") && presented.ct_eq(token.as_bytes()).into()
    }
}

fn split_scheme(authorization: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = authorization.iter().position(|byte| *byte == b' ')?;
    Some((&authorization[..space], authorization[space + 1..].trim_ascii()))
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = Response::new(Bytes::from_static(text.as_bytes()));
    *answer.status_mut() = status;
    with(answer, CONTENT_TYPE, "text/plain; charset=utf-8")
}

fn with(mut answer: Answer, name: HeaderName, value: &'static str) -> Answer {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}
