//! A lease that Redis grants: one key that runs out, and one beside it that says when the credential was last rotated.

use std::fmt;
use std::time::{Duration, SystemTime};

use ::redis::aio::MultiplexedConnection;
use ::redis::{Client, FromRedisValue, RedisResult, cmd};

use super::{Grant, Lease, LeaseError, Term, random};

/// A lease for all replicas that ask the same Redis.
///
/// The keys are `PREFIX:NAME` and `PREFIX:NAME:term`, where the name is made of service id, kind and slug. Each request has a
/// connection of its own, so a Redis that was away is found again. One Redis is asked, not a quorum: while it fails over to a
/// replica that has not heard of a lease, two processes may hold it.
///
/// ```no_run
/// use auth_metrics::rotation::RedisLease;
///
/// # fn main() -> Result<(), auth_metrics::rotation::LeaseError> {
/// let lease = RedisLease::open("redis://127.0.0.1/", "auth")?;
/// # let _ = lease;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisLease {
    client: Client,
    prefix: String,
}

/// Takes the key if it is free, and says what was told of the credential.
const ACQUIRE: &str = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then \
                       return {1, redis.call('GET', KEYS[2])} else return {0, false} end";
const RENEW: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then \
                     return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end";
/// Gives the key back if it is still held, and tells of a rotation.
const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then \
                       if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2]) end \
                       return redis.call('DEL', KEYS[1]) else return 0 end";

impl RedisLease {
    /// Of the Redis at a URL; `prefix` begins its keys. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// The URL is none.
    pub fn open(url: &str, prefix: impl Into<String>) -> Result<RedisLease, LeaseError> {
        Ok(RedisLease { client: Client::open(url).map_err(LeaseError::new)?, prefix: prefix.into() })
    }

    async fn ask<T: FromRedisValue>(
        &self,
        script: &str,
        name: &str,
        arguments: [String; 2],
    ) -> RedisResult<T> {
        let mut connection: MultiplexedConnection = self.client.get_multiplexed_async_connection().await?;
        let key = format!("{}:{name}", self.prefix);
        let term = format!("{key}:term");
        let [first, second] = arguments;
        let mut call = cmd("EVAL");
        call.arg(script).arg(2).arg(key).arg(term).arg(first).arg(second);
        call.query_async(&mut connection).await
    }
}

impl Lease for RedisLease {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<Grant>, LeaseError> {
        let token = random::number();
        let arguments = [token.to_string(), millis(ttl)];
        let asked = self.ask::<(u8, Option<String>)>(ACQUIRE, name, arguments).await;
        let (granted, term) = asked.map_err(LeaseError::new)?;
        Ok((granted == 1).then(|| Grant::new(name, token, term.as_deref().and_then(parse))))
    }

    async fn renew(&self, grant: &Grant, ttl: Duration) -> Result<bool, LeaseError> {
        let arguments = [grant.token.to_string(), millis(ttl)];
        let kept = self.ask::<u8>(RENEW, &grant.name, arguments).await.map_err(LeaseError::new)?;
        Ok(kept == 1)
    }

    async fn release(&self, grant: Grant, term: Option<Term>) -> Result<(), LeaseError> {
        let arguments = [grant.token.to_string(), term.map_or_else(String::new, |term| spell(&term))];
        self.ask::<u8>(RELEASE, &grant.name, arguments).await.map_err(LeaseError::new)?;
        Ok(())
    }
}

fn millis(ttl: Duration) -> String {
    ttl.as_millis().max(1).to_string()
}

/// `ROTATED_AT NOT_AFTER`, in milliseconds since 1970; `-` where it does not expire.
fn spell(term: &Term) -> String {
    let since_1970 =
        |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let not_after = term.not_after.map_or_else(|| "-".to_owned(), |end| since_1970(end).to_string());
    format!("{} {not_after}", since_1970(term.rotated_at))
}

/// What [`spell`] spelled; what somebody else wrote there is no news.
fn parse(text: &str) -> Option<Term> {
    let time = |text: &str| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(text.parse().ok()?));
    let (rotated_at, not_after) = text.split_once(' ')?;
    let not_after = if not_after == "-" { None } else { Some(time(not_after)?) };
    Some(Term { rotated_at: time(rotated_at)?, not_after })
}

impl fmt::Debug for RedisLease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may have a password in it.
        out.debug_struct("RedisLease").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
