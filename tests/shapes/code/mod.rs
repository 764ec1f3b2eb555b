//! Compiled twice: with the attribute, and with one that does nothing.

pub(crate) mod bodies;
pub(crate) mod drops;
pub(crate) mod futures;
pub(crate) mod generics;
pub(crate) mod grpc;
pub(crate) mod selves;
pub(crate) mod stacked;
pub(crate) mod traced;
pub(crate) mod traits;
pub(crate) mod web_actix;
pub(crate) mod web_axum;
pub(crate) mod web_tower;
