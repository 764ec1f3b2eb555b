//! Rate limiters that export how full they are. Keys (accounts, addresses, clients) never leave the limiter.

#[cfg(feature = "governor010")]
mod governed;
#[cfg(feature = "tower")]
mod layer;
mod limit;
#[cfg(feature = "governor010")]
mod worst;

#[cfg(feature = "governor010")]
pub use governed::{Governed, GovernedKeys};
#[cfg(feature = "tower")]
pub use layer::{RateLimit, RateLimitFuture, RateLimitLayer};
#[cfg(feature = "governor010")]
pub(crate) use limit::LimitSampler;
pub(crate) use limit::{Limit, LimitLevels};
