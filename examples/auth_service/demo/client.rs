//! The crowd's HTTP client, and the way to hang up in the middle of a request.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use thiserror::Error;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// What a proxy says about where a request comes from.
const FORWARDED: &str = "x-forwarded-for";

/// A request without an answer.
#[derive(Debug, Error)]
pub(crate) enum ClientError {
    #[error("a request can't be made: {0}")]
    Request(#[from] axum::http::Error),
    #[error("no answer: {0}")]
    NoAnswer(#[from] hyper_util::client::legacy::Error),
    #[error("the answer broke off")]
    BrokenOff,
    #[error("the answer is no text")]
    NoText,
    #[error("the answer says {0}")]
    Refused(StatusCode),
    #[error("no connection: {0}")]
    Io(#[from] std::io::Error),
}

/// What the service said.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    body: Value,
}

impl Answer {
    /// A text in the answer's body; empty when it is not there.
    pub(super) fn text(&self, key: &str) -> String {
        self.body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The challenge and its bits, if a proof of work must come first.
    pub(super) fn puzzle(&self) -> Option<(String, u32)> {
        let puzzle = self.body.get("proof_of_work")?;
        let bits = puzzle.get("bits")?.as_u64()?.try_into().ok()?;
        Some((puzzle.get("challenge")?.as_str()?.to_owned(), bits))
    }

    /// A part of the answer's body.
    pub(super) fn part(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A client of one server. Clones share their connections.
#[derive(Clone)]
pub(super) struct Client {
    http: HyperClient<HttpConnector, Full<Bytes>>,
    server: SocketAddr,
    from: Option<IpAddr>,
}

impl Client {
    /// A client of the server at this address.
    pub(super) fn new(server: SocketAddr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { http: HyperClient::builder(TokioExecutor::new()).build(connector), server, from: None }
    }

    /// The same, behind a proxy that says that it comes from this address.
    pub(super) fn coming_from(&self, from: IpAddr) -> Self {
        Self { from: Some(from), ..self.clone() }
    }

    /// Asks for a page, with some headers.
    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, ClientError> {
        self.send(Method::GET, path, headers, Bytes::new()).await
    }

    /// Sends a JSON body, with some headers.
    pub(super) async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer, ClientError> {
        self.send(Method::POST, path, headers, body.to_string().into()).await
    }

    /// Asks for a scrape, as Prometheus does: in `OpenMetrics`, the format that has exemplars.
    pub(super) async fn scrape(&self) -> Result<String, ClientError> {
        let accept = [("accept", "application/openmetrics-text; version=1.0.0")];
        let (status, body) = self.exchange(Method::GET, "/metrics", &accept, Bytes::new()).await?;
        if !status.is_success() {
            return Err(ClientError::Refused(status));
        }
        String::from_utf8(body.into()).map_err(|_| ClientError::NoText)
    }

    /// Sends a JSON body, waits a little, and is gone before the answer comes.
    pub(super) async fn hang_up(&self, path: &str, body: &Value, after: Duration) -> Result<(), ClientError> {
        let (server, body) = (self.server, body.to_string());
        let mut stream = TcpStream::connect(server).await?;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {server}\r\ncontent-type: application/json\r\n\
             traceparent: {}\r\n{}content-length: {length}\r\n\r\n{body}",
            traceparent(),
            self.from.map(|from| format!("{FORWARDED}: {from}\r\n")).unwrap_or_default()
        );
        stream.write_all(request.as_bytes()).await?;
        tokio::time::sleep(after).await;
        Ok(())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, ClientError> {
        let (status, body) = self.exchange(method, path, headers, body).await?;
        Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), ClientError> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.server));
        request =
            request.header(header::CONTENT_TYPE, "application/json").header("traceparent", traceparent());
        if let Some(from) = self.from {
            request = request.header(FORWARDED, from.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.http.request(request.body(Full::new(body))?).await?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| ClientError::BrokenOff)?;
        Ok((status, body.to_bytes()))
    }
}

/// A new trace that is sampled, as a gateway with tracing begins one for each request.
fn traceparent() -> String {
    format!("00-{:032x}-{:016x}-01", fastrand::u128(1..), fastrand::u64(1..))
}
