//! A lease while this replica holds it: takes, renews and releases it, and gives up on a store that does not answer.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::lease::{Held, Lease, LeaseError, LeaseFuture, Rotation};
use crate::group::unwinding_stops;

/// How long the store of the leases has for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The same where `refresh` waits for it.
const BRIEFLY: Duration = Duration::from_millis(500);

pub(super) struct HeldLease {
    lease: Arc<dyn Lease>,
    held: Held,
    ttl: Duration,
    /// When it was last taken or renewed: counted from before the store was asked.
    renewed: Instant,
}

impl HeldLease {
    /// Takes the lease; none if another holds it.
    pub(super) async fn begin(
        lease: &Arc<dyn Lease>,
        name: &str,
        ttl: Duration,
    ) -> Result<Option<HeldLease>, LeaseError> {
        let renewed = Instant::now();
        let held = answer(PATIENCE.min(ttl), || lease.try_acquire(name, ttl)).await?;
        Ok(held.map(|held| HeldLease { lease: Arc::clone(lease), held, ttl, renewed }))
    }

    pub(super) fn held(&self) -> &Held {
        &self.held
    }

    /// Keeps the lease. Comes back when it is lost, and while a third of it is left if the store gives no answer: whoever
    /// takes it next finds that nothing runs any more.
    pub(super) async fn lost(&mut self) {
        loop {
            sleep_until(self.renewed + self.ttl / 3).await;
            let last = self.renewed + self.ttl * 2 / 3;
            if !matches!(timeout_at(last, self.renew()).await, Ok(true)) {
                return;
            }
        }
    }

    /// Asks until the store answers; false if the lease is lost.
    async fn renew(&mut self) -> bool {
        loop {
            let asked = Instant::now();
            if let Ok(kept) = answer(self.ttl / 6, || self.lease.renew(&self.held, self.ttl)).await {
                if kept {
                    self.renewed = asked;
                }
                return kept;
            }
            sleep(self.ttl / 6).await;
        }
    }

    /// Notes a rotation beside the lease and gives it back. If the store can't be asked, the lease ends by itself.
    pub(super) async fn end(self, rotated: Option<Rotation>) -> Result<(), LeaseError> {
        note(&*self.lease, &self.held, rotated).await
    }
}

/// Notes a rotation beside a lease, which is given back if it is not yet.
pub(super) async fn note(
    lease: &dyn Lease,
    held: &Held,
    rotated: Option<Rotation>,
) -> Result<(), LeaseError> {
    answer(PATIENCE, || lease.release(held, rotated)).await
}

/// The last rotation beside a lease.
pub(super) async fn last_rotation(lease: &dyn Lease, name: &str) -> Result<Option<Rotation>, LeaseError> {
    answer(BRIEFLY, || lease.last_rotation(name)).await
}

/// Asks the store. A lease that panics is a store that gave no answer.
async fn answer<'a, T>(
    patience: Duration,
    ask: impl FnOnce() -> LeaseFuture<'a, T>,
) -> Result<T, LeaseError> {
    let panicked = || LeaseError::new("it panicked");
    let asked = async {
        let mut asked = unwinding_stops(ask).ok_or_else(panicked)?;
        poll_fn(|context| {
            let polled = unwinding_stops(|| asked.as_mut().poll(context));
            polled.unwrap_or_else(|| Poll::Ready(Err(panicked())))
        })
        .await
    };
    timeout(patience, asked).await.map_err(LeaseError::new)?
}
