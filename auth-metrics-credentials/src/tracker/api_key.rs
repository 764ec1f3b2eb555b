//! Makes a credential of the record that a store keeps of an API key. Never sees the key.

use std::time::{Duration, SystemTime};

use super::Credential;
use crate::terms::CredentialKind;

/// The times that a store keeps with an API key.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics_credentials::{ApiKeyRecord, Credential};
///
/// let created = SystemTime::now();
/// let record = ApiKeyRecord { created, expires: Some(created + Duration::from_secs(3_600)), rotation_interval: None };
/// assert_eq!(Credential::from_api_key("partner-a", record).not_after(), record.expires);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "users write it as a literal, from a row of their store")]
pub struct ApiKeyRecord {
    /// When the key was made.
    pub created: SystemTime,
    /// When the key expires, if it does.
    pub expires: Option<SystemTime>,
    /// How often the key should be replaced, if you have decided that.
    pub rotation_interval: Option<Duration>,
}

impl Credential {
    /// Makes a [`CredentialKind::ApiKey`] from its record. Its time of creation counts as its last rotation.
    pub fn from_api_key(slug: impl Into<String>, record: ApiKeyRecord) -> Credential {
        Credential {
            not_after: record.expires,
            last_rotated: Some(record.created),
            rotation_interval: record.rotation_interval,
            ..Credential::new(CredentialKind::ApiKey, slug)
        }
    }
}
