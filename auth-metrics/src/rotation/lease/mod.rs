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

/// What the methods of a [`Lease`] return.
///
/// ```
/// use auth_metrics::rotation::LeaseFuture;
///
/// fn nobody_knows() -> LeaseFuture<'static, bool> {
///     Box::pin(async { Ok(false) })
/// }
/// ```
pub type LeaseFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LeaseError>> + Send + 'a>>;

/// A lock with an end, by name, that replicas agree on, and beside it when the credential of that name was last rotated.
///
/// A holder that dies is followed by another one after the time to live. [`LocalLease`] is for one process,
/// `RedisLease` (feature `redis-lease`) for many; for another store, implement this:
///
/// ```
/// use std::time::Duration;
///
/// use auth_metrics::rotation::{Held, Lease, LeaseFuture, LocalLease, Rotation};
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

    /// Stores when the credential was rotated, unless a later rotation is stored, and gives the lease back if it is still
    /// the holder's. Both in one step: nobody may take the lease and not see the rotation.
    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()>;

    /// The last rotation that was stored.
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

/// When a credential was last rotated, by whichever replica, and until when that one is valid.
///
/// ```
/// use std::time::SystemTime;
///
/// use auth_metrics::rotation::Rotation;
///
/// let rotation = Rotation::new(SystemTime::now(), None);
/// assert_eq!(rotation.not_after(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    at: SystemTime,
    not_after: Option<SystemTime>,
}

impl Rotation {
    /// A rotation at a time, and the end of what it made.
    pub fn new(at: SystemTime, not_after: Option<SystemTime>) -> Rotation {
        Rotation { at, not_after }
    }

    /// When it was.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// The end of what it made.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }
}

/// A lease that was taken. It does not give itself back: one that is forgotten ends after its time to live.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), auth_metrics::rotation::LeaseError> {
/// use std::time::Duration;
///
/// use auth_metrics::rotation::{Lease, LocalLease};
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
    /// A lease of this name, taken by an owner that no other taking has, as the so-many-eth; and the last rotation that is
    /// stored beside it.
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

    /// A number that rises with every taking.
    pub fn fencing_token(&self) -> u64 {
        self.fencing_token
    }

    /// The last rotation that was stored when it was taken.
    pub fn last_rotation(&self) -> Option<Rotation> {
        self.last_rotation
    }
}

/// The store of the leases could not be asked.
///
/// ```
/// use auth_metrics::rotation::LeaseError;
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
