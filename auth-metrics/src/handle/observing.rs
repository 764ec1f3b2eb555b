//! The options of a handle that concern events: who observes, how much is kept for them, and where the trace is read.

use std::fmt;
use std::sync::Arc;

use super::Error;
use crate::events::{Capture, MOST_OBSERVERS, Observer, Size, TraceReader};
use crate::storage::Clock;
use crate::terms::label;

/// How many events each half of a thread's buffer takes, if nobody says otherwise.
const CAPACITY: usize = 2048;

/// More than any machine has memory for.
const MOST_CAPACITY: usize = 1 << 20;

/// What a builder was told of events.
#[derive(Clone)]
pub(super) struct Observing {
    pub(super) observers: Vec<Arc<dyn Observer>>,
    pub(super) polled: bool,
    pub(super) capacity: Option<usize>,
    pub(super) trace: Option<TraceReader>,
}

impl Default for Observing {
    fn default() -> Observing {
        Observing { observers: Vec::new(), polled: false, capacity: Some(CAPACITY), trace: None }
    }
}

impl fmt::Debug for Observing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.observers.iter().map(|observer| observer.name())).finish()
    }
}

impl Observing {
    pub(super) fn check(&self) -> Result<(), Error> {
        if !self.capacity.is_none_or(|capacity| (1..=MOST_CAPACITY).contains(&capacity)) {
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
        let size = match self.capacity {
            Some(events) => Size::of(events),
            None => Size::unreserved(MOST_CAPACITY),
        };
        let is_observed = !self.observers.is_empty();
        is_observed
            .then(|| Arc::new(Capture::new(clock.clone(), size, self.observers.clone(), self.trace.clone())))
    }

    pub(super) fn starts_thread(&self) -> bool {
        !self.polled
    }
}
