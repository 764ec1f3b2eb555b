//! `redis::RedisError`.

use crate::reasons::{failure_reason, reasons_of};
use crate::terms::Reason;

macro_rules! version {
    ($name:ident, $shown:tt, $version:tt, $krate:ident) => {
        #[doc = concat!("The reason of an error of redis ", $shown, ": the server is a dependency, the commands and our credential are ours.")]
        ///
        /// | kind | reason |
        /// |---|---|
        /// | `Io` that timed out | `timeout` |
        /// | `Io`, `ClusterConnectionNotFound`, `MasterNameNotFoundBySentinel`, `NoValidReplicasFoundBySentinel` | `dependency_unavailable` |
        /// | `Server`: `BusyLoading`, `TryAgain`, `ClusterDown`, `MasterDown`, `ReadOnly`, `Moved`, `Ask` | `dependency_unavailable` |
        /// | `AuthenticationFailed`, `InvalidClientConfig`, `EmptySentinelList`, `RESP3NotSupported`, `Server`: `NoPerm` | `configuration_error` |
        /// | `Parse`, `UnexpectedReturnType`, `Client` | `internal_error` |
        /// | `Server`: `ResponseError`, `ExecAbort`, `NoScript`, `CrossSlot`, `NotBusy`, `NoSub` | `internal_error` |
        /// | `Extension`: `NOAUTH`, `NOPERM`, `WRONGPASS` | `configuration_error` |
        /// | `Extension`: `OOM`, `BUSY` | `overloaded` |
        /// | `Extension`: `WRONGTYPE` | `internal_error` |
        /// | any other, such as `Serialize` of its feature `json` | `unknown` |
        ///
        /// These are the names of 1. In 0.29, 0.31 and 0.32 those of `Server` stand beside the others, many end in `Error`, and
        /// `UnexpectedReturnType` is `TypeError`.
        ///
        /// ```
        /// use auth_metrics::{Reason, reasons};
        #[doc = concat!("# use ::", stringify!($krate), " as redis;")]
        /// use redis::{ErrorKind, RedisError};
        ///
        /// let error = RedisError::from((ErrorKind::AuthenticationFailed, "our password was refused"));
        #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&error), Reason::ConfigurationError);")]
        /// ```
        pub fn $name(error: &::$krate::RedisError) -> Reason {
            if error.is_timeout() {
                return Reason::Timeout;
            }
            rows! { $version, by_variant! { error.kind(), ::$krate::ErrorKind }, {
                [0.32] IoError => DependencyUnavailable;
                [1] Io => DependencyUnavailable;
                ClusterConnectionNotFound => DependencyUnavailable;
                MasterNameNotFoundBySentinel => DependencyUnavailable;
                NoValidReplicasFoundBySentinel => DependencyUnavailable;
                AuthenticationFailed => ConfigurationError;
                InvalidClientConfig => ConfigurationError;
                EmptySentinelList => ConfigurationError;
                RESP3NotSupported => ConfigurationError;
                [0.32] ParseError => InternalError;
                [1] Parse => InternalError;
                [0.32] TypeError => InternalError;
                [1] UnexpectedReturnType => InternalError;
                [0.32] ClientError => InternalError;
                [1] Client => InternalError;
                [0.32] ExtensionError => { by_code(error.code().unwrap_or_default()) };
                [1] Extension => { by_code(error.code().unwrap_or_default()) };
                [1] Server(kind) => { by_server(kind) };
                [0.32] BusyLoadingError => DependencyUnavailable;
                [0.32] TryAgain => DependencyUnavailable;
                [0.32] ClusterDown => DependencyUnavailable;
                [0.32] MasterDown => DependencyUnavailable;
                [0.32] ReadOnly => DependencyUnavailable;
                [0.32] Moved => DependencyUnavailable;
                [0.32] Ask => DependencyUnavailable;
                [0.32] ResponseError => InternalError;
                [0.32] ExecAbortError => InternalError;
                [0.32] NoScriptError => InternalError;
                [0.32] CrossSlot => InternalError;
                [0.32] NotBusy => InternalError;
                [0.32] NoSub => InternalError;
                _ => Unknown;
            } }
        }

        reasons_of!($name: Timeout, DependencyUnavailable, ConfigurationError, InternalError, Overloaded, Unknown);
        failure_reason!(::$krate::RedisError, $name);
    };
}

// The kinds are those of 0.32.
#[cfg(feature = "redis029")]
version!(redis029, 0.29, 0.32, redis029);
#[cfg(feature = "redis031")]
version!(redis031, 0.31, 0.32, redis031);
#[cfg(feature = "redis032")]
version!(redis032, 0.32, 0.32, redis032);
#[cfg(feature = "redis1")]
version!(redis1, 1, 1, redis);

#[cfg(feature = "redis1")]
fn by_server(kind: ::redis::ServerErrorKind) -> Reason {
    use ::redis::ServerErrorKind;

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
        "NOAUTH" | "NOPERM" | "WRONGPASS" => Reason::ConfigurationError,
        "OOM" | "BUSY" => Reason::Overloaded,
        "WRONGTYPE" => Reason::InternalError,
        _ => Reason::Unknown,
    }
}
