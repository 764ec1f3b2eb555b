//! Supervises a worker from start to end: counts a panic, and releases the lease after it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::NotRotated;
use super::held_lease;
use super::lease::{Held, Lease, LeaseFuture, Rotation};
use super::worker::Worker;
use crate::group::unwinding_stops;

/// Why a rotator does not run any more; none while it does.
pub(super) type Ending = Option<NotRotated>;

impl Worker {
    /// Works until it ends, and tells why it did.
    pub(super) async fn supervised(mut self, taken: Option<Arc<TakenLease>>, ending: watch::Sender<Ending>) {
        if works_out(self.work()).await {
            ending.send_replace(Some(NotRotated::Ended));
            return;
        }
        ending.send_replace(Some(NotRotated::Panicked));
        self.tracked.counts().panicked();
        // Nobody else may start before what is under way has ended.
        self.runner.stop().await;
        if let Some(taken) = taken {
            taken.give_back().await;
        }
    }
}

/// Polls this to its end; false if it unwinds.
async fn works_out(work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| match unwinding_stops(|| work.as_mut().poll(context)) {
        Some(polled) => polled.map(|()| true),
        None => std::task::Poll::Ready(false),
    })
    .await
}

/// A lease that remembers what was taken of it and not given back.
pub(super) struct TakenLease {
    lease: Arc<dyn Lease>,
    held: Mutex<Option<Held>>,
}

impl TakenLease {
    pub(super) fn new(lease: Arc<dyn Lease>) -> TakenLease {
        TakenLease { lease, held: Mutex::new(None) }
    }

    fn set(&self, held: Option<Held>) -> Option<Held> {
        std::mem::replace(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner), held)
    }

    async fn give_back(&self) {
        if let Some(held) = self.set(None) {
            // If the store can't be asked, the lease ends by itself.
            drop(held_lease::note(&*self.lease, &held, None).await);
        }
    }
}

impl Lease for TakenLease {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        Box::pin(async move {
            let held = self.lease.try_acquire(name, ttl).await?;
            self.set(held.clone());
            Ok(held)
        })
    }

    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.lease.renew(held, ttl)
    }

    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.set(None);
        self.lease.release(held, rotated)
    }

    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.lease.last_rotation(name)
    }
}
