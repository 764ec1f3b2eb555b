//! What a rotator knows and says of a credential: with its own time of day, and for successors of one that has ended too.

use std::sync::Arc;
use std::time::SystemTime;

use super::credential::check_not_after;
use super::entry::Record;
use super::{CredentialError, CredentialState, TrackedCredential};
use crate::handle::AuthMetrics;
use crate::terms::CredentialEvent;

impl TrackedCredential {
    pub(crate) fn metrics(&self) -> &AuthMetrics {
        self.tracker.metrics()
    }

    pub(crate) fn service_id(&self) -> &str {
        self.tracker.service_id()
    }

    /// The time of day that the tracker was given.
    pub(crate) fn time_of_day(&self) -> Option<Arc<dyn Fn() -> SystemTime + Send + Sync>> {
        let tracker = self.tracker.clone();
        tracker.has_time_of_day().then(|| Arc::new(move || tracker.now()) as Arc<_>)
    }

    /// Whether a rotator may give it a successor.
    pub(crate) fn can_be_replaced(&self) -> bool {
        let record = self.entry.record();
        !record.is_forgotten && record.state.can_be_replaced()
    }

    /// Takes notice of the time, as its rotator sees it.
    pub(crate) fn look_now(&self, now: SystemTime) {
        self.look(now);
    }

    /// [`rotate`](TrackedCredential::rotate) by its rotator: one that has expired or is compromised is active again with its
    /// successor. The last rotation is what it is told, even if the clock was set back: a time in the future would hide
    /// for as long that nothing is rotated.
    pub(crate) fn replace(
        &self,
        now: SystemTime,
        at: SystemTime,
        not_after: Option<SystemTime>,
    ) -> Result<(), CredentialError> {
        let mut record = self.look_at(now)?;
        if !record.state.can_be_replaced() {
            return Err(self.refuse(record, CredentialEvent::Rotated));
        }
        check_not_after(self.kind(), self.slug(), not_after, now)?;
        self.succeed(&mut record, at, not_after);
        self.tracker.count(self.kind(), CredentialEvent::Rotated);
        self.watch(&mut record, now);
        Ok(())
    }

    /// It has a successor that another replica made, and counted.
    pub(crate) fn follow(&self, at: SystemTime, not_after: Option<SystemTime>) {
        let mut record = self.entry.record();
        if !record.is_forgotten && record.state.can_be_replaced() {
            self.succeed(&mut record, at, not_after);
        }
    }

    /// Its times are others, and nobody says that it has a successor. One that had expired is active if it has not by these.
    pub(crate) fn amend(&self, now: SystemTime, at: Option<SystemTime>, not_after: Option<SystemTime>) {
        let mut record = self.entry.record();
        if record.is_forgotten || !record.state.can_be_replaced() {
            return;
        }
        if record.state == CredentialState::Expired && not_after.is_none_or(|end| end > now) {
            record.state = CredentialState::Active;
        }
        record.amend(at, not_after);
        self.export(&record);
    }

    fn succeed(&self, record: &mut Record, at: SystemTime, not_after: Option<SystemTime>) {
        record.state = CredentialState::Active;
        record.is_shown = true;
        record.amend(Some(at), not_after);
        self.export(record);
    }
}
