//! `ldap3::LdapError` and `ldap3::LdapResult`.

use std::io::ErrorKind as IoKind;

use ::ldap3_012::LdapError;

use crate::reasons::failure_reason;
use crate::terms::Reason;

/// The reason of an error of ldap3 0.12: the directory is a dependency, and its result codes tell of the user.
///
/// | variant | reason |
/// |---|---|
/// | `LdapResult` | as [`ldap_result`](fn@ldap3_012::ldap_result) reads it |
/// | `Timeout`, `Io` that timed out | `timeout` |
/// | `FilterParsing` | `malformed_request` |
/// | `EmptyUnixPath`, `PortInUnixPath`, `MismatchedStreamType`, `UrlParsing`, `UnknownScheme`, `InvalidScopeString`, `UnrecognizedCriticalExtension` | `configuration_error` |
/// | `AddNoValues`, `AdapterInit`, `DecodingUTF8` | `internal_error` |
/// | `Io`, any other, such as those of its features for TLS | `dependency_unavailable` |
///
/// A filter that can't be parsed has something of the caller in it that was not escaped.
///
/// ```
/// use auth_metrics::{Reason, reasons};
/// # use ldap3_012 as ldap3;
///
/// assert_eq!(reasons::ldap3_012(&ldap3::LdapError::EndOfStream), Reason::DependencyUnavailable);
/// ```
pub fn ldap3_012(error: &LdapError) -> Reason {
    match error {
        LdapError::LdapResult { result } => ldap3_012::ldap_result(result),
        LdapError::Timeout { .. } => Reason::Timeout,
        LdapError::Io { source } if source.kind() == IoKind::TimedOut => Reason::Timeout,
        LdapError::FilterParsing => Reason::MalformedRequest,
        LdapError::EmptyUnixPath
        | LdapError::PortInUnixPath
        | LdapError::MismatchedStreamType
        | LdapError::UrlParsing { .. }
        | LdapError::UnknownScheme(_)
        | LdapError::InvalidScopeString(_)
        | LdapError::UnrecognizedCriticalExtension(_) => Reason::ConfigurationError,
        LdapError::AddNoValues | LdapError::AdapterInit(_) | LdapError::DecodingUTF8 => Reason::InternalError,
        _ => Reason::DependencyUnavailable,
    }
}

failure_reason!(LdapError, ldap3_012);

/// The result of an operation, and the reasons that [`ldap3_012`](fn@ldap3_012) can give.
pub mod ldap3_012 {
    use ::ldap3_012::LdapResult;

    use crate::reasons::failure_reason;
    use crate::terms::{Reason, ReasonSet};

    /// Every one of them.
    pub const REASONS: ReasonSet =
        ldap_result::REASONS.union(ReasonSet::of(&[Reason::ConfigurationError, Reason::InternalError]));

    /// The reason of a result code of LDAP that is no success.
    ///
    /// | code | reason |
    /// |---|---|
    /// | 49, `invalidCredentials` | by the code of Active Directory in its text, else `invalid_credentials` |
    /// | 32 | `unknown_subject` |
    /// | 50 | `permission_denied` |
    /// | 2, 7, 34, 48 | `malformed_request` |
    /// | 8, 13, 19, 53 | `policy_denied` |
    /// | 3, 11 | `timeout` |
    /// | 51 | `overloaded` |
    /// | 1, 52, 80 | `dependency_unavailable` |
    /// | 88 | `cancelled` |
    /// | any other | `unknown` |
    ///
    /// | Active Directory | reason |
    /// |---|---|
    /// | `data 525` | `unknown_subject` |
    /// | `data 530`, `data 531` | `policy_denied` |
    /// | `data 532`, `data 773` | `credential_expired` |
    /// | `data 533`, `data 701` | `account_disabled` |
    /// | `data 775` | `account_locked` |
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use ldap3_012 as ldap3;
    /// use ldap3::LdapResult;
    ///
    /// let text = "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data 775, v3839";
    /// let refused = LdapResult { rc: 49, matched: String::new(), text: text.to_owned(), refs: vec![], ctrls: vec![] };
    /// assert_eq!(reasons::ldap3_012::ldap_result(&refused), Reason::AccountLocked);
    /// ```
    pub fn ldap_result(result: &LdapResult) -> Reason {
        match result.rc {
            49 => by_active_directory(&result.text),
            32 => Reason::UnknownSubject,
            50 => Reason::PermissionDenied,
            2 | 7 | 34 | 48 => Reason::MalformedRequest,
            8 | 13 | 19 | 53 => Reason::PolicyDenied,
            3 | 11 => Reason::Timeout,
            51 => Reason::Overloaded,
            1 | 52 | 80 => Reason::DependencyUnavailable,
            88 => Reason::Cancelled,
            _ => Reason::Unknown,
        }
    }

    /// What stands after `data` is an error code of Windows in hexadecimal.
    fn by_active_directory(text: &str) -> Reason {
        let code = text.split_once(", data ").map(|(_, rest)| rest.split(',').next().unwrap_or_default());
        match code.map(str::trim) {
            Some("525") => Reason::UnknownSubject,
            Some("530" | "531") => Reason::PolicyDenied,
            Some("532" | "773") => Reason::CredentialExpired,
            Some("533" | "701") => Reason::AccountDisabled,
            Some("775") => Reason::AccountLocked,
            _ => Reason::InvalidCredentials,
        }
    }

    /// The reasons that [`ldap_result`](fn@ldap_result) can give.
    pub mod ldap_result {
        use crate::terms::{Reason, ReasonSet};

        /// Every one of them.
        pub const REASONS: ReasonSet = ReasonSet::of(&[
            Reason::InvalidCredentials,
            Reason::UnknownSubject,
            Reason::PolicyDenied,
            Reason::CredentialExpired,
            Reason::AccountDisabled,
            Reason::AccountLocked,
            Reason::PermissionDenied,
            Reason::MalformedRequest,
            Reason::Timeout,
            Reason::Overloaded,
            Reason::DependencyUnavailable,
            Reason::Cancelled,
            Reason::Unknown,
        ]);
    }

    failure_reason!(LdapResult, ldap_result);
}
