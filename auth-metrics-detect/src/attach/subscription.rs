//! `Subscription`: detections in a bounded queue, which counts what it lost.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
#[cfg(feature = "tokio")]
use std::task::Waker;
use std::time::Duration;

use crate::detection::Detection;

/// Detections that wait for their reader.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    capacity: usize,
}

#[derive(Default)]
struct Waiting {
    detections: VecDeque<Detection>,
    lost: u64,
    #[cfg(feature = "tokio")]
    waker: Option<Waker>,
}

impl Queue {
    pub(super) fn new(capacity: usize) -> (Weak<Queue>, Subscription) {
        let capacity = capacity.max(1);
        let detections = VecDeque::with_capacity(capacity.min(4096));
        let waiting = Mutex::new(Waiting { detections, ..Waiting::default() });
        let queue = Arc::new(Queue { waiting, changed: Condvar::new(), capacity });
        (Arc::downgrade(&queue), Subscription { queue })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a detection; the oldest one is lost if there is no room.
    pub(super) fn push(&self, detection: Detection) {
        let mut waiting = self.waiting();
        if waiting.detections.len() >= self.capacity {
            waiting.detections.pop_front();
            waiting.lost += 1;
        }
        waiting.detections.push_back(detection);
        #[cfg(feature = "tokio")]
        let waker = waiting.waker.take();
        drop(waiting);
        self.changed.notify_one();
        // A reader may poll where it is woken, so the lock is free. It may panic, so it comes last.
        #[cfg(feature = "tokio")]
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Detections as they begin and end; made by [`Engine::subscribe`](crate::Engine::subscribe).
///
/// It holds at most as many as it was made for: a reader that is too slow loses the oldest, and [`lost`](Subscription::lost) counts them.
/// With the feature `tokio` it is a `Stream`.
pub struct Subscription {
    queue: Arc<Queue>,
}

impl Subscription {
    /// Returns the next detection if there is one now.
    pub fn try_next(&mut self) -> Option<Detection> {
        self.queue.waiting().detections.pop_front()
    }

    /// Waits for the next detection; `None` if there was none in time.
    pub fn next_within(&mut self, timeout: Duration) -> Option<Detection> {
        let is_empty = |waiting: &mut Waiting| waiting.detections.is_empty();
        let (mut waiting, _) = self
            .queue
            .changed
            .wait_timeout_while(self.queue.waiting(), timeout, is_empty)
            .unwrap_or_else(PoisonError::into_inner);
        waiting.detections.pop_front()
    }

    /// Returns how many detections were lost, since they came faster than they were read.
    pub fn lost(&self) -> u64 {
        self.queue.waiting().lost
    }
}

#[cfg(feature = "tokio")]
impl futures_core::Stream for Subscription {
    type Item = Detection;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Detection>> {
        let mut waiting = self.queue.waiting();
        if let Some(detection) = waiting.detections.pop_front() {
            return std::task::Poll::Ready(Some(detection));
        }
        waiting.waker = Some(context.waker().clone());
        std::task::Poll::Pending
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.queue.waiting();
        out.debug_struct("Subscription")
            .field("waiting", &waiting.detections.len())
            .field("lost", &waiting.lost)
            .finish()
    }
}
