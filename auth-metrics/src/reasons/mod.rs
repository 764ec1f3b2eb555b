//! Ready mappings for errors of other crates: functions for `#[reason(with = auth_metrics::reasons::…)]`.
//!
//! Each is behind a feature named after its crate. With the feature on, the error types are
//! [`FailureReason`](trait@crate::FailureReason) too, so a function that returns `Result<T, jsonwebtoken::errors::Error>` needs
//! no `classify`, and a variant around one may say `#[reason(transparent)]`.
//!
//! | feature, with the version it maps | functions | for |
//! |---|---|---|
//! | none | [`io`](fn@io) | `std::io::Error` |
//! | `argon2` 0.6 | `argon2` | `argon2::Error` |
//! | `bcrypt` 0.19 | `bcrypt` | `bcrypt::BcryptError` |
//! | `governor` 0.10 | `governor::not_until`, `governor::insufficient_capacity` | `NotUntil`, `InsufficientCapacity` |
//! | `http` 1 | `http`, `http::dependency` | `http::StatusCode` |
//! | | `http::response`, `http::result` (for `classify`) | `http::Response<B>`, `Result<http::Response<B>, E>` |
//! | `jsonwebtoken` 11 | `jsonwebtoken` | `jsonwebtoken::errors::Error` |
//! | `oauth2` 5 | `oauth2::request_token_error`, `oauth2::configuration_error` | `RequestTokenError`, `ConfigurationError` |
//! | | `oauth2::error_code`, `oauth2::error_code::dependency` | any error code, such as `BasicErrorResponseType` |
//! | `openidconnect` 4 | `openidconnect::{claims_verification_error, signature_verification_error, user_info_error, discovery_error}` | the types of these names |
//! | | `openidconnect::core_auth_error_response_type` | `CoreAuthErrorResponseType` |
//! | `password-hash` 0.6 | `password_hash` | `password_hash::Error` |
//! | `redis` 1 | `redis` | `redis::RedisError` |
//! | `reqwest` 0.13 | `reqwest` | `reqwest::Error` |
//! | `sqlx` 0.9 (Rust 1.94) | `sqlx`, `sqlx::lookup` | `sqlx::Error` |
//! | `tokio` 1 | `tokio::elapsed`, `tokio::join_error` | `time::error::Elapsed`, `task::JoinError` |
//! | `tonic` 0.14 | `tonic`, `tonic::dependency` | `tonic::Status` |
//! | | `tonic::response`, `tonic::result` (for `classify`) | `http::Response<B>` of a gRPC service, `Result` of one |
//! | `totp-rs` 6 | `totp_rs` | `totp_rs::TotpError` |
//!
//! # Names
//!
//! A crate with one error type has the function `reasons::<crate>`; one with several has a function for each in the module
//! `reasons::<crate>`, named after the type. Beside each function stands a module of the same name with `REASONS`, the
//! reasons it can give, which the derive reads.
//!
//! # Roles
//!
//! The same status means different things in my own answer and in the answer of a service that I called: a 401 of mine
//! refuses a caller, a 401 to me says that my own credential is wrong. Where a type comes both ways, the function itself
//! takes the role of the *subject*, my own answer, and `dependency` in its module is the other role. Types that only come
//! from something I called, such as those of a database, have one function in that role.
//!
//! What a stranger can bring about by what he sends is never the server's fault. A variant that a crate added since is
//! `unknown`.

mod std_io;

pub use std_io::io;

#[cfg(any(
    feature = "argon2",
    feature = "bcrypt",
    feature = "governor",
    feature = "http",
    feature = "jsonwebtoken",
    feature = "oauth2",
    feature = "password-hash",
    feature = "redis",
    feature = "sqlx",
    feature = "tokio",
    feature = "totp-rs",
))]
mod crates;
#[cfg(feature = "argon2")]
pub use crates::argon2::argon2;
#[cfg(feature = "bcrypt")]
pub use crates::bcrypt::bcrypt;
#[cfg(feature = "governor")]
pub use crates::governor::governor;
#[cfg(feature = "http")]
pub use crates::http::http;
#[cfg(feature = "jsonwebtoken")]
pub use crates::jsonwebtoken::jsonwebtoken;
#[cfg(feature = "oauth2")]
pub use crates::oauth2::oauth2;
#[cfg(feature = "openidconnect")]
pub use crates::openidconnect::openidconnect;
#[cfg(feature = "password-hash")]
pub use crates::password_hash::password_hash;
#[cfg(feature = "redis")]
pub use crates::redis::redis;
#[cfg(feature = "reqwest")]
pub use crates::reqwest::reqwest;
#[cfg(feature = "sqlx")]
pub use crates::sqlx::sqlx;
#[cfg(feature = "tokio")]
pub use crates::tokio::tokio;
#[cfg(feature = "tonic")]
pub use crates::tonic::tonic;
#[cfg(feature = "totp-rs")]
pub use crates::totp_rs::totp_rs;

/// `FailureReason` for an error of another crate, through the function here that reads it.
macro_rules! failure_reason {
    ($error:ty, $function:ident $(where $($generics:tt)+)?) => {
        impl$(<$($generics)+>)? crate::taxonomy::FailureReason for $error {
            const REASONS: crate::taxonomy::ReasonSet = $function::REASONS;

            fn failure_reason(&self) -> crate::taxonomy::Reason {
                $function(self)
            }
        }
    };
}
use failure_reason;

/// The module beside a function: the reasons that it can give.
macro_rules! reasons_of {
    ($function:ident: $($reason:ident),+ $(,)?) => {
        #[doc = concat!("The reasons that [`", stringify!($function), "`](fn@", stringify!($function), ") can give.")]
        pub mod $function {
            use crate::taxonomy::{Reason, ReasonSet};

            /// Every one of them.
            pub const REASONS: ReasonSet = ReasonSet::of(&[$(Reason::$reason),+]);
        }
    };
}
use reasons_of;
