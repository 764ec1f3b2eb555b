//! `Grpc`: requests over gRPC, on a runtime of its own that lives as long as one request.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use prost::Message;
use tonic::metadata::{Ascii, MetadataKey, MetadataMap, MetadataValue};
use tonic::transport::Endpoint;
use tonic::{Code, Request, Status};

use super::answer::{Answer, Why};
use super::response::{UNREADABLE, accepted};
use super::sending::{MOST_BYTES, Transport};
use crate::error::Error;
use crate::setup::Options;

pub(super) struct Grpc {
    endpoint: Endpoint,
    metadata: MetadataMap,
}

impl Grpc {
    pub(super) fn new(options: &Options) -> Result<Grpc, Error> {
        let endpoint = Endpoint::from_shared(options.endpoint.origin()).map_err(|_| Error::Endpoint)?;
        #[cfg(feature = "tls")]
        let endpoint = if options.endpoint.is_tls() {
            let tls = tonic::transport::ClientTlsConfig::new().with_native_roots();
            endpoint.tls_config(tls).map_err(|_| Error::Certificates)?
        } else {
            endpoint
        };
        let agent = concat!("auth-metrics-otlp/", env!("CARGO_PKG_VERSION"));
        let endpoint = endpoint.user_agent(agent).map_err(|_| Error::Endpoint)?;
        let mut metadata = MetadataMap::new();
        for (index, (name, value)) in options.headers.iter().enumerate() {
            let key =
                MetadataKey::<Ascii>::from_bytes(name.as_bytes()).map_err(|_| Error::Header(index + 1))?;
            let mut value = MetadataValue::<Ascii>::try_from(value).map_err(|_| Error::Header(index + 1))?;
            value.set_sensitive(true);
            metadata.insert(key, value);
        }
        Ok(Grpc { endpoint, metadata })
    }

    /// A connection for each request: whatever is wrong with one is gone with it, and a name is looked up anew.
    async fn export(&self, request: &ExportMetricsServiceRequest, timeout: Duration) -> Answer {
        let endpoint = self.endpoint.clone().connect_timeout(timeout);
        let channel = match tokio::time::timeout(timeout, endpoint.connect()).await {
            Ok(Ok(channel)) => channel,
            Ok(Err(_)) => return Answer::Unavailable { after: None, why: Why::NoConnection },
            Err(_) => return Answer::Unavailable { after: None, why: Why::TimedOut },
        };
        let mut client = MetricsServiceClient::new(channel).max_decoding_message_size(MOST_BYTES);
        let mut request = Request::new(request.clone());
        *request.metadata_mut() = self.metadata.clone();
        request.set_timeout(timeout);
        match tokio::time::timeout(timeout, client.export(request)).await {
            Ok(Ok(response)) => accepted(response.get_ref()),
            Ok(Err(status)) => refused(&status),
            Err(_) => Answer::Unknown(Why::TimedOut),
        }
    }
}

impl Transport for Grpc {
    fn send(&mut self, request: &ExportMetricsServiceRequest, timeout: Duration) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else {
            return Answer::Unavailable { after: None, why: Why::NoConnection };
        };
        let answer = runtime.block_on(self.export(request, timeout));
        // A look-up of a name that hangs is not waited for.
        runtime.shutdown_background();
        answer
    }
}

/// By the table of the specification, and by whether the server can have taken the request.
fn refused(status: &Status) -> Answer {
    let why = Why::Code(status.code() as i32);
    let after = retry_after(status.details());
    match status.code() {
        Code::ResourceExhausted | Code::Unavailable if after.is_some() => Answer::Unavailable { after, why },
        // The client itself says so when a connection breaks.
        Code::Unavailable
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::DataLoss
        | Code::Unknown => Answer::Unknown(why),
        Code::Internal if is_of_the_client(status) => UNREADABLE,
        _ => Answer::Refused(why),
    }
}

/// Whether an answer that the server gave as good can't be read.
fn is_of_the_client(status: &Status) -> bool {
    status.message().starts_with("failed to decode Protobuf message")
}

/// `google.rpc.Status`, as far as it is read.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.RetryInfo`.
#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, Copy, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// How long the server wants to be left alone.
fn retry_after(details: &[u8]) -> Option<Duration> {
    let status = RpcStatus::decode(details).ok()?;
    let info = status.details.iter().find(|detail| detail.type_url.ends_with("/google.rpc.RetryInfo"))?;
    let delay = RetryInfo::decode(&info.value[..]).ok()?.retry_delay.unwrap_or_default();
    let nanos = u32::try_from(delay.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Some(Duration::new(u64::try_from(delay.seconds).ok()?, nanos))
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;

    use super::*;

    fn details(url: &str, delay: Option<Delay>) -> Vec<u8> {
        let value = RetryInfo { retry_delay: delay }.encode_to_vec();
        RpcStatus { details: vec![Any { type_url: url.to_owned(), value }] }.encode_to_vec()
    }

    #[test]
    fn delay_is_read_and_lies_are_none() {
        const URL: &str = "type.googleapis.com/google.rpc.RetryInfo";
        let read = |seconds, nanos| retry_after(&details(URL, Some(Delay { seconds, nanos })));
        assert_eq!(read(3, 500_000_000), Some(Duration::from_millis(3_500)));
        assert_eq!(read(i64::MAX, 0), Some(Duration::from_secs(i64::MAX.unsigned_abs())));
        assert_eq!(retry_after(&details(URL, None)), Some(Duration::ZERO));
        for lie in [read(-1, 0), read(0, -1), read(0, i32::MAX)] {
            assert_eq!(lie, None);
        }
        assert_eq!(retry_after(&details("type.googleapis.com/google.rpc.DebugInfo", None)), None);
        for garbage in [&b"\xff\xff"[..], b"", b"\x1a\x7f"] {
            assert_eq!(retry_after(garbage), None);
        }
    }

    #[test]
    fn answer_that_cannot_be_read_was_given_as_good() {
        let error = ExportMetricsServiceResponse::decode(&b"\xff\xff"[..]).unwrap_err();
        // So the codec hands it on.
        assert_eq!(refused(&Status::internal(error.to_string())), UNREADABLE);
        let internal = Status::internal("the server says so");
        assert_eq!(refused(&internal), Answer::Refused(Why::Code(Code::Internal as i32)));
    }
}
