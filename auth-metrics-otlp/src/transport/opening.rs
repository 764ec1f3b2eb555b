//! Which transport there is for a protocol.

use super::sending::Transport;
use crate::error::Error;
use crate::setup::{Options, Protocol};

/// The transport of the protocol.
pub(crate) fn open(options: &Options) -> Result<Box<dyn Transport>, Error> {
    match options.protocol {
        #[cfg(feature = "http")]
        Protocol::Http => Ok(Box::new(super::http::Http::new(options)?)),
        #[cfg(not(feature = "http"))]
        Protocol::Http => Err(Error::Feature("http")),
        #[cfg(feature = "grpc")]
        Protocol::Grpc => Ok(Box::new(super::grpc::Grpc::new(options)?)),
        #[cfg(not(feature = "grpc"))]
        Protocol::Grpc => Err(Error::Feature("grpc")),
    }
}
