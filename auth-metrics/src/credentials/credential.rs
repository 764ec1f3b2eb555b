//! What is told of a credential when it is declared.

use std::fmt;
#[cfg(feature = "jwks")]
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{CredentialError, SlugError};
use crate::terms::CredentialKind;

/// A credential to [declare](super::CredentialTracker::declare): its kind, its slug and its times. Nothing is checked before
/// that.
///
/// The slug is a name from your code or configuration, `[a-z][a-z0-9_.-]*` of at most 64 bytes, such as `login` or
/// `partner-a.mtls`. It becomes a label: what looks like a key, a token or an address is [refused](SlugError).
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics::CredentialKind;
/// use auth_metrics::credentials::Credential;
///
/// let year = Duration::from_secs(365 * 86_400);
/// let issued = SystemTime::now();
/// let key = Credential::new(CredentialKind::EncryptionKey, "cookies")
///     .with_not_after(issued + year)
///     .with_last_rotated(issued)
///     .with_rotation_interval(year / 4);
/// assert_eq!((key.not_after(), key.last_rotated()), (Some(issued + year), Some(issued)));
/// assert_eq!(key.rotation_interval(), Some(year / 4));
/// ```
#[derive(Clone)]
pub struct Credential {
    pub(super) kind: CredentialKind,
    pub(super) slug: String,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) rotation_interval: Option<Duration>,
    pub(super) not_before: Option<SystemTime>,
    /// What tells its document from any other, where it has one.
    pub(super) digest: Option<u64>,
    /// The slug of the key set that it is in.
    #[cfg(feature = "jwks")]
    pub(super) set: Option<Arc<str>>,
}

/// All that a credential says but for its name.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Said {
    pub(super) not_before: Option<SystemTime>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) rotation_interval: Option<Duration>,
    pub(super) digest: Option<u64>,
}

impl Credential {
    /// A credential that never expires, as far as this says.
    pub fn new(kind: CredentialKind, slug: impl Into<String>) -> Credential {
        Credential {
            kind,
            slug: slug.into(),
            not_after: None,
            last_rotated: None,
            rotation_interval: None,
            not_before: None,
            digest: None,
            #[cfg(feature = "jwks")]
            set: None,
        }
    }

    /// When it expires.
    #[must_use]
    pub fn with_not_after(self, at: SystemTime) -> Credential {
        Credential { not_after: Some(at), ..self }
    }

    /// When it starts to be valid. Before that it can't be [activated](super::TrackedCredential::activate).
    #[must_use]
    pub fn with_not_before(self, at: SystemTime) -> Credential {
        Credential { not_before: Some(at), ..self }
    }

    /// How often it is to be rotated. Exports the counts of rotations of its kind at zero.
    #[must_use]
    pub fn with_rotation_interval(self, interval: Duration) -> Credential {
        Credential { rotation_interval: Some(interval), ..self }
    }

    /// When it was last rotated, or made if it never was.
    #[must_use]
    pub fn with_last_rotated(self, at: SystemTime) -> Credential {
        Credential { last_rotated: Some(at), ..self }
    }

    /// What it is for.
    pub fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// Its name.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// When it expires, if that is known.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// When it starts to be valid, if that is known.
    pub fn not_before(&self) -> Option<SystemTime> {
        self.not_before
    }

    /// Returns when it was last rotated, if that is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.last_rotated
    }

    /// Returns how often it is to be rotated, if somebody decided that.
    pub fn rotation_interval(&self) -> Option<Duration> {
        self.rotation_interval
    }

    /// Since when it is the one in use, as far as this says.
    pub(super) fn since(&self) -> Option<SystemTime> {
        self.not_before.or(self.last_rotated)
    }

    pub(super) fn said(&self) -> Said {
        Said {
            not_before: self.not_before,
            not_after: self.not_after,
            last_rotated: self.last_rotated,
            rotation_interval: self.rotation_interval,
            digest: self.digest,
        }
    }

    /// Whether it can be declared at this time.
    pub(super) fn check(&self, now: SystemTime) -> Result<(), CredentialError> {
        self.check_but_its_end(now)?;
        check_not_after(self.kind, &self.slug, self.not_after, now)
    }

    /// Whether it could be declared at this time if it had not expired.
    pub(super) fn check_but_its_end(&self, now: SystemTime) -> Result<(), CredentialError> {
        let (kind, slug) = (self.kind, || self.slug.clone());
        SlugError::check(&self.slug).map_err(|error| CredentialError::Slug { kind, error })?;
        if self.rotation_interval == Some(Duration::ZERO) {
            return Err(CredentialError::ZeroInterval { kind, slug: slug() });
        }
        match ahead(self.last_rotated, now) {
            Some(ahead) => Err(CredentialError::LastRotatedAhead { kind, slug: slug(), ahead }),
            None => Ok(()),
        }
    }
}

/// How long something is not valid yet.
pub(super) fn ahead(not_before: Option<SystemTime>, now: SystemTime) -> Option<Duration> {
    not_before?.duration_since(now).ok().filter(|ahead| !ahead.is_zero())
}

pub(super) fn check_not_before(
    kind: CredentialKind,
    slug: &str,
    not_before: Option<SystemTime>,
    now: SystemTime,
) -> Result<(), CredentialError> {
    match ahead(not_before, now) {
        Some(ahead) => Err(CredentialError::NotValidYet { kind, slug: slug.to_owned(), ahead }),
        None => Ok(()),
    }
}

pub(super) fn check_not_after(
    kind: CredentialKind,
    slug: &str,
    not_after: Option<SystemTime>,
    now: SystemTime,
) -> Result<(), CredentialError> {
    match not_after.and_then(|at| now.duration_since(at).ok()) {
        Some(ago) => Err(CredentialError::NotAfterPast { kind, slug: slug.to_owned(), ago }),
        None => Ok(()),
    }
}

/// A slug that may be a secret is not shown.
impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slug = if SlugError::check(&self.slug).is_ok() { &self.slug } else { "(refused)" };
        out.debug_struct("Credential")
            .field("kind", &self.kind)
            .field("slug", &slug)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("last_rotated", &self.last_rotated)
            .field("rotation_interval", &self.rotation_interval)
            .finish_non_exhaustive()
    }
}
