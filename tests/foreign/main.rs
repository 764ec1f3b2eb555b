//! One file a crate: every variant of its errors that can be made has the reason of a table written here, the listed
//! reasons are exactly those, and a variant that an upgrade adds fails the test.

mod actix_web;
mod argon2;
mod axum_login;
mod bb8;
mod bcrypt;
mod deadpool;
mod diesel;
mod end_to_end;
mod error_stack;
mod governor;
mod http;
mod jsonwebtoken;
mod jwt;
mod ldap3;
mod oauth2;
mod openidconnect;
mod opentelemetry;
mod password_hash;
mod redis;
mod reqwest;
mod rocket;
mod sea_orm;
mod sqlx;
mod std_io;
mod tokio;
mod tonic;
mod totp_rs;
mod tower_sessions;
