//! The credential that is rotated: reads and updates it in its tracker, and counts what happens to it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::group::{CredentialGroup, InternalError};
use crate::terms::{CredentialEvent, CredentialKind, RotationOutcome};
use crate::tracker::{CredentialError, TrackedCredential};
use auth_metrics::AuthMetrics;

pub(super) struct Tracked(TrackedCredential);

/// Where its tries and the ends of its predecessors are counted.
pub(super) struct Counts {
    metrics: AuthMetrics,
    group: Arc<CredentialGroup>,
    service_id: String,
    kind: CredentialKind,
    slug: String,
}

impl Tracked {
    pub(super) fn new(credential: TrackedCredential) -> Tracked {
        Tracked(credential)
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            metrics: self.0.metrics().clone(),
            group: Arc::clone(self.0.group()),
            service_id: self.0.service_id().to_owned(),
            kind: self.0.kind(),
            slug: self.0.slug().to_owned(),
        }
    }

    /// What its lease is called.
    pub(super) fn name(&self) -> String {
        name_of(&self.0)
    }

    /// Whether it can have a successor: it was activated, and not retired, revoked or forgotten.
    pub(super) fn is_in_use(&self) -> bool {
        self.0.can_be_replaced()
    }

    /// Counts what the time alone does to it.
    pub(super) fn look(&self, now: SystemTime) {
        self.0.look_now(now);
    }

    /// Whether something says when it is to be rotated.
    pub(super) fn has_a_time(&self) -> bool {
        self.0.not_after().is_some() || self.0.rotation_interval().is_some()
    }

    pub(super) fn not_after(&self) -> Option<SystemTime> {
        self.0.not_after()
    }

    pub(super) fn last_rotated(&self) -> Option<SystemTime> {
        self.0.last_rotated()
    }

    pub(super) fn interval(&self) -> Option<Duration> {
        self.0.rotation_interval()
    }

    /// A successor of this replica's is in use.
    pub(super) fn rotated(
        &self,
        now: SystemTime,
        at: SystemTime,
        not_after: Option<SystemTime>,
    ) -> Result<(), CredentialError> {
        self.0.replace(now, at, not_after)
    }

    /// A successor is in use that another replica made.
    pub(super) fn followed(&self, at: SystemTime, not_after: Option<SystemTime>) {
        self.0.follow(at, not_after);
    }

    /// More is known of its times. It may still be the same one.
    pub(super) fn amended(&self, now: SystemTime, at: Option<SystemTime>, not_after: Option<SystemTime>) {
        self.0.amend(now, at, not_after);
    }

    pub(super) fn failed(&self) {
        // One that was retired or revoked meanwhile, or forgotten, has no failed rotations.
        if self.is_in_use() {
            drop(self.0.rotation_failed());
        }
    }

    pub(super) fn count_internal_error(&self, error: InternalError) {
        self.0.group().count_internal_error(error);
    }
}

/// What a credential is called in the log, and its lease.
pub(super) fn name_of(credential: &TrackedCredential) -> String {
    format!("{}/{}/{}", credential.service_id(), credential.kind().label(), credential.slug())
}

impl Counts {
    pub(super) fn rotation(&self, outcome: RotationOutcome, took: Duration) {
        self.group.count_rotation(&self.metrics, &self.service_id, self.kind, (outcome, took));
    }

    /// Its rotator did, and has ended.
    pub(super) fn panicked(&self) {
        self.group.count_internal_error(InternalError::RotatorPanicked);
    }

    pub(super) fn retired(&self) {
        let credential = (self.kind, Some(&*self.slug));
        self.group.count_event(&self.metrics, &self.service_id, credential, CredentialEvent::Retired);
    }
}
