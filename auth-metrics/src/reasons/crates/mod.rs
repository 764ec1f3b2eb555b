//! One file a crate, each behind the feature of that name.

#![allow(
    clippy::module_inception,
    reason = "a file holds the function and the module of the crate's name, and `reasons` exports both"
)]

#[cfg(feature = "argon2")]
pub(super) mod argon2;
#[cfg(feature = "bcrypt")]
pub(super) mod bcrypt;
#[cfg(feature = "oauth2")]
mod chain;
#[cfg(feature = "governor")]
pub(super) mod governor;
#[cfg(feature = "http")]
pub(super) mod http;
#[cfg(feature = "jsonwebtoken")]
pub(super) mod jsonwebtoken;
#[cfg(feature = "oauth2")]
pub(super) mod oauth2;
#[cfg(feature = "openidconnect")]
pub(super) mod openidconnect;
#[cfg(feature = "password-hash")]
pub(super) mod password_hash;
#[cfg(feature = "redis")]
pub(super) mod redis;
#[cfg(feature = "reqwest")]
pub(super) mod reqwest;
#[cfg(feature = "sqlx")]
pub(super) mod sqlx;
#[cfg(feature = "tokio")]
pub(super) mod tokio;
#[cfg(feature = "tonic")]
pub(super) mod tonic;
#[cfg(feature = "totp-rs")]
pub(super) mod totp_rs;
