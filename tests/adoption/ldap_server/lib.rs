//! The authentication of an LDAP server that also has a web front end, in the shape that such servers have:
//!
//! - one `bind` behind two protocols; over LDAP every failure is called "invalid credentials", as the protocol does,
//! - OPAQUE, whose first step is no login yet,
//! - tokens of the crate jwt, whose errors are thrown away for an actix error with a text,
//! - `AuthenticationError(String)`, and an error per layer around the one below,
//! - access checks that return an `Option` of an `impl Trait`.
//!
//! The store is a fake that can be down; its errors are those of sea-orm.

pub mod access;
pub mod domain;
pub mod http;
pub mod ldap;
pub mod opaque;
pub mod sql;
pub mod tokens;
