//! `redis::RedisError`.

use std::io;

use ::redis::{ErrorKind, RedisError, ServerErrorKind, make_extension_error};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn kinds() -> Cases<ErrorKind> {
    cases!(ErrorKind {
        Parse => InternalError;
        AuthenticationFailed => ConfigurationError;
        UnexpectedReturnType => InternalError;
        InvalidClientConfig => ConfigurationError;
        Io => DependencyUnavailable;
        Client => InternalError;
        Extension => Unknown;
        MasterNameNotFoundBySentinel => DependencyUnavailable;
        NoValidReplicasFoundBySentinel => DependencyUnavailable;
        EmptySentinelList => ConfigurationError;
        ClusterConnectionNotFound => DependencyUnavailable;
        Server(ServerErrorKind::BusyLoading) => DependencyUnavailable;
        RESP3NotSupported => ConfigurationError;
    })
}

fn of_the_server() -> Cases<ServerErrorKind> {
    cases!(ServerErrorKind {
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
    })
}

fn others() -> Cases<RedisError> {
    let io = |kind| RedisError::from(io::Error::from(kind));
    let word = |code: &str| make_extension_error(code.to_owned(), None);
    vec![
        ("TimedOut", io(io::ErrorKind::TimedOut), Reason::Timeout),
        ("ConnectionRefused", io(io::ErrorKind::ConnectionRefused), Reason::DependencyUnavailable),
        ("NOAUTH", word("NOAUTH"), Reason::ConfigurationError),
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
    assert_complete(&variants(&["redis"], "errors/redis_error.rs", "ErrorKind"), &kinds(), &["Serialize"]);
    let source = variants(&["redis"], "errors/server_error.rs", "ServerErrorKind");
    assert_complete(&source, &of_the_server(), &[]);
    let of_the_server =
        of_the_server().into_iter().map(|(name, kind, reason)| (name, ErrorKind::Server(kind), reason));
    let errors = kinds().into_iter().chain(of_the_server);
    let errors = errors.map(|(name, kind, reason)| (name, RedisError::from((kind, "text")), reason));
    let all = errors.chain(others()).collect();
    assert_mapped(&all, reasons::redis, reasons::redis::REASONS, &[]);
}
