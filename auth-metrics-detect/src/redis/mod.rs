//! Replicas that share evidence through a Redis or a Valkey: a thread of its own, one pipeline every two seconds.

mod answers;
mod exchange;
mod link;
mod names;
mod news;
mod request;
#[cfg(test)]
#[expect(clippy::float_cmp, reason = "evidence that nothing changes is the same")]
mod tests;
mod wire;

use std::fmt;

use ::redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion};

use crate::error::Error;

pub(crate) use exchange::Exchange;
pub(crate) use link::Sharing;

/// A Redis or a Valkey through which replicas share what they know. Give it to [`EngineBuilder::share`](crate::EngineBuilder::share).
///
/// Every two seconds a thread named `auth-metrics-detect-redis` sends one pipeline and reads its answers. No attempt, and no
/// [`assess`](crate::Engine::assess), ever waits for it. If the server is away, each replica goes on with what it knows; that is counted
/// in `auth_detect_errors_total`, and the thread connects again after 4 seconds, then 8, 16 and 30.
///
/// The server stores keyed hashes and numbers, no identity. It needs version 5 of Redis or later, or any version of Valkey, no module
/// and no script.
///
/// ```
/// use auth_metrics_detect::{Engine, Redis};
///
/// # fn main() -> Result<(), auth_metrics_detect::Error> {
/// // From the configuration: the same 16 bytes at every replica, and a secret.
/// let key = *b"sixteen bytes ..";
/// let redis = Redis::new("redis://127.0.0.1:6379/")?.prefix("gateway:detect");
/// let engine = Engine::builder().key(key).share(redis).build()?;
/// # Ok(()) }
/// ```
///
/// # TLS
///
/// For a `rediss://` URL, turn on a TLS feature of the `redis` crate in your own manifest, for example
/// `redis = { version = "1.8", features = ["tls-rustls", "tls-rustls-webpki-roots"] }`.
#[derive(Clone)]
pub struct Redis {
    info: ConnectionInfo,
    prefix: String,
}

impl Redis {
    /// Reads a URL, such as `redis://user:password@127.0.0.1:6379/0`. It connects once the engine is built.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRedisUrl`] if it is none; [`Error::RedisWithoutTls`] if it asks for TLS and the program has none for it.
    pub fn new(url: &str) -> Result<Redis, Error> {
        // What is wrong with it is not said: there may be a password in it.
        let has_tls =
            ConnectionAddr::TcpTls { host: String::new(), port: 0, insecure: false, tls_params: None }
                .is_supported();
        if !has_tls && ["rediss:", "valkeys:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(Error::RedisWithoutTls);
        }
        Redis::of(url.into_connection_info().map_err(|_| Error::InvalidRedisUrl)?)
    }

    /// Takes the address, the certificates and the login from a client of the `redis` crate.
    ///
    /// # Errors
    ///
    /// [`Error::RedisWithoutTls`] as in [`new`](Redis::new).
    pub fn with_client(client: &Client) -> Result<Redis, Error> {
        Redis::of(client.get_connection_info().clone())
    }

    fn of(info: ConnectionInfo) -> Result<Redis, Error> {
        if !info.addr().is_supported() {
            return Err(Error::RedisWithoutTls);
        }
        // Scores are text in this version of the protocol, and every server knows it.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP2);
        Ok(Redis { info: info.set_redis_settings(settings), prefix: "auth-metrics-detect".to_owned() })
    }

    /// Sets what the names of its keys begin with. Default: `auth-metrics-detect`. Replicas that share have the same prefix, key and
    /// half-life; engines with another key or half-life don't disturb them.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Redis {
        self.prefix = prefix.into();
        self
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
