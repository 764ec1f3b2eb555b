//! What is recorded by hand of credentials and keys.

use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;

use crate::group::CredentialGroup;
use crate::terms::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome};

/// Records of credentials and keys, as methods of a handle. The first record of a family for a service exports it with every
/// value of its label, at zero but for the one that came.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::{KeyState, RecordCredentials};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// metrics.record_token_key("gateway", KeyState::Previous);
/// assert!(metrics.encode_text().contains("auth_token_keys_total{service_id=\"gateway\",key_state=\"previous\"} 1\n"));
/// # Ok(()) }
/// ```
pub trait RecordCredentials {
    /// Counts a verification by the state of the key that the token names in the verifier's key set.
    fn record_token_key(&self, service_id: &str, state: KeyState);

    /// Counts a fetch of a key set; a successful one sets `auth_key_last_success_timestamp_seconds` to the system's time.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::{KeyFetch, RecordCredentials};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_key_fetch("gateway", KeyFetch::Success);
    /// assert!(metrics.snapshot().value("auth_key_last_success_timestamp_seconds", &[]) > Some(1.7e9));
    /// # Ok(()) }
    /// ```
    fn record_key_fetch(&self, service_id: &str, fetch: KeyFetch);

    /// Observes how much life is left in a credential that a client presents; zero for one that has expired.
    ///
    /// More than ten years add ten years to the sum: a credential that hardly ever expires does not drown the others.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::{CredentialKind, RecordCredentials};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_presented_credential("gateway", CredentialKind::Token, Duration::from_secs(240));
    /// let within = [("credential_kind", "token"), ("le", "300.0")];
    /// let snapshot = metrics.snapshot();
    /// assert_eq!(snapshot.value("auth_presented_credential_remaining_seconds_bucket", &within), Some(1.0));
    /// # Ok(()) }
    /// ```
    fn record_presented_credential(&self, service_id: &str, kind: CredentialKind, remaining: Duration);

    /// Counts what happened to a credential.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::{CredentialEvent, CredentialKind, RecordCredentials};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_credential_event("gateway", CredentialKind::Password, CredentialEvent::RehashNeeded);
    /// let labels = [("credential_kind", "password"), ("event", "rehash_needed")];
    /// assert_eq!(metrics.snapshot().value("auth_credential_events_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    fn record_credential_event(&self, service_id: &str, kind: CredentialKind, event: CredentialEvent);

    /// Counts a try to rotate a credential, and observes how long it took.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::{CredentialKind, RecordCredentials, RotationOutcome};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let took = Duration::from_millis(40);
    /// metrics.record_credential_rotation("gateway", CredentialKind::SigningKey, RotationOutcome::Success, took);
    /// let labels = [("credential_kind", "signing_key"), ("outcome", "success")];
    /// assert_eq!(metrics.snapshot().value("auth_credential_rotations_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    fn record_credential_rotation(
        &self,
        service_id: &str,
        kind: CredentialKind,
        outcome: RotationOutcome,
        duration: Duration,
    );
}

impl RecordCredentials for AuthMetrics {
    fn record_token_key(&self, service_id: &str, state: KeyState) {
        if let Some(group) = CredentialGroup::attached(self) {
            group.count_key(self, service_id, state);
        }
    }

    fn record_key_fetch(&self, service_id: &str, fetch: KeyFetch) {
        if let Some(group) = CredentialGroup::attached(self) {
            group.count_fetch(self, service_id, fetch, SystemTime::now);
        }
    }

    fn record_presented_credential(&self, service_id: &str, kind: CredentialKind, remaining: Duration) {
        if let Some(group) = CredentialGroup::attached(self) {
            group.observe_remaining(self, service_id, kind, remaining);
        }
    }

    fn record_credential_event(&self, service_id: &str, kind: CredentialKind, event: CredentialEvent) {
        if let Some(group) = CredentialGroup::attached(self) {
            group.count_event(self, service_id, (kind, None), event);
        }
    }

    fn record_credential_rotation(
        &self,
        service_id: &str,
        kind: CredentialKind,
        outcome: RotationOutcome,
        duration: Duration,
    ) {
        if let Some(group) = CredentialGroup::attached(self) {
            group.count_rotation(self, service_id, kind, (outcome, duration));
        }
    }
}
