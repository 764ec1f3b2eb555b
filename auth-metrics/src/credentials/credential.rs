//! `Credential`: what is declared of a credential, before it is tracked.

use std::time::{Duration, SystemTime};

use super::{CredentialError, slug};
use crate::taxonomy::CredentialKind;

/// What is known of a credential; [`CredentialTracker::declare`](super::CredentialTracker::declare) checks it.
///
/// The slug names what the credential is for: `[a-z][a-z0-9_.-]*`, at most 64 bytes. It is a label value, so it must not be
/// the credential, a key id, or anybody's name.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics::CredentialKind;
/// use auth_metrics::credentials::Credential;
///
/// let year = Duration::from_secs(365 * 86_400);
/// let certificate = Credential::new(CredentialKind::Certificate, "gateway.mtls").not_after(SystemTime::now() + year);
/// # let _ = certificate;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a credential is exported once a tracker has it"]
pub struct Credential {
    pub(super) kind: CredentialKind,
    pub(super) slug: String,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) rotation_interval: Option<Duration>,
}

impl Credential {
    /// A credential of which only the kind and the slug are known.
    pub fn new(kind: CredentialKind, slug: impl Into<String>) -> Credential {
        Credential { kind, slug: slug.into(), not_after: None, last_rotated: None, rotation_interval: None }
    }

    /// When it expires.
    pub fn not_after(mut self, not_after: SystemTime) -> Credential {
        self.not_after = Some(not_after);
        self
    }

    /// When it was last rotated, or made if it never was.
    pub fn last_rotated(mut self, last_rotated: SystemTime) -> Credential {
        self.last_rotated = Some(last_rotated);
        self
    }

    /// How often it is to be rotated.
    pub fn rotation_interval(mut self, interval: Duration) -> Credential {
        self.rotation_interval = Some(interval);
        self
    }

    /// Whether it can be tracked from `now` on.
    pub(super) fn check(&self, now: SystemTime) -> Result<(), CredentialError> {
        slug::check(&self.slug)?;
        let (kind, slug) = (self.kind, self.slug.clone());
        if self.not_after.is_some_and(|not_after| not_after <= now) {
            return Err(CredentialError::NotAfterInPast { kind, slug });
        }
        if self.last_rotated.is_some_and(|last| last > now) {
            return Err(CredentialError::LastRotatedInFuture { kind, slug });
        }
        if self.rotation_interval.is_some_and(|interval| interval.is_zero()) {
            return Err(CredentialError::ZeroRotationInterval { kind, slug });
        }
        Ok(())
    }
}

/// An API key as a store keeps it, without the key.
///
/// ```
/// use std::time::SystemTime;
///
/// use auth_metrics::credentials::{ApiKeyRecord, Credential};
///
/// let record = ApiKeyRecord { slug: "billing".to_owned(), created_at: SystemTime::now(), expires_at: None };
/// let credential = Credential::from(record);
/// # let _ = credential;
/// ```
#[derive(Clone, Debug)]
pub struct ApiKeyRecord {
    /// What the key is for.
    pub slug: String,
    /// When it was made, or last replaced.
    pub created_at: SystemTime,
    /// When it expires, if it does.
    pub expires_at: Option<SystemTime>,
}

impl From<ApiKeyRecord> for Credential {
    fn from(record: ApiKeyRecord) -> Credential {
        let not_after = record.expires_at;
        Credential { not_after, ..Credential::new(CredentialKind::ApiKey, record.slug) }
            .last_rotated(record.created_at)
    }
}
