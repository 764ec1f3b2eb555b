//! Leases in a Redis that replicas share.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError};
use tokio::sync::Mutex;

use super::{Held, Lease, LeaseError, LeaseFuture, Rotation};
use crate::rotation::jitter;

/// Keys: the lease, the last token, the last rotation. Arguments: the owner, the time to live, the highest token that this
/// process was given.
///
/// A token is one more than the last, and at least the server's time: a server that forgot the last one goes on above it,
/// and one whose clock is set back too.
const ACQUIRE: &str = "\
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local now = redis.call('TIME')
local token = math.max(redis.call('INCR', KEYS[2]), now[1] * 1000 + math.floor(now[2] / 1000), ARGV[3] + 1)
redis.call('SET', KEYS[2], string.format('%.0f', token))
return {token, redis.call('HMGET', KEYS[3], 'token', 'id', 'at', 'not_after', 'stored'), now}";

/// Keys: the last rotation.
const NOTED: &str = "\
return {redis.call('HMGET', KEYS[1], 'token', 'id', 'at', 'not_after', 'stored'), redis.call('TIME')}";

/// Keys: the lease. Arguments: the owner, the time to live.
const RENEW: &str = "\
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

/// Keys: the lease, the last rotation. Arguments: the owner; the rotation's token, id, time and end, empty where there is none.
const RELEASE: &str = "\
if ARGV[2] ~= '' then
  local last = redis.call('HGET', KEYS[2], 'token')
  if not last or tonumber(last) < tonumber(ARGV[2]) then
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[2], 'token', ARGV[2], 'id', ARGV[3], 'at', ARGV[4], 'stored', redis.call('TIME')[1])
    if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'not_after', ARGV[5]) end
  end
end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

const TIMEOUT: Duration = Duration::from_secs(2);

/// Leases in a Redis that replicas share. It uses `SET` with `NX` and `PX`, and scripts that compare the owner before they
/// extend or delete a lease. Redis must be version 5 or later.
///
/// Each credential has three keys under the prefix, in one slot of a cluster: the lease, the last fencing token, and the last
/// rotation with its token, its times and the id of the new credential. None of them is a secret. It connects at the first use,
/// and again after an error.
///
/// A Redis that loses data, for example in a failover, may give the lease to a second holder. So let the store of the
/// credential compare [fencing tokens](super::super::RotationContext::fencing_token), and let
/// [`refresh`](super::super::Rotator::refresh) read from that store.
///
/// # Fencing tokens
///
/// A token is higher than the last one, and at least the time of the Redis in milliseconds since 1970. So tokens still rise
/// after a flush, an eviction or a failover, and if the clock of the Redis is set back. If the Redis loses its data *and* its
/// clock is behind the last token, a process that took a lease before still gets a higher token. Only a process that never took
/// one can then get a lower token.
///
/// ```no_run
/// use auth_metrics_credentials::rotation::RedisLease;
///
/// # fn main() -> Result<(), redis::RedisError> {
/// let lease = RedisLease::new(redis::Client::open("redis://127.0.0.1/")?).prefix("gateway:rotation");
/// # Ok(()) }
/// ```
pub struct RedisLease {
    client: Client,
    prefix: String,
    connection: Mutex<Option<MultiplexedConnection>>,
    /// The highest token that was given here, of whichever lease.
    highest: AtomicU64,
}

impl RedisLease {
    /// Makes a store of leases with the prefix `auth-metrics`. Connects at the first use.
    pub fn new(client: Client) -> RedisLease {
        let prefix = "auth-metrics".to_owned();
        RedisLease { client, prefix, connection: Mutex::new(None), highest: AtomicU64::new(0) }
    }

    /// Sets the prefix of the keys, for example to one that only this deployment uses.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), redis::RedisError> {
    /// # use auth_metrics_credentials::rotation::RedisLease;
    /// let lease = RedisLease::new(redis::Client::open("redis://127.0.0.1/")?).prefix("staging:rotation");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> RedisLease {
        self.prefix = prefix.into();
        self
    }

    /// The braces keep the keys of a credential in one slot.
    fn key(&self, name: &str, what: &str) -> String {
        format!("{}:{{{name}}}:{what}", self.prefix)
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LeaseError> {
        let mut kept = self.connection.lock().await;
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.connect().await.map_err(LeaseError::new)?,
        };
        let answer = command.query_async(&mut connection).await;
        // One that failed is dropped, and so is one whose answer nobody waited for.
        if answer.is_ok() {
            *kept = Some(connection);
        }
        answer.map_err(LeaseError::new)
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }
}

fn script(text: &str, keys: &[String]) -> Cmd {
    let mut command = ::redis::cmd("EVAL");
    command.arg(text).arg(keys.len()).arg(keys);
    command
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Milliseconds since 1970, rounded down: what comes back is never later than what was stored.
fn stored(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH).map(millis).unwrap_or_default()
}

/// The token, the id, the time and the end of a rotation, and the second in which it was stored.
type Noted = (Option<u64>, Option<String>, Option<u64>, Option<u64>, Option<u64>);

/// A rotation as it is stored, read in this second of the store's.
fn loaded((token, id, at, not_after, stored): Noted, (second, _): (u64, u64)) -> Option<Rotation> {
    let time = |millis| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis));
    let rotation = Rotation::new(token?, id?, time(at?)?, not_after.and_then(time));
    let age = stored.map(|stored| Duration::from_secs(second.saturating_sub(stored)));
    Some(age.into_iter().fold(rotation, Rotation::with_age))
}

impl Lease for RedisLease {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        Box::pin(async move {
            let owner = format!("{:032x}", jitter::generator().u128(..));
            let keys = ["lease", "taken", "rotated"].map(|what| self.key(name, what));
            let mut command = script(ACQUIRE, &keys);
            command.arg(&owner).arg(millis(ttl)).arg(self.highest.load(Ordering::Relaxed));
            let answer: Option<(u64, Noted, (u64, u64))> = self.ask(&command).await?;
            let Some((token, noted, now)) = answer else { return Ok(None) };
            self.highest.fetch_max(token, Ordering::Relaxed);
            Ok(Some(Held::new(name, owner, token, loaded(noted, now))))
        })
    }

    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        Box::pin(async move {
            let mut command = script(RENEW, &[self.key(held.name(), "lease")]);
            command.arg(held.owner()).arg(millis(ttl));
            self.ask(&command).await
        })
    }

    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        Box::pin(async move {
            let keys = ["lease", "rotated"].map(|what| self.key(held.name(), what));
            let mut command = script(RELEASE, &keys);
            command.arg(held.owner());
            match rotated {
                Some(it) => {
                    let end = it.not_after().map(|end| stored(end).to_string()).unwrap_or_default();
                    command.arg(it.fencing_token()).arg(it.id()).arg(stored(it.at())).arg(end);
                }
                None => {
                    command.arg(["", "", "", ""].as_slice());
                }
            }
            self.ask::<bool>(&command).await.map(drop)
        })
    }

    fn last_rotation<'a>(&'a self, name: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        Box::pin(async move {
            let (noted, now) = self.ask(&script(NOTED, &[self.key(name, "rotated")])).await?;
            Ok(loaded(noted, now))
        })
    }
}

impl fmt::Debug for RedisLease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RedisLease").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
