//! What a tracker and its credentials share: the entries by kind and slug, the clock, and the handle that they are exported
//! into.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use auth_metrics::AuthMetrics;

use super::entry::Entry;
use crate::group::{CredentialGroup, CredentialTimes, unwinding_stops};
use crate::terms::{CredentialEvent, CredentialKind};

/// The longest lead time of an expiry, unless one is set.
const LONGEST_LEAD: Duration = Duration::from_secs(30 * 86_400);

pub(super) type TimeOfDay = Arc<dyn Fn() -> SystemTime + Send + Sync>;

type Entries = BTreeMap<(CredentialKind, Arc<str>), Arc<Entry>>;

/// Clones share the entries; each may have a clock and a lead time of its own.
#[derive(Clone)]
pub(super) struct Tracking {
    metrics: AuthMetrics,
    group: Arc<CredentialGroup>,
    service_id: Arc<str>,
    /// If none, the system's.
    time_of_day: Option<TimeOfDay>,
    /// How long before its end a credential is `expiring`. If none, its lifetime decides.
    lead_time: Option<Duration>,
    entries: Arc<Mutex<Entries>>,
}

impl Tracking {
    pub(super) fn new(metrics: &AuthMetrics, service_id: &str) -> Tracking {
        Tracking {
            metrics: metrics.clone(),
            group: CredentialGroup::of(metrics),
            service_id: service_id.into(),
            time_of_day: None,
            lead_time: None,
            entries: Arc::default(),
        }
    }

    pub(super) fn with_time_of_day(self, now: TimeOfDay) -> Tracking {
        Tracking { time_of_day: Some(now), ..self }
    }

    pub(super) fn with_lead_time(self, lead_time: Duration) -> Tracking {
        Tracking { lead_time: Some(lead_time), ..self }
    }

    pub(super) fn service_id(&self) -> &str {
        &self.service_id
    }

    /// Returns whether the service can export another credential of this kind and slug.
    pub(super) fn has_room_for(&self, kind: CredentialKind, slug: &str) -> bool {
        self.group.has_room_for(&self.metrics, &self.service_id, kind, slug)
    }

    /// Exports the counts of rotations of a kind at zero, if they are not exported yet.
    pub(super) fn expect_rotations(&self, kind: CredentialKind) {
        self.group.expect_rotations(&self.metrics, &self.service_id, kind);
    }

    /// Exports what is known of a credential.
    pub(super) fn export(&self, kind: CredentialKind, slug: &str, times: CredentialTimes) {
        self.group.set_credential(&self.metrics, &self.service_id, kind, (slug, times));
    }

    /// Exports nothing of a credential any longer.
    pub(super) fn forget(&self, kind: CredentialKind, slug: &str) {
        self.group.forget_credential(&self.metrics, &self.service_id, kind, slug);
    }

    pub(super) fn group(&self) -> &Arc<CredentialGroup> {
        &self.group
    }

    #[cfg(feature = "rotation")]
    pub(super) fn metrics(&self) -> &AuthMetrics {
        &self.metrics
    }

    pub(super) fn now(&self) -> SystemTime {
        let shown = self.time_of_day.as_ref().and_then(|now| unwinding_stops(|| now()));
        shown.unwrap_or_else(SystemTime::now)
    }

    /// Returns whether the time of day is not the system's.
    #[cfg(feature = "rotation")]
    pub(super) fn has_time_of_day(&self) -> bool {
        self.time_of_day.is_some()
    }

    /// Returns how long before its end a credential of this lifetime is `expiring`.
    pub(super) fn lead_time(&self, lifetime: Duration) -> Duration {
        self.lead_time.unwrap_or_else(|| LONGEST_LEAD.min(lifetime / 3))
    }

    pub(super) fn count(&self, kind: CredentialKind, slug: &str, event: CredentialEvent) {
        self.group.count_event(&self.metrics, &self.service_id, (kind, Some(slug)), event);
    }

    /// Locks the entries. Whoever holds them may lock a credential, never the other way round.
    pub(super) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
