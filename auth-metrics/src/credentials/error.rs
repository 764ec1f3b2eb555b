//! What can be wrong with a credential, or with a step of its life.

use std::fmt;

use super::{CredentialState, SecretLook};
use crate::taxonomy::{CredentialEvent, CredentialKind};

/// Why a credential was not declared, or a step not taken. Nothing was exported then, and nothing lost. No message has
/// key material in it, nor a slug that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// The slug is not `[a-z][a-z0-9_.-]*` of at most 64 bytes, or is `other`.
    InvalidSlug,
    /// The slug looks like something that must not be exported.
    LooksLikeSecret(SecretLook),
    /// The tracker has a credential of this kind and slug.
    AlreadyDeclared {
        /// Its kind.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The tracker has as many credentials of this kind as are told apart.
    TooMany {
        /// Their kind.
        kind: CredentialKind,
        /// How many are told apart.
        most: usize,
    },
    /// The credential has expired already.
    NotAfterInPast {
        /// Its kind.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The credential was last rotated in the future.
    LastRotatedInFuture {
        /// Its kind.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The rotation interval is zero.
    ZeroRotationInterval {
        /// Its kind.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The credential can't take this step from where it stands.
    IllegalStep {
        /// Its kind.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// Where it stands.
        state: CredentialState,
        /// What was to happen.
        event: CredentialEvent,
    },
    /// The file has no `CERTIFICATE` block, or one that does not parse.
    #[cfg(feature = "x509")]
    Certificate {
        /// Which certificate of the file, counted from 1.
        position: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The document is no key set.
    #[cfg(feature = "jwks")]
    KeySet {
        /// Which key, counted from 1; none, if it is the whole document.
        position: Option<usize>,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl fmt::Display for CredentialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialError::InvalidSlug => out.write_str(
                "a credential's slug is lowercase letters, digits, `_`, `.` and `-`, begins with a letter, has at most 64 \
                 bytes, and is not `other`: name what the credential is for, such as `access_tokens`",
            ),
            CredentialError::LooksLikeSecret(look) => {
                let look = match look {
                    SecretLook::Pem => "a PEM block",
                    SecretLook::Jwt => "a JSON web token",
                    SecretLook::EmailAddress => "an e-mail address",
                    SecretLook::Token => "a key or a token",
                };
                write!(
                    out,
                    "the slug looks like {look}, and slugs are exported: name what the credential is for, such as \
                     `access_tokens`"
                )
            }
            CredentialError::AlreadyDeclared { kind, slug } => {
                write!(out, "the {} {slug} is declared already: use `get`, or another slug", kind.label())
            }
            CredentialError::TooMany { kind, most } => write!(
                out,
                "{most} credentials of the kind {} are declared, and no more are told apart: let several share a slug",
                kind.label()
            ),
            CredentialError::NotAfterInPast { kind, slug } => write!(
                out,
                "the {} {slug} has expired already: rotate it first, or check the clock and the unit of its time",
                kind.label()
            ),
            CredentialError::LastRotatedInFuture { kind, slug } => write!(
                out,
                "the {} {slug} was last rotated in the future: check the clock and the unit of its time",
                kind.label()
            ),
            CredentialError::ZeroRotationInterval { kind, slug } => write!(
                out,
                "the rotation interval of the {} {slug} is zero: leave it out, or say how often it is to be rotated",
                kind.label()
            ),
            CredentialError::IllegalStep { kind, slug, state, event } => {
                write!(out, "the {} {slug} is {}: it can't be {}", kind.label(), state.label(), event.label())
            }
            #[cfg(feature = "x509")]
            CredentialError::Certificate { position, problem } => {
                write!(out, "certificate {position} of the file {problem}")
            }
            #[cfg(feature = "jwks")]
            CredentialError::KeySet { position: Some(position), problem } => {
                write!(out, "key {position} of the key set {problem}")
            }
            #[cfg(feature = "jwks")]
            CredentialError::KeySet { position: None, problem } => write!(out, "the key set {problem}"),
        }
    }
}

impl std::error::Error for CredentialError {}
