//! Every shape without.

pub(crate) use auth_metrics_unmetered::auth_metered;

#[allow(dead_code, reason = "a function that only the attribute names")]
#[path = "code/mod.rs"]
pub(crate) mod code;
