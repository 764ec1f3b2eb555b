//! `std::io::Error`.

use std::io::ErrorKind;

use super::{failure_reason, reasons_of};
use crate::terms::Reason;

/// The reason of an I/O error: the network and its peers are a dependency, files and permissions are configuration.
///
/// | kind | reason |
/// |---|---|
/// | `TimedOut` | `timeout` |
/// | `ConnectionRefused`, `ConnectionReset`, `ConnectionAborted`, `NotConnected`, `BrokenPipe`, `HostUnreachable`, `NetworkUnreachable`, `NetworkDown`, `UnexpectedEof`, `WouldBlock` | `dependency_unavailable` |
/// | `PermissionDenied`, `NotFound`, `AddrInUse`, `AddrNotAvailable` | `configuration_error` |
/// | `OutOfMemory`, `StorageFull`, `QuotaExceeded` | `overloaded` |
/// | any other | `internal_error` |
///
/// ```
/// use auth_metrics::{Reason, reasons};
///
/// let error = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// assert_eq!(reasons::io(&error), Reason::DependencyUnavailable);
/// ```
pub fn io(error: &std::io::Error) -> Reason {
    match error.kind() {
        ErrorKind::TimedOut => Reason::Timeout,
        ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::UnexpectedEof
        | ErrorKind::WouldBlock => Reason::DependencyUnavailable,
        ErrorKind::PermissionDenied
        | ErrorKind::NotFound
        | ErrorKind::AddrInUse
        | ErrorKind::AddrNotAvailable => Reason::ConfigurationError,
        ErrorKind::OutOfMemory | ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Reason::Overloaded,
        _ => Reason::InternalError,
    }
}

reasons_of!(io: Timeout, DependencyUnavailable, ConfigurationError, Overloaded, InternalError);
failure_reason!(std::io::Error, io);
