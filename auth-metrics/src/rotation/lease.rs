//! `Lease`: which of several replicas may rotate.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::random;

/// When a credential was last rotated, and when what it was rotated to expires: what replicas tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// When it was rotated.
    pub rotated_at: SystemTime,
    /// When it expires, if it does.
    pub not_after: Option<SystemTime>,
}

/// A lease that was got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Grant {
    /// What the lease is for.
    pub name: String,
    /// Tells this grant from every other.
    pub token: u64,
    /// What was last said of the credential, by whichever replica.
    pub term: Option<Term>,
}

impl Grant {
    /// A grant, for whoever implements [`Lease`].
    pub fn new(name: impl Into<String>, token: u64, term: Option<Term>) -> Grant {
        Grant { name: name.into(), token, term }
    }
}

/// Lets one replica at a time do something. A lease runs out by itself if it is not renewed.
pub trait Lease: Send + Sync + 'static {
    /// Gets the lease for as long as `ttl`; none while another has it.
    ///
    /// # Errors
    ///
    /// Nobody can be asked: nothing is rotated then.
    fn acquire(
        &self,
        name: &str,
        ttl: Duration,
    ) -> impl Future<Output = Result<Option<Grant>, LeaseError>> + Send;

    /// Keeps the lease for as long as `ttl` from now; false if it has run out.
    ///
    /// # Errors
    ///
    /// Nobody can be asked.
    fn renew(&self, grant: &Grant, ttl: Duration) -> impl Future<Output = Result<bool, LeaseError>> + Send;

    /// Gives the lease back, and tells the others of a rotation if there was one. A lease that has run out is another's by
    /// now, and stays as it is.
    ///
    /// # Errors
    ///
    /// Nobody can be told. The lease runs out by itself.
    fn release(
        &self,
        grant: Grant,
        term: Option<Term>,
    ) -> impl Future<Output = Result<(), LeaseError>> + Send;
}

/// Whoever grants leases could not be asked.
#[derive(Debug)]
pub struct LeaseError(Box<dyn Error + Send + Sync>);

impl LeaseError {
    /// An error of whoever grants the lease.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> LeaseError {
        LeaseError(source.into())
    }
}

impl fmt::Display for LeaseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the lease can't be asked for: is what grants it up?")
    }
}

impl Error for LeaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// A lease inside one process: clones share it. It is what a [`Rotator`](super::Rotator) has that is given no other.
#[derive(Clone, Debug, Default)]
pub struct LocalLease {
    leases: Arc<Mutex<BTreeMap<String, Held>>>,
}

#[derive(Debug)]
struct Held {
    token: u64,
    until: Instant,
    term: Option<Term>,
}

impl LocalLease {
    fn leases(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease for LocalLease {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<Grant>, LeaseError> {
        let (now, token) = (Instant::now(), random::number());
        let mut leases = self.leases();
        let held = leases.entry(name.to_owned()).or_insert(Held { token, until: now, term: None });
        if held.until > now {
            return Ok(None);
        }
        (held.token, held.until) = (token, now + ttl);
        Ok(Some(Grant::new(name, token, held.term)))
    }

    async fn renew(&self, grant: &Grant, ttl: Duration) -> Result<bool, LeaseError> {
        let now = Instant::now();
        let mut leases = self.leases();
        let held = leases.get_mut(&grant.name).filter(|held| held.token == grant.token && held.until > now);
        Ok(held.map(|held| held.until = now + ttl).is_some())
    }

    async fn release(&self, grant: Grant, term: Option<Term>) -> Result<(), LeaseError> {
        if let Some(held) = self.leases().get_mut(&grant.name).filter(|held| held.token == grant.token) {
            held.until = Instant::now();
            held.term = term.or(held.term);
        }
        Ok(())
    }
}
