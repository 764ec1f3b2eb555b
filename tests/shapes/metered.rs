//! Every shape with the attribute.

pub(crate) use auth_metrics::auth_metered;

#[path = "code/mod.rs"]
pub(crate) mod code;
