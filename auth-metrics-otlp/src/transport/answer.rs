//! `Answer`: what came of a request.

use std::fmt;
use std::time::Duration;

/// What came of a request, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "http", feature = "grpc")), allow(dead_code, reason = "there is no transport"))]
pub(crate) enum Answer {
    /// The server took it, but for some points.
    Accepted {
        /// How many points the server did not take.
        rejected: u64,
        /// Whether the answer could be read.
        is_readable: bool,
    },
    /// The server did not take it, and won't.
    Refused(Why),
    /// The server did not take it, and may later.
    Unavailable {
        /// How long it wants to be left alone.
        after: Option<Duration>,
        /// What happened.
        why: Why,
    },
    /// Nobody knows whether the server took it.
    Unknown(Why),
}

/// What happened, in words that name neither server nor request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "http", feature = "grpc")),
    allow(dead_code, reason = "each transport has its own")
)]
pub(crate) enum Why {
    /// No connection.
    NoConnection,
    /// The time was over.
    TimedOut,
    /// The connection broke, or the answer is none.
    Broken,
    /// The server wants the request to go elsewhere.
    Redirect,
    /// A status of HTTP.
    Status(u16),
    /// A status code of gRPC.
    Code(i32),
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::NoConnection => out.write_str("there is no connection to it"),
            Why::TimedOut => out.write_str("it did not answer in time"),
            Why::Broken => out.write_str("the connection broke or the answer can't be read"),
            Why::Redirect => out.write_str("it redirects, which is not followed"),
            Why::Status(status) => write!(out, "it answered with HTTP status {status}"),
            Why::Code(code) => write!(out, "it answered with gRPC status {code}"),
        }
    }
}
