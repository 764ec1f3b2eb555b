//! `Listeners`: who is told of detections.

use std::sync::{Arc, Mutex, PoisonError};

use super::subscription::{Queue, Subscription};
use crate::detection::Detection;
use crate::unwinding::unwinding_stops;

type Call = Arc<dyn Fn(&Detection) + Send + Sync>;

/// Functions that are called, and queues that are filled.
#[derive(Clone, Default)]
pub(crate) struct Listeners {
    calls: Vec<Call>,
    queues: Arc<Mutex<Vec<std::sync::Weak<Queue>>>>,
}

impl Listeners {
    pub(crate) fn call(&mut self, call: Call) {
        self.calls.push(call);
    }

    pub(crate) fn subscribe(&self, capacity: usize) -> Subscription {
        let (queue, subscription) = Queue::new(capacity);
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|queue| queue.strong_count() > 0);
        queues.push(queue);
        subscription
    }

    /// Tells everybody; how many of them panicked.
    pub(crate) fn tell(&self, detections: &[Detection]) -> usize {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut panicked = 0;
        for detection in detections {
            for queue in queues.iter().filter_map(std::sync::Weak::upgrade) {
                // Whoever waits is woken by code of theirs. The queue may be dropped here, with their waker.
                let pushed = unwinding_stops(move || queue.push(detection.clone()));
                panicked += usize::from(pushed.is_none());
            }
            for call in &self.calls {
                panicked += usize::from(unwinding_stops(|| call(detection)).is_none());
            }
        }
        panicked
    }
}
