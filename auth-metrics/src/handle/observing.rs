//! The options of a handle that concern events: who observes, how much is kept for them, and where the trace is read.

use std::fmt;
use std::sync::Arc;

use super::{Error, SpanWriter};
#[cfg(feature = "pseudonyms")]
use crate::events::Pseudonyms;
use crate::events::{Capture, MOST_OBSERVERS, Observer, Size, TraceReader};
use crate::storage::Clock;
use crate::terms::label;

/// How many events each half of a thread's buffer takes, if nobody says otherwise.
const CAPACITY: usize = 2048;

/// More than any machine has memory for.
const MOST_CAPACITY: usize = 1 << 20;

/// How many events are kept for each thread.
#[derive(Clone, Copy)]
pub(super) enum Capacity {
    AtMost(usize),
    /// All of them, for tests.
    #[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only tests keep all events"))]
    All,
}

impl Default for Capacity {
    fn default() -> Capacity {
        Capacity::AtMost(CAPACITY)
    }
}

/// What a builder was told of events.
#[derive(Clone, Default)]
pub(super) struct Observing {
    pub(super) observers: Vec<Arc<dyn Observer>>,
    pub(super) polled: bool,
    pub(super) capacity: Capacity,
    pub(super) trace: Option<TraceReader>,
    pub(super) spans: Option<SpanWriter>,
    #[cfg(feature = "pseudonyms")]
    pub(super) pseudonyms: Option<Arc<Pseudonyms>>,
}

impl fmt::Debug for Observing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.observers.iter().map(Observer::name)).finish()
    }
}

impl Observing {
    pub(super) fn check(&self) -> Result<(), Error> {
        if matches!(self.capacity, Capacity::AtMost(events) if !(1..=MOST_CAPACITY).contains(&events)) {
            return Err(Error::InvalidEventCapacity);
        }
        for (index, observer) in self.observers.iter().enumerate() {
            let name = observer.name();
            let is_taken = self.observers[..index].iter().any(|earlier| earlier.name() == name);
            if is_taken || index == MOST_OBSERVERS || !label::is_name(name) {
                return Err(Error::InvalidObserver(name));
            }
        }
        Ok(())
    }

    pub(super) fn capture(&self, clock: &Clock) -> Option<Arc<Capture>> {
        if !self.is_observed() {
            return None;
        }
        let size = match self.capacity {
            Capacity::AtMost(events) => Size::of(events),
            Capacity::All => Size::unreserved(MOST_CAPACITY),
        };
        let capture = Capture::new(clock.clone(), size, self.observers.clone(), self.trace.clone());
        #[cfg(feature = "pseudonyms")]
        let capture = capture.with_pseudonyms(self.pseudonyms.clone());
        Some(Arc::new(capture))
    }

    /// Whether anybody observes.
    pub(super) fn is_observed(&self) -> bool {
        !self.observers.is_empty()
    }

    pub(super) fn starts_thread(&self) -> bool {
        !self.polled
    }
}
