//! How a request reaches a server, and what came of it. Knows no metrics.

mod answer;
#[cfg(feature = "grpc")]
mod grpc;
#[cfg(feature = "http")]
mod http;
mod opening;
#[cfg(any(feature = "http", feature = "grpc"))]
mod response;
mod sending;

pub(crate) use answer::Answer;
#[cfg(test)]
pub(crate) use answer::Why;
pub(crate) use opening::open;
pub(crate) use sending::Transport;
