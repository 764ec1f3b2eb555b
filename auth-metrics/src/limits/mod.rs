//! Rate limits, with values that you set or that limiters report. Keys (accounts, addresses, clients) never leave the
//! limiter.

#[cfg(feature = "governor010")]
mod governed;
mod group;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "governor010")]
mod worst;

#[cfg(feature = "governor010")]
pub use governed::{MeteredKeyedLimiter, MeteredLimiter};
#[cfg(feature = "tower")]
pub use layer::{RateLimit, RateLimitFuture, RateLimitLayer};
