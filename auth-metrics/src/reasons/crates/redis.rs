//! `redis::RedisError`.

use ::redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::reasons::{failure_reason, reasons_of};
use crate::taxonomy::Reason;

/// The reason of an error of redis 1: the server is a dependency, the commands and our credential are ours.
///
/// | kind | reason |
/// |---|---|
/// | `Io` that timed out | `timeout` |
/// | `Io`, `ClusterConnectionNotFound`, `MasterNameNotFoundBySentinel`, `NoValidReplicasFoundBySentinel` | `dependency_unavailable` |
/// | `Server`: `BusyLoading`, `TryAgain`, `ClusterDown`, `MasterDown`, `ReadOnly`, `Moved`, `Ask` | `dependency_unavailable` |
/// | `AuthenticationFailed`, `InvalidClientConfig`, `EmptySentinelList`, `RESP3NotSupported`, `Server`: `NoPerm` | `configuration_error` |
/// | `Parse`, `UnexpectedReturnType`, `Client` | `internal_error` |
/// | `Server`: `ResponseError`, `ExecAbort`, `NoScript`, `CrossSlot`, `NotBusy`, `NoSub` | `internal_error` |
/// | `Extension`: `NOAUTH`, `WRONGPASS` | `configuration_error` |
/// | `Extension`: `OOM`, `BUSY` | `overloaded` |
/// | `Extension`: `WRONGTYPE` | `internal_error` |
/// | any other, such as `Serialize` of its feature `json` | `unknown` |
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// use redis::{ErrorKind, RedisError};
///
/// let error = RedisError::from((ErrorKind::AuthenticationFailed, "our password was refused"));
/// assert_eq!(reasons::redis(&error), Reason::ConfigurationError);
/// ```
pub fn redis(error: &RedisError) -> Reason {
    if error.is_timeout() {
        return Reason::Timeout;
    }
    match error.kind() {
        ErrorKind::Io
        | ErrorKind::ClusterConnectionNotFound
        | ErrorKind::MasterNameNotFoundBySentinel
        | ErrorKind::NoValidReplicasFoundBySentinel => Reason::DependencyUnavailable,
        ErrorKind::AuthenticationFailed
        | ErrorKind::InvalidClientConfig
        | ErrorKind::EmptySentinelList
        | ErrorKind::RESP3NotSupported => Reason::ConfigurationError,
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType | ErrorKind::Client => Reason::InternalError,
        ErrorKind::Server(kind) => by_server(kind),
        ErrorKind::Extension => by_code(error.code().unwrap_or_default()),
        _ => Reason::Unknown,
    }
}

fn by_server(kind: ServerErrorKind) -> Reason {
    match kind {
        ServerErrorKind::BusyLoading
        | ServerErrorKind::TryAgain
        | ServerErrorKind::ClusterDown
        | ServerErrorKind::MasterDown
        | ServerErrorKind::ReadOnly
        | ServerErrorKind::Moved
        | ServerErrorKind::Ask => Reason::DependencyUnavailable,
        ServerErrorKind::NoPerm => Reason::ConfigurationError,
        ServerErrorKind::ResponseError
        | ServerErrorKind::ExecAbort
        | ServerErrorKind::NoScript
        | ServerErrorKind::CrossSlot
        | ServerErrorKind::NotBusy
        | ServerErrorKind::NoSub => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

/// What the server says in a word that the crate has no kind for.
fn by_code(code: &str) -> Reason {
    match code {
        "NOAUTH" | "WRONGPASS" => Reason::ConfigurationError,
        "OOM" | "BUSY" => Reason::Overloaded,
        "WRONGTYPE" => Reason::InternalError,
        _ => Reason::Unknown,
    }
}

reasons_of!(redis: Timeout, DependencyUnavailable, ConfigurationError, InternalError, Overloaded, Unknown);
failure_reason!(RedisError, redis);
