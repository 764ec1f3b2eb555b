//! Leases in the memory of one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Held, Lease, LeaseFuture, Rotation};
use crate::rotation::deadline::later;

/// Leases that the clones of one value share, for several rotators in a process and for tests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_metrics_credentials::rotation::LeaseError> {
/// use std::time::Duration;
///
/// use auth_metrics_credentials::rotation::{Lease, LocalLease};
///
/// let (one, other) = { let lease = LocalLease::new(); (lease.clone(), lease) };
/// let held = one.try_acquire("gateway/signing_key/jwt", Duration::from_secs(30)).await?.expect("it is free");
/// assert!(other.try_acquire("gateway/signing_key/jwt", Duration::from_secs(30)).await?.is_none());
/// one.release(&held, None).await?;
/// assert!(other.try_acquire("gateway/signing_key/jwt", Duration::from_secs(30)).await?.is_some());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct LocalLease {
    places: Arc<Mutex<HashMap<String, Place>>>,
}

#[derive(Debug, Default)]
struct Place {
    taken: u64,
    until: Option<Instant>,
    /// And when it was stored.
    last_rotation: Option<(Rotation, Instant)>,
}

impl Place {
    fn is_free(&self) -> bool {
        self.until.is_none_or(|until| until <= Instant::now())
    }

    /// Returns whether this holder still has it.
    fn is_of(&self, held: &Held) -> bool {
        self.taken == held.fencing_token && !self.is_free()
    }

    fn last_rotation(&self) -> Option<Rotation> {
        let (rotation, stored) = self.last_rotation.as_ref()?;
        Some(rotation.clone().with_age(stored.elapsed()))
    }
}

impl LocalLease {
    /// Makes a store of leases. All of them are free.
    pub fn new() -> LocalLease {
        LocalLease::default()
    }

    fn places(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease for LocalLease {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        Box::pin(async move {
            let mut places = self.places();
            let place = places.entry(name.to_owned()).or_default();
            if !place.is_free() {
                return Ok(None);
            }
            place.taken += 1;
            place.until = Some(later(ttl));
            Ok(Some(Held::new(name, place.taken.to_string(), place.taken, place.last_rotation())))
        })
    }

    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        Box::pin(async move {
            let mut places = self.places();
            let Some(place) = places.get_mut(held.name()).filter(|place| place.is_of(held)) else {
                return Ok(false);
            };
            place.until = Some(later(ttl));
            Ok(true)
        })
    }

    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        Box::pin(async move {
            let mut places = self.places();
            let place = places.entry(held.name().to_owned()).or_default();
            if let Some(rotated) = rotated
                && place
                    .last_rotation
                    .as_ref()
                    .is_none_or(|(last, _)| last.fencing_token < rotated.fencing_token)
            {
                place.last_rotation = Some((rotated, Instant::now()));
            }
            if place.is_of(held) {
                place.until = None;
            }
            Ok(())
        })
    }

    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        Box::pin(async move { Ok(self.places().get(name).and_then(Place::last_rotation)) })
    }
}
