//! What is recorded by hand of credentials, keys and decisions.

use std::time::{Duration, SystemTime};

use super::CredentialTimes;
use crate::handle::{AuthMetrics, Bounded};
use crate::storage::Level;
use crate::terms::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome, ShadowDecision};

/// Credentials, keys and decisions. The first use of a family for a service exports it with every value of its label, at
/// zero but for the one that came.
impl AuthMetrics {
    /// Counts a verification by how the key that the token names stands in the verifier's key set.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, KeyState};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_token_key("gateway", KeyState::Previous);
    /// assert!(metrics.encode_text().contains("auth_token_keys_total{service_id=\"gateway\",key_state=\"previous\"} 1\n"));
    /// # Ok(()) }
    /// ```
    pub fn record_token_key(&self, service_id: &str, state: KeyState) {
        self.service(service_id).life().count_key(state);
    }

    /// Counts a fetch of a key set; a successful one sets `auth_key_last_success_timestamp_seconds` to the system's time.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, KeyFetch};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_key_fetch("gateway", KeyFetch::Success);
    /// assert!(metrics.snapshot().value("auth_key_last_success_timestamp_seconds", &[]) > Some(1.7e9));
    /// # Ok(()) }
    /// ```
    pub fn record_key_fetch(&self, service_id: &str, fetch: KeyFetch) {
        self.record_key_fetch_by(SystemTime::now, service_id, fetch);
    }

    /// The same by another clock, which is read after a success only.
    pub(crate) fn record_key_fetch_by(
        &self,
        now: impl FnOnce() -> SystemTime,
        service_id: &str,
        fetch: KeyFetch,
    ) {
        let life = self.service(service_id).life();
        life.count_fetch(fetch);
        if fetch == KeyFetch::Success {
            let now = now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            life.last_fetch.get_or_init(Level::absent).set(Some(now.as_secs_f64()));
        }
    }

    /// Observes how much life is left in a credential that a client presents; zero for one that has expired.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics::{AuthMetrics, CredentialKind};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_presented_credential("gateway", CredentialKind::Token, Duration::from_secs(240));
    /// let within = [("credential_kind", "token"), ("le", "300")];
    /// let snapshot = metrics.snapshot();
    /// assert_eq!(snapshot.value("auth_presented_credential_remaining_seconds_bucket", &within), Some(1.0));
    /// # Ok(()) }
    /// ```
    ///
    /// More than ten years add ten years to the sum: a credential that hardly ever expires does not drown the others.
    pub fn record_presented_credential(&self, service_id: &str, kind: CredentialKind, remaining: Duration) {
        self.service(service_id).life().kind(kind).observe_remaining(remaining);
    }

