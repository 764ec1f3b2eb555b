//! A lease as its holder sees it: taken, kept, given back.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::lease::{Held, Lease, LeaseError, LeaseFuture, Rotation};

/// How long the store of the leases has for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Tenure {
    lease: Arc<dyn Lease>,
    held: Held,
    ttl: Duration,
    /// When it was last taken or renewed: counted from before the store was asked.
    renewed: Instant,
}

impl Tenure {
    /// Takes the lease; none if another holds it.
    pub(super) async fn begin(
        lease: &Arc<dyn Lease>,
        name: &str,
        ttl: Duration,
    ) -> Result<Option<Tenure>, LeaseError> {
        let renewed = Instant::now();
        let held = answer(PATIENCE.min(ttl), lease.try_acquire(name, ttl)).await?;
        Ok(held.map(|held| Tenure { lease: Arc::clone(lease), held, ttl, renewed }))
    }

    pub(super) fn held(&self) -> &Held {
        &self.held
    }

    /// Keeps the lease, and comes back when it is lost, or could be before the store answers again.
    pub(super) async fn lost(&mut self) {
        sleep_until(self.renewed + self.ttl / 3).await;
        loop {
            let asked = Instant::now();
            match answer(self.ttl / 6, self.lease.renew(&self.held, self.ttl)).await {
                Ok(true) => {
                    self.renewed = asked;
                    sleep(self.ttl / 3).await;
                }
                Ok(false) => return,
                Err(_) if self.renewed.elapsed() >= self.ttl * 2 / 3 => return,
                Err(_) => sleep(self.ttl / 6).await,
            }
        }
    }

    /// Notes a rotation beside the lease and gives it back. If the store can't be asked, the lease ends by itself, and
    /// `refresh` tells the next holder.
    pub(super) async fn end(self, rotated: Option<Rotation>) {
        drop(answer(PATIENCE, self.lease.release(&self.held, rotated)).await);
    }
}

/// The last rotation beside a lease; none if the store can't be asked.
pub(super) async fn last_rotation(lease: &dyn Lease, name: &str) -> Option<Rotation> {
    answer(PATIENCE, lease.last_rotation(name)).await.ok()?
}

async fn answer<T>(patience: Duration, asked: LeaseFuture<'_, T>) -> Result<T, LeaseError> {
    timeout(patience, asked).await.map_err(LeaseError::new)?
}
