//! Leases: they decide which of several replicas may rotate. Know nothing of rotators and their schedules.

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

/// The future that the methods of a [`Lease`] return.
///
/// ```
/// use auth_metrics_credentials::rotation::LeaseFuture;
///
/// fn nobody_knows() -> LeaseFuture<'static, bool> {
///     Box::pin(async { Ok(false) })
/// }
/// ```
pub type LeaseFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LeaseError>> + Send + 'a>>;

/// A named lock that replicas share and that ends by itself. It also keeps a note of the last rotation of the credential of
/// that name.
///
/// Rotations are ordered by their fencing tokens and never by their times, because no two clocks agree. So a token must be
/// higher than all tokens before it, even if the store lost its data in between.
///
/// If a holder dies, another one can take the lease after the time to live. [`LocalLease`] works in one process, and
/// `RedisLease` (feature `redis-lease`) across processes. For another store, implement this trait:
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
    /// Takes the lease of this name for this time, or returns `None` if somebody holds it.
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>>;

    /// Extends the lease to this time from now. Returns `false` if the holder has lost it.
    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool>;

    /// Stores a rotation if its [fencing token](Rotation::fencing_token) is higher than the stored one's, and releases the
    /// lease if the holder still has it. Both must be one step, so that nobody can take the lease and miss the rotation.
    ///
    /// It may be called again for a lease that is released or lost, with a rotation that could not be stored before.
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()>;

    /// Returns the last rotation that was stored. If the store has a clock, set the rotation's [age](Rotation::with_age).
    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>>;
}

/// A lease that several rotators share.
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

/// The note of a rotation that is kept with the lease: the fencing token of the holder that made it, and the credential that it
/// put in place.
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
    /// Makes a note: the holder's fencing token, the id of the new credential, when it was made and when it expires.
    pub fn new(
        fencing_token: u64,
        id: impl Into<String>,
        at: SystemTime,
        not_after: Option<SystemTime>,
    ) -> Rotation {
        Rotation { fencing_token, id: Id::new(id.into()), at, not_after, age: None }
    }

    /// Sets how long ago the note was stored, by the store's clock. A [`Lease`] sets it when it reads a rotation. With it, the
    /// schedules of the other replicas are exact; without it, they count from when they hear of the rotation.
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

    /// Returns the fencing token of the holder that made it. Of two rotations, the one with the higher token is newer.
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// Returns the id of the credential that it put in place.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Returns when it happened, by the clock of the replica that made it. Never order rotations by this.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Returns when the credential that it put in place expires.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// Returns how long ago it was stored, if the store has a clock.
    pub fn age(&self) -> Option<Duration> {
        self.age
    }
}

/// A lease that somebody has taken. Dropping it does not release it: it ends after its time to live.
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
    /// Describes a lease that was taken: its name, an owner unique to this taking, a fencing token higher than all before it,
    /// and the last rotation that is stored with it.
    pub fn new(
        name: impl Into<String>,
        owner: impl Into<String>,
        fencing_token: u64,
        last_rotation: Option<Rotation>,
    ) -> Held {
        Held { name: name.into(), owner: owner.into(), fencing_token, last_rotation }
    }

    /// Returns the lease's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the owner, which is unique to this taking of the lease.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns the fencing token: a number that rises every time the lease is taken, even if the store lost its data in
    /// between.
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// Returns the last rotation that was stored when the lease was taken.
    pub fn last_rotation(&self) -> Option<&Rotation> {
        self.last_rotation.as_ref()
    }
}

/// The error of a store of leases that can't be reached, or that answered with an error.
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
    /// Wraps the error of the store's client.
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
