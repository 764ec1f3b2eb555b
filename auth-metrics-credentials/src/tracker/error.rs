//! `CredentialError`: why a credential was not declared or a step not taken. Never holds key material or a refused slug.

use std::fmt;
use std::time::Duration;

use super::{CredentialState, SlugError};
use crate::terms::{CredentialEvent, CredentialKind};

/// The most keys of one key set that are tracked, so that a foreign set leaves room for the keys of the service.
#[cfg(feature = "jwks")]
pub(super) const MOST_OF_SET: usize = 16;

/// Explains why a credential could not be read or declared, or why a step was not taken.
///
/// Nothing has changed then, with one exception: a credential that [`renew`](super::CredentialTracker::renew) finds expired
/// counts as expired.
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics_credentials::{Credential, CredentialTracker};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::CredentialKind;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
/// let key = Credential::new(CredentialKind::ApiKey, "partner-a").with_rotation_interval(Duration::ZERO);
/// let refused = tracker.declare(key).unwrap_err();
/// assert!(refused.to_string().starts_with("the rotation interval of api_key `partner-a` is zero"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// The slug was refused.
    Slug {
        /// The kind of the credential.
        kind: CredentialKind,
        /// What is wrong with the slug.
        error: SlugError,
    },
    /// A credential of this kind and slug is tracked already and has not ended.
    AlreadyDeclared {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The service tracks 64 credentials of this kind already, the most it can.
    TooMany {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The tracker has 16 keys of this key set already, the most it takes.
    #[cfg(feature = "jwks")]
    TooManyOfSet {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// The slug of the key set.
        set: String,
    },
    /// The credential has expired already.
    NotAfterPast {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// How long ago it expired.
        ago: Duration,
    },
    /// The credential is not valid yet, so it can't be in use.
    NotValidYet {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// How long it takes until it is valid.
        ahead: Duration,
    },
    /// The rotation interval is zero.
    ZeroInterval {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The last rotation is in the future.
    LastRotatedAhead {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// How far ahead.
        ahead: Duration,
    },
    /// The state of the credential does not allow this step.
    IllegalTransition {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
        /// The state that it is in.
        from: CredentialState,
        /// The step that was refused.
        step: CredentialEvent,
    },
    /// The credential is no longer tracked: it was forgotten, or a successor of the same kind and slug was declared.
    Forgotten {
        /// The kind of the credential.
        kind: CredentialKind,
        /// Its slug.
        slug: String,
    },
    /// The certificate can't be read.
    #[cfg(feature = "x509")]
    Certificate {
        /// The slug that the credential would have had.
        slug: String,
        /// Why it can't be read.
        error: super::CertificateError,
    },
    /// The key set can't be read.
    #[cfg(feature = "jwks")]
    KeySet {
        /// The slug of the key set.
        slug: String,
        /// Why it can't be read.
        error: super::KeySetError,
    },
}

impl fmt::Display for CredentialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialError::Slug { kind, error } => write!(
                out,
                "the slug of this {} {}; name what it is for, as `login` or `partner-a.mtls`: it becomes a label",
                kind.label(),
                error.predicate()
            ),
            CredentialError::AlreadyDeclared { kind, slug } => write!(
                out,
                "{} `{slug}` is declared already: take it with `get` and rotate it, or give this one another slug",
                kind.label()
            ),
            CredentialError::TooMany { kind, slug } => write!(
                out,
                "no place for {0} `{slug}`: a service has at most 64 of {0}; track the others for a service of their own",
                kind.label()
            ),
            #[cfg(feature = "jwks")]
            CredentialError::TooManyOfSet { kind, slug, set } => write!(
                out,
                "no place for {} `{slug}`: of the key set `{set}` at most {MOST_OF_SET} keys are tracked; fetch a smaller set, or \
                 declare the other keys that matter by hand",
                kind.label()
            ),
            CredentialError::NotAfterPast { kind, slug, ago } => write!(
                out,
                "{} `{slug}` expired {}s ago: give one that is still valid, or set the clock right",
                kind.label(),
                ago.as_secs()
            ),
            CredentialError::NotValidYet { kind, slug, ahead } => write!(
                out,
                "{} `{slug}` is not valid before {}s from now: put it into use then, or set the clock right",
                kind.label(),
                ahead.as_secs_f64().ceil()
            ),
            CredentialError::ZeroInterval { kind, slug } => write!(
                out,
                "the rotation interval of {} `{slug}` is zero: give a duration, or none if it is not rotated",
                kind.label()
            ),
            CredentialError::LastRotatedAhead { kind, slug, ahead } => write!(
                out,
                "{} `{slug}` was last rotated {}s in the future: give a time that has been, or set the clock right",
                kind.label(),
                ahead.as_secs()
            ),
            CredentialError::IllegalTransition { kind, slug, from, step } => write!(
                out,
                "{} `{slug}` is {from} and can't be {}: {}",
                kind.label(),
                step.label(),
                from.advice()
            ),
            CredentialError::Forgotten { kind, slug } => write!(
                out,
                "{} `{slug}` is no longer tracked by this handle: take its successor with `get`, or declare one",
                kind.label()
            ),
            #[cfg(feature = "x509")]
            CredentialError::Certificate { slug, error } => {
                write!(out, "the certificate of `{slug}`: {error}")
            }
            #[cfg(feature = "jwks")]
            CredentialError::KeySet { slug, error } => write!(out, "the key set of `{slug}`: {error}"),
        }
    }
}

impl std::error::Error for CredentialError {}
