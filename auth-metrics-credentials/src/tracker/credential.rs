//! `Credential`: what you say of a credential when you declare it, and the checks of that. Reads no clock and knows no handle.

use std::fmt;
#[cfg(feature = "jwks")]
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{CredentialError, SlugError};
use crate::terms::CredentialKind;

/// Describes a credential that you want to track: its kind, its slug and its times.
/// [`declare`](super::CredentialTracker::declare) checks them.
///
/// The slug is a name from your code or configuration, such as `login` or `partner-a.mtls`. It must match `[a-z][a-z0-9_.-]*`
/// and have at most 64 bytes. It becomes a label, so a slug that looks like a key, a token or an address is
/// [refused](SlugError).
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics_credentials::CredentialKind;
/// use auth_metrics_credentials::Credential;
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
    /// Identifies the document that it was read from, if there is one.
    pub(super) digest: Option<u64>,
    /// The slug of the key set that it belongs to.
    #[cfg(feature = "jwks")]
    pub(super) set: Option<Arc<str>>,
}

/// Everything that a `Credential` says except its name.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Said {
    pub(super) not_before: Option<SystemTime>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) rotation_interval: Option<Duration>,
    pub(super) digest: Option<u64>,
}

impl Credential {
    /// Makes a credential without times: it never expires and is never due for rotation.
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

    /// Sets when it expires.
    #[must_use]
    pub fn with_not_after(self, at: SystemTime) -> Credential {
        Credential { not_after: Some(at), ..self }
    }

    /// Sets when it becomes valid. Before that it can't be [activated](super::TrackedCredential::activate).
    #[must_use]
    pub fn with_not_before(self, at: SystemTime) -> Credential {
        Credential { not_before: Some(at), ..self }
    }

    /// Sets how often it should be rotated. From its declaration on, the rotations of its kind are exported, starting at zero.
    #[must_use]
    pub fn with_rotation_interval(self, interval: Duration) -> Credential {
        Credential { rotation_interval: Some(interval), ..self }
    }

    /// Sets when it was last rotated. If it never was, give the time when it was made.
    #[must_use]
    pub fn with_last_rotated(self, at: SystemTime) -> Credential {
        Credential { last_rotated: Some(at), ..self }
    }

    /// Returns what it is for.
    pub fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// Returns its name.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Returns when it expires, if that is known.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// Returns when it becomes valid, if that is known.
    pub fn not_before(&self) -> Option<SystemTime> {
        self.not_before
    }

    /// Returns when it was last rotated, if that is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.last_rotated
    }

    /// Returns how often it should be rotated, if that is known.
    pub fn rotation_interval(&self) -> Option<Duration> {
        self.rotation_interval
    }

    /// Returns since when it is in use, as far as this says.
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

    /// Checks whether it can be declared at this time.
    pub(super) fn check(&self, now: SystemTime) -> Result<(), CredentialError> {
        self.check_but_its_end(now)?;
        check_not_after(self.kind, &self.slug, self.not_after, now)
    }

    /// Checks whether it could be declared at this time if it had not expired.
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

/// Returns how long it takes until something is valid.
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

/// Hides a slug that may be a secret.
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
