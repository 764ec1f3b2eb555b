//! `redis::RedisError`.

use std::io;

use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

macro_rules! version {
    ($name:ident, $version:tt, $krate:literal, $file:literal, $word:expr) => {
        mod $name {
            use super::*;
            use ::$name::{ErrorKind, RedisError};

            fn kinds() -> Cases<ErrorKind> {
                cases!($version; ErrorKind {
                    [0.32] ParseError => InternalError;
                    [1] Parse => InternalError;
                    AuthenticationFailed => ConfigurationError;
                    [0.32] TypeError => InternalError;
                    [1] UnexpectedReturnType => InternalError;
                    InvalidClientConfig => ConfigurationError;
                    [0.32] IoError => DependencyUnavailable;
                    [1] Io => DependencyUnavailable;
                    [0.32] ClientError => InternalError;
                    [1] Client => InternalError;
                    [0.32] ExtensionError => Unknown;
                    [1] Extension => Unknown;
                    MasterNameNotFoundBySentinel => DependencyUnavailable;
                    NoValidReplicasFoundBySentinel => DependencyUnavailable;
                    EmptySentinelList => ConfigurationError;
                    ClusterConnectionNotFound => DependencyUnavailable;
                    RESP3NotSupported => ConfigurationError;
                    [1] Server(::$name::ServerErrorKind::BusyLoading) => DependencyUnavailable;
                    [0.32] ResponseError => InternalError;
                    [0.32] ExecAbortError => InternalError;
                    [0.32] BusyLoadingError => DependencyUnavailable;
                    [0.32] NoScriptError => InternalError;
                    [0.32] Moved => DependencyUnavailable;
                    [0.32] Ask => DependencyUnavailable;
                    [0.32] TryAgain => DependencyUnavailable;
                    [0.32] ClusterDown => DependencyUnavailable;
                    [0.32] CrossSlot => InternalError;
                    [0.32] MasterDown => DependencyUnavailable;
                    [0.32] ReadOnly => DependencyUnavailable;
                    [0.32] NotBusy => InternalError;
                    [0.32] NoSub => InternalError;
                })
            }

            fn others() -> Cases<RedisError> {
                let io = |kind| RedisError::from(io::Error::from(kind));
                let word: fn(&str) -> RedisError = $word;
                vec![
                    ("TimedOut", io(io::ErrorKind::TimedOut), Reason::Timeout),
                    ("ConnectionRefused", io(io::ErrorKind::ConnectionRefused), Reason::DependencyUnavailable),
                    ("NOAUTH", word("NOAUTH"), Reason::ConfigurationError),
                    ("NOPERM", word("NOPERM"), Reason::ConfigurationError),
                    ("WRONGPASS", word("WRONGPASS"), Reason::ConfigurationError),
                    ("OOM", word("OOM"), Reason::Overloaded),
                    ("BUSY", word("BUSY"), Reason::Overloaded),
                    ("WRONGTYPE", word("WRONGTYPE"), Reason::InternalError),
                    ("another word", word("NEWWORD"), Reason::Unknown),
                ]
            }

            #[test]
            fn every_kind_has_its_reason() {
                // `Serialize` is there with a feature that the library does not turn on.
                assert_complete(&variants(&[$krate], $file, "ErrorKind"), &kinds(), &["Serialize"]);
                let errors = kinds().into_iter();
                let errors =
                    errors.map(|(name, kind, reason)| (name, RedisError::from((kind, "text")), reason));
                let all = errors.chain(others()).collect();
                assert_mapped(&all, reasons::$name, reasons::$name::REASONS, &[]);
            }
        }
    };
}

version!(redis029, 0.32, "redis029", "types.rs", answered);
version!(redis031, 0.32, "redis031", "types.rs", |code| ::redis031::make_extension_error(
    code.to_owned(),
    None
));
version!(redis032, 0.32, "redis032", "types.rs", |code| ::redis032::make_extension_error(
    code.to_owned(),
    None
));
version!(redis1, 1, "redis", "errors/redis_error.rs", |code| {
    ::redis1::make_extension_error(code.to_owned(), None)
});

/// The error of a server that answers with this word.
fn answered(code: &str) -> ::redis029::RedisError {
    let answer = ::redis029::parse_redis_value(format!("-{code} text\r\n").as_bytes()).unwrap();
    answer.extract_error().unwrap_err()
}

#[test]
fn every_kind_of_the_server_has_its_reason_in_1() {
    use ::redis1::{ErrorKind, RedisError, ServerErrorKind};

    let kinds: Cases<ServerErrorKind> = cases!(ServerErrorKind {
        ResponseError => InternalError;
        ExecAbort => InternalError;
        BusyLoading => DependencyUnavailable;
        NoScript => InternalError;
        Moved => DependencyUnavailable;
        Ask => DependencyUnavailable;
        TryAgain => DependencyUnavailable;
        ClusterDown => DependencyUnavailable;
        CrossSlot => InternalError;
        MasterDown => DependencyUnavailable;
        ReadOnly => DependencyUnavailable;
        NotBusy => InternalError;
        NoSub => InternalError;
        NoPerm => ConfigurationError;
    });
    assert_complete(&variants(&["redis"], "errors/server_error.rs", "ServerErrorKind"), &kinds, &[]);
    for (name, kind, reason) in kinds {
        assert_eq!(reasons::redis1(&RedisError::from((ErrorKind::Server(kind), "text"))), reason, "{name}");
    }
}
