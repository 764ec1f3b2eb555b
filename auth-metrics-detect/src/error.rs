//! Why there can be no engine.

use std::fmt;

/// Why there can be no engine, or why a state can't be restored.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The memory is not between 256 KiB and 64 MiB.
    InvalidMemory,
    /// The half-life is not between a minute and 60 days.
    InvalidHalfLife,
    /// The precision is not between 0.5 and 1.
    InvalidPrecision,
    /// The probabilities of the actions are negative or no numbers, or do not rise.
    InvalidActions,
    /// A trusted network is not in CIDR notation.
    InvalidNetwork {
        /// Its position, counted from 1.
        position: usize,
    },
    /// The system gave no random numbers.
    NoRandomness(Box<dyn std::error::Error + Send + Sync>),
    /// The engine is installed already: make one for each handle.
    AlreadyInstalled,
    /// The handle has a family with the name of one of the engine's.
    Families(auth_metrics::group::GroupError),
    /// The URL of the Redis is none.
    #[cfg(feature = "redis")]
    InvalidRedisUrl,
    /// The URL of the Redis asks for TLS, and no TLS feature of the `redis` crate is on.
    #[cfg(feature = "redis")]
    RedisWithoutTls,
    /// Replicas are to share, and the key of the hashes was not set: hashes of different keys don't match.
    #[cfg(feature = "redis")]
    SharingWithoutKey,
    /// The system gave no thread.
    Thread(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidMemory => out.write_str("the memory must be between 262,144 and 67,108,864 bytes"),
            Error::InvalidHalfLife => out.write_str("the half-life must be between a minute and 60 days"),
            Error::InvalidPrecision => out.write_str("the precision must be at least 0.5 and less than 1"),
            Error::InvalidActions => out.write_str(
                "the probabilities of slow, challenge, step_up and block must rise, and not be negative",
            ),
            Error::AlreadyInstalled => {
                out.write_str("the engine is installed already: make an engine for each handle")
            }
            Error::Families(error) => write!(out, "the families of the engine can't be attached: {error}"),
            #[cfg(feature = "redis")]
            Error::InvalidRedisUrl => out.write_str("the URL of the Redis must be like `redis://127.0.0.1:6379/`"),
            #[cfg(feature = "redis")]
            Error::RedisWithoutTls => out.write_str(
                "this program can't connect to a Redis with TLS: turn on the feature `tls-rustls` or `tls-native-tls` of the crate `redis`",
            ),
            #[cfg(feature = "redis")]
            Error::SharingWithoutKey => out.write_str(
                "replicas share hashes, which match only with the same key: pass one from the configuration with `EngineBuilder::key`",
            ),
            Error::Thread(error) => {
                write!(out, "the system gave no thread ({error}): raise the limit of threads")
            }
            Error::InvalidNetwork { position } => {
                write!(out, "trusted network {position} must be in CIDR notation, such as `10.0.0.0/8`")
            }
            Error::NoRandomness(error) => {
                write!(
                    out,
                    "the system gave no random numbers ({error}): pass a key with `EngineBuilder::key`"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NoRandomness(error) => Some(&**error),
            Error::Families(error) => Some(error),
            Error::Thread(error) => Some(error),
            _ => None,
        }
    }
}
