//! `KeySetError`: why a key set can't be read. Shows nothing of its contents.

use std::fmt;

use super::CertificateError;

/// The most keys that a service tracks: 64 that sign and 64 that encrypt.
pub(super) const MOST_KEYS: usize = 128;

/// Explains why a key set can't be read. Shows nothing of its contents; keys are counted from 1.
///
/// ```
/// use auth_metrics_credentials::{Credential, CredentialError, KeySetError};
///
/// let refused = Credential::from_jwks("login", r#"{"keys":[{"kty":"oct","exp":"soon"}]}"#).unwrap_err();
/// let CredentialError::KeySet { error, .. } = refused else { panic!("{refused}") };
/// assert_eq!(error, KeySetError::NotATime { key: 1, member: "exp" });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// The document is not JSON.
    NotJson {
        /// The line of the first mistake.
        line: usize,
        /// The column of the first mistake.
        column: usize,
    },
    /// The document has no array `keys`.
    NoKeys,
    /// The array of keys is empty.
    Empty,
    /// The set has more than 128 keys. A service tracks at most 64 that sign and 64 that encrypt.
    TooManyKeys {
        /// How many keys the set has.
        keys: usize,
    },
    /// This key is not an object.
    NotAKey(usize),
    /// A time of this key is not a number of seconds since 1970.
    NotATime {
        /// Which key.
        key: usize,
        /// Which member of the key: `exp` or `nbf`.
        member: &'static str,
    },
    /// The member `x5c` of this key is not an array of strings.
    NotAChain(usize),
    /// A certificate in the `x5c` of this key can't be read.
    Certificate {
        /// Which key.
        key: usize,
        /// Why the certificate can't be read.
        error: CertificateError,
    },
}

impl fmt::Display for KeySetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySetError::NotJson { line, column } => {
                write!(out, "it is not JSON at line {line}, column {column}: was another page fetched?")
            }
            KeySetError::NoKeys => out.write_str("it has no array `keys`: give the whole JWKS document"),
            KeySetError::Empty => out.write_str("it has no keys: publish one before it is tracked"),
            KeySetError::TooManyKeys { keys } => write!(
                out,
                "it has {keys} keys, and a service can track at most {MOST_KEYS}: fetch a smaller set, or have keys that are \
                 out of use taken out of it"
            ),
            KeySetError::NotAKey(key) => write!(out, "key {key} is not an object"),
            KeySetError::NotATime { key, member } => {
                write!(out, "`{member}` of key {key} must be a number of seconds since 1970")
            }
            KeySetError::NotAChain(key) => {
                write!(out, "`x5c` of key {key} must be an array of certificates in base64")
            }
            KeySetError::Certificate { key, error } => write!(out, "`x5c` of key {key}: {error}"),
        }
    }
}

impl std::error::Error for KeySetError {}
