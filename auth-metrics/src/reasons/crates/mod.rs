//! One file a crate: one table, and a line for each version of the crate, behind the feature of that name.

#![allow(unused_macros, reason = "not every feature has a table")]

#[macro_use]
mod table;

#[cfg(feature = "actix-web4")]
mod actix_web;
#[cfg(any(feature = "argon2_05", feature = "argon2_06"))]
mod argon2;
#[cfg(feature = "axum-login018")]
mod axum_login;
#[cfg(feature = "bb8_09")]
mod bb8;
#[cfg(any(feature = "bcrypt018", feature = "bcrypt019"))]
mod bcrypt;
#[cfg(any(feature = "oauth2_4", feature = "oauth2_5"))]
mod chain;
#[cfg(any(feature = "oauth2_4", feature = "oauth2_5"))]
mod codes;
#[cfg(any(feature = "deadpool012", feature = "deadpool013"))]
mod deadpool;
#[cfg(feature = "diesel2")]
mod diesel;
#[cfg(any(
    feature = "error-stack04",
    feature = "error-stack05",
    feature = "error-stack06",
    feature = "error-stack07",
    feature = "error-stack08"
))]
mod error_stack;
#[cfg(any(feature = "governor08", feature = "governor010"))]
mod governor;
#[cfg(any(feature = "http02", feature = "http1"))]
mod http;
#[cfg(any(
    feature = "jsonwebtoken9",
    feature = "jsonwebtoken10",
    feature = "jsonwebtoken11",
    feature = "jsonwebtoken12"
))]
mod jsonwebtoken;
#[cfg(feature = "jwt016")]
mod jwt;
#[cfg(feature = "ldap3_012")]
mod ldap3;
#[cfg(any(feature = "oauth2_4", feature = "oauth2_5"))]
mod oauth2;
#[cfg(any(feature = "openidconnect3", feature = "openidconnect4"))]
mod openidconnect;
#[cfg(any(feature = "password-hash05", feature = "password-hash06"))]
mod password_hash;
#[cfg(any(feature = "redis029", feature = "redis031", feature = "redis032", feature = "redis1"))]
mod redis;
#[cfg(any(feature = "reqwest011", feature = "reqwest012", feature = "reqwest013"))]
mod reqwest;
#[cfg(feature = "rocket05")]
mod rocket;
#[cfg(feature = "sea-orm1")]
mod sea_orm;
#[cfg(any(feature = "sqlx08", feature = "sqlx09"))]
mod sqlx;
#[cfg(feature = "tokio1")]
mod tokio;
#[cfg(any(feature = "tonic013", feature = "tonic014"))]
mod tonic;
#[cfg(any(feature = "totp-rs5", feature = "totp-rs6"))]
mod totp_rs;
#[cfg(any(feature = "tower-sessions014", feature = "tower-sessions015"))]
mod tower_sessions;

#[cfg(feature = "actix-web4")]
pub use actix_web::*;
#[cfg(any(feature = "argon2_05", feature = "argon2_06"))]
pub use argon2::*;
#[cfg(feature = "axum-login018")]
pub use axum_login::*;
#[cfg(feature = "bb8_09")]
pub use bb8::*;
#[cfg(any(feature = "bcrypt018", feature = "bcrypt019"))]
pub use bcrypt::*;
#[cfg(any(feature = "deadpool012", feature = "deadpool013"))]
pub use deadpool::*;
#[cfg(feature = "diesel2")]
pub use diesel::*;
#[cfg(any(feature = "governor08", feature = "governor010"))]
pub use governor::*;
#[cfg(any(feature = "http02", feature = "http1"))]
pub use http::*;
#[cfg(any(
    feature = "jsonwebtoken9",
    feature = "jsonwebtoken10",
    feature = "jsonwebtoken11",
    feature = "jsonwebtoken12"
))]
pub use jsonwebtoken::*;
#[cfg(feature = "jwt016")]
pub use jwt::*;
#[cfg(feature = "ldap3_012")]
pub use ldap3::*;
#[cfg(any(feature = "oauth2_4", feature = "oauth2_5"))]
pub use oauth2::*;
#[cfg(any(feature = "openidconnect3", feature = "openidconnect4"))]
pub use openidconnect::*;
#[cfg(any(feature = "password-hash05", feature = "password-hash06"))]
pub use password_hash::*;
#[cfg(any(feature = "redis029", feature = "redis031", feature = "redis032", feature = "redis1"))]
pub use redis::*;
#[cfg(any(feature = "reqwest011", feature = "reqwest012", feature = "reqwest013"))]
pub use reqwest::*;
#[cfg(feature = "rocket05")]
pub use rocket::*;
#[cfg(feature = "sea-orm1")]
pub use sea_orm::*;
#[cfg(any(feature = "sqlx08", feature = "sqlx09"))]
pub use sqlx::*;
#[cfg(feature = "tokio1")]
pub use tokio::*;
#[cfg(any(feature = "tonic013", feature = "tonic014"))]
pub use tonic::*;
#[cfg(any(feature = "totp-rs5", feature = "totp-rs6"))]
pub use totp_rs::*;
#[cfg(any(feature = "tower-sessions014", feature = "tower-sessions015"))]
pub use tower_sessions::*;
