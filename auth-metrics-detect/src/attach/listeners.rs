//! `Listeners`: who is told of detections.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use super::subscription::{Queue, Subscription};
use crate::detection::Detection;

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
                queue.push(detection.clone());
            }
            for call in &self.calls {
                // What it unwinds with is forgotten: dropping it may unwind again.
                let outcome = catch_unwind(AssertUnwindSafe(|| call(detection))).map_err(std::mem::forget);
                panicked += usize::from(outcome.is_err());
            }
        }
        panicked
    }
}
