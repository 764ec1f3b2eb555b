//! How a request reaches a server, and what came of it. Knows no metrics.

mod answer;
#[cfg(feature = "grpc")]
mod grpc;
#[cfg(feature = "http")]
mod http;
#[cfg(any(feature = "http", feature = "grpc"))]
mod response;

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;

pub(crate) use answer::Answer;
#[cfg(any(test, feature = "http", feature = "grpc"))]
pub(crate) use answer::Why;

use crate::error::Error;
use crate::setup::{Options, Protocol};

/// The most bytes of an answer that are read: an honest one has a few.
#[cfg(any(feature = "http", feature = "grpc"))]
const MOST_BYTES: usize = 64 * 1_024;

/// Sends requests.
pub(crate) trait Transport: Send {
    /// Sends a request, and waits for the answer until the time is over.
    fn send(&mut self, request: &ExportMetricsServiceRequest, timeout: Duration) -> Answer;
}

/// The transport of the protocol.
pub(crate) fn open(options: &Options) -> Result<Box<dyn Transport>, Error> {
    match options.protocol {
        #[cfg(feature = "http")]
        Protocol::Http => Ok(Box::new(http::Http::new(options)?)),
        #[cfg(not(feature = "http"))]
        Protocol::Http => Err(Error::Feature("http")),
        #[cfg(feature = "grpc")]
        Protocol::Grpc => Ok(Box::new(grpc::Grpc::new(options)?)),
        #[cfg(not(feature = "grpc"))]
        Protocol::Grpc => Err(Error::Feature("grpc")),
    }
}
