//! What a rotator knows and says of a credential: with its own time of day, and for successors of one that has ended too.

use std::sync::Arc;
use std::time::SystemTime;

use super::credential::check_not_after;
use super::entry::Record;
use super::{CredentialError, CredentialState, TrackedCredential};
use crate::metrics::AuthMetrics;
use crate::taxonomy::CredentialEvent;

impl TrackedCredential {
    pub(crate) fn metrics(&self) -> &AuthMetrics {
        self.tracker.metrics()
    }

    pub(crate) fn service_id(&self) -> &str {
        self.tracker.service_id()
    }

    /// The clock that the tracker was given.
    pub(crate) fn clock(&self) -> Option<Arc<dyn Fn() -> SystemTime + Send + Sync>> {
        let tracker = self.tracker.clone();
        tracker.has_a_clock().then(|| Arc::new(move || tracker.now()) as Arc<_>)
    }

    /// Whether it can have a successor: it is in use, or was until its end.
    pub(crate) fn can_be_replaced(&self) -> bool {
        let record = self.entry.record();
        !record.is_forgotten && !matches!(record.state, CredentialState::Created | CredentialState::Retired)
    }

    /// Takes notice of the time, as its rotator sees it.
    pub(crate) fn look_now(&self, now: SystemTime) {
        self.look(now);
    }

    /// [`rotate`](TrackedCredential::rotate) at this time; one that has ended is active again with its successor.
    pub(crate) fn replace(
        &self,
        at: SystemTime,
        not_after: Option<SystemTime>,
    ) -> Result<(), CredentialError> {
        let mut record = self.look_at(at)?;
        if !record.state.has_ended() && record.state.after(CredentialEvent::Rotated).is_none() {
            return Err(self.refuse(record, CredentialEvent::Rotated));
        }
        check_not_after(self.kind(), self.slug(), not_after, at)?;
        self.succeed(&mut record, at, not_after);
        self.tracker.count(self.kind(), CredentialEvent::Rotated);
        self.watch(&mut record, at);
        Ok(())
    }

    /// It has a successor that another replica made, and counted.
    pub(crate) fn follow(&self, at: SystemTime, not_after: Option<SystemTime>) {
        let mut record = self.entry.record();
        if !record.is_forgotten && record.state != CredentialState::Retired {
            self.succeed(&mut record, at, not_after);
        }
    }

    fn succeed(&self, record: &mut Record, at: SystemTime, not_after: Option<SystemTime>) {
        record.state = CredentialState::Active;
        record.is_shown = true;
        record.succeed(not_after, at);
        self.export(record);
    }
}
