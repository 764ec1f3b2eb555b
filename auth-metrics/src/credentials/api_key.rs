//! API keys as they are stored.

use std::time::{Duration, SystemTime};

use super::Credential;
use crate::terms::CredentialKind;

/// What the store of an API key knows of its times.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics::credentials::{ApiKeyRecord, Credential};
///
/// let created = SystemTime::now();
/// let record = ApiKeyRecord { created, expires: Some(created + Duration::from_secs(3_600)), rotation_interval: None };
/// assert_eq!(Credential::from_api_key("partner-a", record).not_after(), record.expires);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// When it was made.
    pub created: SystemTime,
    /// When it expires, if it does.
    pub expires: Option<SystemTime>,
    /// How often it is to be replaced, if somebody has decided that.
    pub rotation_interval: Option<Duration>,
}

impl Credential {
    /// A [`CredentialKind::ApiKey`] that was last rotated when it was made.
    pub fn from_api_key(slug: impl Into<String>, record: ApiKeyRecord) -> Credential {
        Credential {
            not_after: record.expires,
            last_rotated: Some(record.created),
            rotation_interval: record.rotation_interval,
            ..Credential::new(CredentialKind::ApiKey, slug)
        }
    }
}
