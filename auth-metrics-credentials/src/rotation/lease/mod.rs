//! Who of several replicas may rotate: the one that holds the credential's lease.

mod local;
#[cfg(feature = "redis-lease")]
mod redis;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use local::LocalLease;
#[cfg(feature = "redis-lease")]
pub use redis::RedisLease;

use super::id::Id;

/// What the methods of a [`Lease`] return.
///
/// ```
/// use auth_metrics_credentials::rotation::LeaseFuture;
///
/// fn nobody_knows() -> LeaseFuture<'static, bool> {
///     Box::pin(async { Ok(false) })
/// }
/// ```
pub type LeaseFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LeaseError>> + Send + 'a>>;

/// A lock with an end, by name, that replicas agree on, and beside it a note of the last rotation of the credential of that
/// name.
///
/// Rotations are put in order by their fencing tokens and never by their times, since no two clocks agree. So tokens must
/// rise with every taking, even when the store lost its data in between.
///
/// A holder that dies is followed by another one after the time to live. [`LocalLease`] is for one process,
/// `RedisLease` (feature `redis-lease`) for many; for another store, implement this:
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics_credentials::rotation::{Held, Lease, LeaseFuture, LocalLease, Rotation};
///
/// /// Rotates on the leader only.
/// struct IfLeader(LocalLease, bool);
///
/// impl Lease for IfLeader {
///     fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
///         if self.1 { self.0.try_acquire(name, ttl) } else { Box::pin(async { Ok(None) }) }
///     }
///     fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
///         self.0.renew(held, ttl)
///     }
///     fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
///         self.0.release(held, rotated)
///     }
///     fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
///         self.0.last_rotation(name)
///     }
/// }
/// ```
pub trait Lease: Send + Sync + 'static {
    /// Takes the lease of this name for so long, if nobody has it.
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>>;

    /// Keeps it for so long from now on; false if it is another's by now, or nobody's.
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool>;

    /// Stores a rotation if its [fencing token](Rotation::fencing_token) is higher than that of the stored one, and gives the
    /// lease back if it is still the holder's. Both in one step: nobody may take the lease and not see the rotation.
    ///
    /// It may be called again for a lease that is given back already or lost, with a rotation that could not be stored.
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()>;

    /// The last rotation that was stored. Set its [age](Rotation::with_age) if the store has a clock.
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>>;
}

/// One that several rotators share.
impl<L: Lease + ?Sized> Lease for Arc<L> {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        (**self).try_acquire(name, ttl)
    }

    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        (**self).renew(held, ttl)
    }

    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        (**self).release(held, rotated)
    }

    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        (**self).last_rotation(name)
    }
}

/// The note of a rotation beside the lease: who made it, by the fencing token, and which credential it put in place.
///
/// ```
/// use std::time::SystemTime;
///
/// use auth_metrics_credentials::rotation::Rotation;
///
/// let rotation = Rotation::new(7, "2026-11", SystemTime::now(), None);
/// assert_eq!((rotation.fencing_token(), rotation.id()), (7, "2026-11"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    fencing_token: u64,
    id: Id,
    at: SystemTime,
    not_after: Option<SystemTime>,
    age: Option<Duration>,
}

impl Rotation {
    /// A rotation by the holder of this fencing token: the id of what it made, when, and the end of it.
    pub fn new(
        fencing_token: u64,
        id: impl Into<String>,
        at: SystemTime,
        not_after: Option<SystemTime>,
    ) -> Rotation {
        Rotation { fencing_token, id: Id::new(id.into()), at, not_after, age: None }
    }

    /// Says how long ago it was stored, by the store's own clock. A [`Lease`] does that when it reads a rotation. It makes
    /// the schedules of the other replicas exact; without it they count from the moment they hear of the rotation.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::rotation::Rotation;
    ///
    /// let read = Rotation::new(7, "2026-11", SystemTime::now(), None).with_age(Duration::from_secs(90));
    /// assert_eq!(read.age(), Some(Duration::from_secs(90)));
    /// ```
    #[must_use]
    pub fn with_age(self, age: Duration) -> Rotation {
        Rotation { age: Some(age), ..self }
    }

    /// The token of the taking that made it. Of two rotations, the one with the higher token is the newer one.
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// The id of the credential that it put in place.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// When it was, by the clock of the replica that made it. Nothing is put in order by this.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// The end of what it made.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// How long ago it was stored, if the store told.
    pub fn age(&self) -> Option<Duration> {
        self.age
    }
}

/// A lease that was taken. It does not give itself back: one that is forgotten ends after its time to live.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_metrics_credentials::rotation::LeaseError> {
/// use std::time::Duration;
///
/// use auth_metrics_credentials::rotation::{Lease, LocalLease};
///
/// let lease = LocalLease::new();
/// let held = lease.try_acquire("gateway/signing_key/jwt", Duration::from_secs(30)).await?;
/// assert_eq!(held.map(|held| held.fencing_token()), Some(1));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Held {
    name: String,
    owner: String,
    fencing_token: u64,
    last_rotation: Option<Rotation>,
}

impl Held {
    /// A lease of this name, taken by an owner that no other taking has, with a fencing token above all before it; and the
    /// last rotation that is stored beside it.
    pub fn new(
        name: impl Into<String>,
        owner: impl Into<String>,
        fencing_token: u64,
        last_rotation: Option<Rotation>,
    ) -> Held {
        Held { name: name.into(), owner: owner.into(), fencing_token, last_rotation }
    }

    /// The lease's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What only this taking of it knows.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// A number that rises with every taking, even if the store lost its data in between.
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// The last rotation that was stored when it was taken.
    pub fn last_rotation(&self) -> Option<&Rotation> {
        self.last_rotation.as_ref()
    }
}

/// The store of the leases could not be asked.
///
/// ```
/// use auth_metrics_credentials::rotation::LeaseError;
///
/// let error = LeaseError::new(std::io::Error::from(std::io::ErrorKind::ConnectionRefused));
/// assert_eq!(error.to_string(), "the store of the leases could not be asked");
/// ```
#[derive(Debug)]
pub struct LeaseError(Box<dyn std::error::Error + Send + Sync>);

impl LeaseError {
    /// What the store's client says.
    pub fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LeaseError {
        LeaseError(source.into())
    }
}

impl fmt::Display for LeaseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the store of the leases could not be asked")
    }
}

impl std::error::Error for LeaseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
