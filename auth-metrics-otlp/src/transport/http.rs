//! `Http`: requests of protobuf over HTTP/1.1.

use std::io;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message;
use ureq::http::Response;
use ureq::{Agent, Body, Timeout};

use super::answer::{Answer, Why};
use super::response::{UNREADABLE, accepted};
use super::sending::{MOST_BYTES, Transport};
use crate::error::Error;
use crate::setup::Options;

pub(super) struct Http {
    agent: Agent,
    url: String,
    headers: Vec<(String, String)>,
}

/// The type of requests and answers.
const PROTOBUF: &str = "application/x-protobuf";

impl Http {
    pub(super) fn new(options: &Options) -> Result<Http, Error> {
        let url = options.endpoint.http_url();
        // What the client would refuse later, each time.
        url.parse::<ureq::http::Uri>().map_err(|_| Error::Endpoint)?;
        let headers =
            options.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Http { agent: agent(), url, headers })
    }
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        // Headers with credentials go to nobody else.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("auth-metrics-otlp/", env!("CARGO_PKG_VERSION")))
        .max_response_header_size(MOST_BYTES)
        // A connection that a server closed meanwhile would leave the fate of the next request unknown.
        .max_idle_connections(0);
    #[cfg(feature = "tls")]
    let config = config.tls_config(
        ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build(),
    );
    config.build().new_agent()
}

impl Transport for Http {
    fn send(&mut self, request: &ExportMetricsServiceRequest, timeout: Duration) -> Answer {
        let mut call = self.agent.post(&self.url).config().timeout_global(Some(timeout)).build();
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        match call.content_type(PROTOBUF).header("accept", PROTOBUF).send(&request.encode_to_vec()[..]) {
            Ok(mut response) => answer(&mut response),
            Err(error) => fate(&error),
        }
    }
}

fn answer(response: &mut Response<Body>) -> Answer {
    match response.status().as_u16() {
        200..300 => read(response),
        300..400 => Answer::Refused(Why::Redirect),
        // The server says that it did nothing.
        status @ (429 | 503) => {
            Answer::Unavailable { after: retry_after(response), why: Why::Status(status) }
        }
        // A proxy lost the server, which may have taken the request.
        status @ (502 | 504) => Answer::Unknown(Why::Status(status)),
        status => Answer::Refused(Why::Status(status)),
    }
}

/// By its status the server took it, whatever it says then.
fn read(response: &mut Response<Body>) -> Answer {
    let body = response.body_mut().with_config().limit(MOST_BYTES as u64).read_to_vec();
    match body.map(|body| ExportMetricsServiceResponse::decode(&body[..])) {
        Ok(Ok(response)) => accepted(&response),
        _ => UNREADABLE,
    }
}

/// How long the server wants to be left alone. A date is not read: clocks differ, and the backoff does as well.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Whether the request can have reached the server. Who is not sure says so.
fn fate(error: &ureq::Error) -> Answer {
    let never_sent = |why| Answer::Unavailable { after: None, why };
    match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => never_sent(Why::NoConnection),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            never_sent(Why::NoConnection)
        }
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => never_sent(Why::TimedOut),
        #[cfg(feature = "tls")]
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => never_sent(Why::NoConnection),
        ureq::Error::Timeout(_) => Answer::Unknown(Why::TimedOut),
        _ => Answer::Unknown(Why::Broken),
    }
}
