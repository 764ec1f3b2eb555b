//! `Error`: why a push can't start. No text has a part of an endpoint, a header or a variable.

use std::fmt;
use std::io;

use auth_metrics::group::GroupError;

/// Why a push can't start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint is not `http://` or `https://` with a host, and perhaps a port and a path.
    Endpoint,
    /// The endpoint has a user or a password in it.
    CredentialsInEndpoint,
    /// The header of this number, counted from 1, has a name or a value that can't be sent, or is one that the protocol sets itself.
    Header(usize),
    /// An attribute of the resource has no name.
    Resource,
    /// The interval is zero.
    Interval,
    /// The timeout is zero.
    Timeout,
    /// The name of the push is not `[a-z][a-z0-9_]*` of at most 64 bytes.
    Name,
    /// Another push of the handle has the name.
    NameTaken,
    /// The handle has had pushes of 16 names.
    TooManyPushes,
    /// An environment variable has a value that can't be read.
    Variable(&'static str),
    /// The crate was built without this feature.
    Feature(&'static str),
    /// The system's certificates can't be read.
    Certificates,
    /// The handle has a family with the name of one of the push's.
    Families(GroupError),
    /// The system gave no thread.
    Thread(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Endpoint => out.write_str("the endpoint must be a URL such as http://localhost:4318"),
            Error::CredentialsInEndpoint => out.write_str(
                "the endpoint has a user or password in it: send it with `.header(\"authorization\", …)`",
            ),
            Error::Header(number) => write!(out, "header {number} has a name or value that can't be sent"),
            Error::Resource => out.write_str("an attribute of the resource needs a name"),
            Error::Interval => out.write_str("the interval between pushes must be longer than zero"),
            Error::Timeout => out.write_str("the timeout of a push must be longer than zero"),
            Error::Name => out.write_str("the name of a push must be a-z, digits and _, at most 64"),
            Error::NameTaken => {
                out.write_str("another push of the handle has the name: choose one with `.name(…)`")
            }
            Error::TooManyPushes => {
                out.write_str("the handle has had pushes of 16 names: use one of them again")
            }
            Error::Variable(name) => {
                write!(out, "the environment variable {name} has a value that can't be read")
            }
            Error::Feature(feature) => {
                write!(out, "auth-metrics-otlp was built without the feature `{feature}`: enable it")
            }
            Error::Certificates => out
                .write_str("the certificates that the system trusts can't be read: install ca-certificates"),
            Error::Families(error) => write!(out, "the families of the push can't be attached: {error}"),
            Error::Thread(error) => {
                write!(out, "the system gave no thread ({error}): raise the limit of threads")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Families(error) => Some(error),
            Error::Thread(error) => Some(error),
            _ => None,
        }
    }
}
