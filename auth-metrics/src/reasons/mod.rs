//! Ready mappings for errors of other crates: functions for `#[reason(with = auth_metrics::reasons::…)]` on a variant and for
//! `#[auth_metered(reason = auth_metrics::reasons::…)]` on a function.
//!
//! Each is behind a feature for one version of a crate, and several versions of one crate can be on at once. With the feature
//! on, the error types are [`FailureReason`](trait@crate::FailureReason) too, so a function that returns
//! `Result<T, jsonwebtoken::errors::Error>` needs no `classify`, and a variant around one may say `#[reason(transparent)]`.
//!
//! | features | functions, here of the last version | for |
//! |---|---|---|
//! | none | [`io`](fn@io) | `std::io::Error` |
//! | none | [`http_status`](fn@http_status), [`http_status::dependency`](fn@http_status::dependency) | the number of an HTTP status, a `u16` |
//! | | [`http_status::outcome`] (for `classify`) | the same |
//! | `actix-web4` | `actix_web4` | `actix_web::Error` |
//! | | `actix_web4::response`, `actix_web4::result` (for `classify`) | `HttpResponse<B>`, `Result<HttpResponse<B>, E>` |
//! | `argon2_05`, `argon2_06` | `argon2_06` | `argon2::Error` |
//! | `axum-login018` | `axum_login018` | `axum_login::Error<Backend>` |
//! | `bb8_09` | `bb8_09` | `bb8::RunError<E>` |
//! | `bcrypt018`, `bcrypt019` | `bcrypt019` | `bcrypt::BcryptError` |
//! | `deadpool012`, `deadpool013` | `deadpool013` | `deadpool::managed::PoolError<E>` |
//! | `diesel2` | `diesel2`, `diesel2::lookup`, `diesel2::connection_error` | `diesel::result::Error`, `ConnectionError` |
//! | `error-stack04`, `error-stack05`, `error-stack06`, `error-stack07`, `error-stack08` | no function, only the trait and [`reason_chain!`](crate::reason_chain) | `error_stack::Report<C>` |
//! | `governor08`, `governor010` | `governor010::not_until`, `governor010::insufficient_capacity` | `NotUntil`, `InsufficientCapacity` |
//! | `http02`, `http1` | `http1`, `http1::dependency` | `http::StatusCode` |
//! | | `http1::response`, `http1::result` (for `classify`) | `http::Response<B>`, `Result<http::Response<B>, E>` |
//! | `jsonwebtoken9`, `jsonwebtoken10`, `jsonwebtoken11`, `jsonwebtoken12` | `jsonwebtoken12` | `jsonwebtoken::errors::Error` |
//! | `jwt016` | `jwt016` | `jwt::Error` |
//! | `ldap3_012` | `ldap3_012`, `ldap3_012::ldap_result` | `ldap3::LdapError`, `LdapResult` |
//! | `oauth2_4`, `oauth2_5` | `oauth2_5::request_token_error`, `oauth2_5::configuration_error` | `RequestTokenError`, `ConfigurationError` |
//! | | `oauth2_5::error_code`, `oauth2_5::error_code::dependency` | any error code, such as `BasicErrorResponseType` |
//! | `openidconnect3`, `openidconnect4` | `openidconnect4::{claims_verification_error, signature_verification_error, user_info_error, discovery_error}` | the types of these names |
//! | | `openidconnect4::core_auth_error_response_type` | `CoreAuthErrorResponseType` |
//! | `password-hash05`, `password-hash06` | `password_hash06` | `password_hash::Error` |
//! | `redis029`, `redis031`, `redis032`, `redis1` | `redis1` | `redis::RedisError` |
//! | `reqwest011`, `reqwest012`, `reqwest013` | `reqwest013` | `reqwest::Error` |
//! | `rocket05` | `rocket05` | `rocket::http::Status` |
//! | | `rocket05::outcome` (for `classify`) | the same |
//! | `sea-orm1` | `sea_orm1`, `sea_orm1::lookup` | `sea_orm::DbErr` |
//! | `sqlx08`, `sqlx09` (Rust 1.94) | `sqlx09`, `sqlx09::lookup` | `sqlx::Error` |
//! | `tokio1` | `tokio1::elapsed`, `tokio1::join_error` | `time::error::Elapsed`, `task::JoinError` |
//! | `tonic013`, `tonic014` | `tonic014`, `tonic014::dependency` | `tonic::Status` |
//! | | `tonic014::response`, `tonic014::result` (for `classify`) | `http::Response<B>` of a gRPC service, `Result` of one |
//! | `totp-rs5` | `totp_rs5::{totp_url_error, rfc6238_error, secret_parse_error}` | the types of these names |
//! | `totp-rs6` | `totp_rs6` | `totp_rs::TotpError` |
//! | `tower-sessions014`, `tower-sessions015` | `tower_sessions015::session_error`, `tower_sessions015::session_store_error` | `session::Error`, `session_store::Error` |
//!
//! # Names
//!
//! A feature is called after the crate and its major version, for 0.x `0` and the minor one: `jsonwebtoken11`, `sqlx08`. Where
//! the name of the crate ends with a digit, `_` stands between: `argon2_05`. If the compiler says that an error whose feature
//! is on has no `FailureReason`, the error is of another version: `cargo tree -i` with the name of the crate lists those in use.
//!
//! A crate with one error type has the function `reasons::<feature>`, with `_` for `-`; one with several has a function for
//! each in the module `reasons::<feature>`, named after the type. Beside each function stands a module of the same name with
//! `REASONS`, the reasons it can give, which the derive reads.
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

mod crates;
mod status;
mod std_io;

#[allow(unused_imports, unreachable_pub, reason = "without a feature there is nothing in it")]
pub use crates::*;
pub use status::http_status;
pub use std_io::io;

/// `FailureReason` for an error of another crate, through the function here that reads it.
macro_rules! failure_reason {
    ($error:ty, $function:ident $(where $($generics:tt)+)?) => {
        impl$(<$($generics)+>)? crate::terms::FailureReason for $error {
            const REASONS: crate::terms::ReasonSet = $function::REASONS;

            fn failure_reason(&self) -> crate::terms::Reason {
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
            use crate::terms::{Reason, ReasonSet};

            /// Every one of them.
            pub const REASONS: ReasonSet = ReasonSet::of(&[$(Reason::$reason),+]);
        }
    };
}
use reasons_of;