    /// Counts what happened to a credential.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, CredentialEvent, CredentialKind};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_credential_event("gateway", CredentialKind::Password, CredentialEvent::RehashNeeded);
    /// let labels = [("credential_kind", "password"), ("event", "rehash_needed")];
    /// assert_eq!(metrics.snapshot().value("auth_credential_events_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn record_credential_event(&self, service_id: &str, kind: CredentialKind, event: CredentialEvent) {
        self.service(service_id).life().kind(kind).count_event(event);
    }

    /// Counts a try to rotate a credential, and observes how long it took.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use auth_metrics::{AuthMetrics, CredentialKind, RotationOutcome};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let took = Duration::from_millis(40);
    /// metrics.record_credential_rotation("gateway", CredentialKind::SigningKey, RotationOutcome::Success, took);
    /// let labels = [("credential_kind", "signing_key"), ("outcome", "success")];
    /// assert_eq!(metrics.snapshot().value("auth_credential_rotations_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn record_credential_rotation(
        &self,
        service_id: &str,
        kind: CredentialKind,
        outcome: RotationOutcome,
        duration: Duration,
    ) {
        self.service(service_id).life().kind(kind).count_rotation(outcome, duration);
    }

    /// Counts a request that was let through because a policy could not be asked. The policy is a name from your code:
    /// `[a-z][a-z0-9_]*`, at most 64 bytes and 16 of them per service; any other becomes `other`.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_fail_open("gateway", "risk_engine");
    /// assert!(metrics.encode_text().contains("auth_fail_open_total{service_id=\"gateway\",policy=\"risk_engine\"} 1\n"));
    /// # Ok(()) }
    /// ```
    pub fn record_fail_open(&self, service_id: &str, policy: &'static str) {
        self.count_fail_open(service_id, policy, 1);
    }

    /// Exports the count of a policy at zero, so that the first request it lets through unasked is seen as a rise.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare_policy("gateway", "risk_engine");
    /// assert!(metrics.encode_text().contains("auth_fail_open_total{service_id=\"gateway\",policy=\"risk_engine\"} 0\n"));
    /// # Ok(()) }
    /// ```
    pub fn declare_policy(&self, service_id: &str, policy: &'static str) {
        self.count_fail_open(service_id, policy, 0);
    }

    /// [`record_fail_open`](AuthMetrics::record_fail_open) for the handle's own service: we let it through, because the policy
    /// could not be asked.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.fail_open("risk_engine");
    /// assert_eq!(metrics.snapshot().value("auth_fail_open_total", &[("policy", "risk_engine")]), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn fail_open(&self, policy: &'static str) {
        self.record_fail_open(self.service_id(), policy);
    }

    /// [`record_shadow_decision`](AuthMetrics::record_shadow_decision) for the handle's own service: the policy in force
    /// allowed or refused, and the observed one would have.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// let (allowed, would_allow) = (true, false);
    /// metrics.shadow_decision(allowed, would_allow);
    /// assert_eq!(metrics.snapshot().value("auth_shadow_decisions_total", &[("decision", "would_deny")]), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn shadow_decision(&self, allowed: bool, would_allow: bool) {
        self.record_shadow_decision(self.service_id(), ShadowDecision::between(allowed, would_allow));
    }

    fn count_fail_open(&self, service_id: &str, policy: &str, times: u64) {
        let folded = self.service(service_id).life().count_fail_open(policy, times);
        self.note(folded, Bounded::Policy);
    }

    /// Counts what a policy that is only observed would have decided.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, ShadowDecision};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let (allowed, would_allow) = (true, false);
    /// metrics.record_shadow_decision("gateway", ShadowDecision::between(allowed, would_allow));
    /// let labels = [("decision", "would_deny")];
    /// assert_eq!(metrics.snapshot().value("auth_shadow_decisions_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn record_shadow_decision(&self, service_id: &str, decision: ShadowDecision) {
        self.service(service_id).life().count_shadow_decision(decision);
    }

    /// Exports the counts of key fetches at zero, if they are not exported yet.
    pub(crate) fn expect_key_fetches(&self, service_id: &str) {
        self.service(service_id).life().expect_fetches();
    }

    /// Exports what is known of a credential; nothing is exported of it where nothing is known.
    pub(crate) fn set_credential(
        &self,
        service_id: &str,
        kind: CredentialKind,
        credential: &str,
        times: CredentialTimes,
    ) {
        let folded = self.service(service_id).life().kind(kind).set(credential, times);
        self.note(folded, Bounded::Credential);
    }

    /// Exports nothing of a credential any longer; its place is free.
    pub(crate) fn forget_credential(&self, service_id: &str, kind: CredentialKind, credential: &str) {
        self.service(service_id).life().kind(kind).forget(credential);
    }

    /// Exports the counts of rotations of a kind at zero, if they are not exported yet.
    pub(crate) fn expect_rotations(&self, service_id: &str, kind: CredentialKind) {
        self.service(service_id).life().kind(kind).expect_rotations();
    }

    /// Whether a credential would have times of its own, and not share those of `other`.
    pub(crate) fn has_room_for(&self, service_id: &str, kind: CredentialKind, credential: &str) -> bool {
        self.service(service_id).life().kind(kind).has_room(credential)
    }
}
