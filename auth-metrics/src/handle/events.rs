//! The events of a handle: the way to them, and their beginning and end.

use super::{AuthMetrics, Error, Inner};
use crate::events::{Events, EventsGroup};

impl AuthMetrics {
    /// Returns the way to this handle's events: to wait until observers have them, or to deliver them.
    pub fn events(&self) -> Events<'_> {
        Events::of(self.inner.consumer.as_ref())
    }

    /// Whether anybody observes this handle's attempts.
    pub(crate) fn is_observed(&self) -> bool {
        self.inner.consumer.is_some()
    }

    /// Attaches the families of events and starts the thread, if there are observers.
    pub(super) fn start_events(&self, starts_thread: bool) -> Result<(), Error> {
        let (Some(capture), Some(consumer)) = (&self.inner.core.capture, &self.inner.consumer) else {
            return Ok(());
        };
        // Nothing is attached yet, so nothing can clash.
        let _ = self.group(|| EventsGroup::of(capture));
        if starts_thread { consumer.start().map_err(Error::EventsThread) } else { Ok(()) }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(consumer) = &self.consumer {
            consumer.end();
        }
    }
}
