//! `ListenError`: why a listener can't be started.

use std::fmt;
use std::net::SocketAddr;

/// Why a [`Listener`](super::Listener) can't be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum ListenError {
    /// The address is in use, or does not belong to this machine.
    Bind {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The bearer token is empty, or has a character that a header can't carry.
    InvalidBearerToken,
    /// An allowed host is neither a name nor an IP address.
    InvalidHost(String),
}

impl fmt::Display for ListenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListenError::Bind { address, source } => {
                write!(
                    out,
                    "can't listen on {address}: {source}; choose another address, or port 0 for a free one"
                )
            }
            ListenError::InvalidBearerToken => out
                .write_str("the bearer token must have at least one character, and only visible ASCII characters without spaces"),
            ListenError::InvalidHost(host) => write!(
                out,
                "the host {host:?} must be a name such as `metrics.internal` or an IP address: leave out scheme, port and path, \
                 name each host instead of a wildcard, and write international names as `xn--…`"
            ),
        }
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ListenError::Bind { source, .. } => Some(source),
            ListenError::InvalidBearerToken | ListenError::InvalidHost(_) => None,
        }
    }
}
