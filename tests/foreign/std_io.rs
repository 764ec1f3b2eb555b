//! `std::io::Error`. What kinds there are is the standard library's affair: new ones are `internal_error`.

use std::io::{Error, ErrorKind};

use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::assert_mapped;

const KINDS: &[(ErrorKind, Reason)] = &[
    (ErrorKind::TimedOut, Reason::Timeout),
    (ErrorKind::ConnectionRefused, Reason::DependencyUnavailable),
    (ErrorKind::ConnectionReset, Reason::DependencyUnavailable),
    (ErrorKind::ConnectionAborted, Reason::DependencyUnavailable),
    (ErrorKind::NotConnected, Reason::DependencyUnavailable),
    (ErrorKind::BrokenPipe, Reason::DependencyUnavailable),
    (ErrorKind::HostUnreachable, Reason::DependencyUnavailable),
    (ErrorKind::NetworkUnreachable, Reason::DependencyUnavailable),
    (ErrorKind::NetworkDown, Reason::DependencyUnavailable),
    (ErrorKind::UnexpectedEof, Reason::DependencyUnavailable),
    (ErrorKind::WouldBlock, Reason::DependencyUnavailable),
    (ErrorKind::PermissionDenied, Reason::ConfigurationError),
    (ErrorKind::NotFound, Reason::ConfigurationError),
    (ErrorKind::AddrInUse, Reason::ConfigurationError),
    (ErrorKind::AddrNotAvailable, Reason::ConfigurationError),
    (ErrorKind::OutOfMemory, Reason::Overloaded),
    (ErrorKind::StorageFull, Reason::Overloaded),
    (ErrorKind::QuotaExceeded, Reason::Overloaded),
    (ErrorKind::Interrupted, Reason::InternalError),
    (ErrorKind::InvalidData, Reason::InternalError),
    (ErrorKind::Other, Reason::InternalError),
];

#[test]
fn every_kind_has_its_reason() {
    let table = KINDS.iter().map(|&(kind, reason)| ("kind", Error::from(kind), reason)).collect();
    assert_mapped(&table, reasons::io, reasons::io::REASONS, &[]);
}
