//! The steps that a rotator takes with a credential: by the rotator's time of day, and also after the credential has ended.

use std::sync::Arc;
use std::time::SystemTime;

use super::credential::check_not_after;
use super::entry::Record;
use super::{CredentialError, CredentialState, TrackedCredential};
use auth_metrics::AuthMetrics;

use crate::group::CredentialGroup;
use crate::terms::CredentialEvent;

impl TrackedCredential {
    pub(crate) fn group(&self) -> &Arc<CredentialGroup> {
        self.tracking.group()
    }

    pub(crate) fn metrics(&self) -> &AuthMetrics {
        self.tracking.metrics()
    }

    pub(crate) fn service_id(&self) -> &str {
        self.tracking.service_id()
    }

    /// Returns the time of day that the tracker was given.
    pub(crate) fn time_of_day(&self) -> Option<Arc<dyn Fn() -> SystemTime + Send + Sync>> {
        let tracking = self.tracking.clone();
        tracking.has_time_of_day().then(|| Arc::new(move || tracking.now()) as Arc<_>)
    }

    /// Returns whether a rotator may replace it by a successor.
    pub(crate) fn can_be_replaced(&self) -> bool {
        let record = self.entry.record();
        !record.is_forgotten && record.state.can_be_replaced()
    }

    /// Counts what time alone has done to it, by the rotator's time of day.
    pub(crate) fn look_now(&self, now: SystemTime) {
        self.look(now);
    }

    /// Does what [`rotate`](TrackedCredential::rotate) does, and also makes an expired or compromised credential active again.
    /// Takes the time of the rotation as it is, even if the clock was set back: a time in the future would hide for as long
    /// that nothing is rotated.
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
        self.tracking.count(self.kind(), self.slug(), CredentialEvent::Rotated);
        self.watch(&mut record, now);
        Ok(())
    }

    /// Takes over a successor that another replica made and counted.
    pub(crate) fn follow(&self, at: SystemTime, not_after: Option<SystemTime>) {
        let mut record = self.entry.record();
        if !record.is_forgotten && record.state.can_be_replaced() {
            self.succeed(&mut record, at, not_after);
        }
    }

    /// Sets its times, without a successor. Makes an expired credential active again if it has not expired by these times.
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
