//! What stays of a handle as it was built.

use std::time::Duration;

use super::Exposure;

/// What a reader goes by.
pub(crate) struct Options {
    pub(crate) exposure: Exposure,
    pub(crate) namespace: Option<String>,
    pub(crate) const_labels: Vec<(String, String)>,
    /// How long a service stays active without a success; for ever, if none.
    pub(crate) service_ttl: Option<Duration>,
}
