//! What `kept` is without a feature that shares.

/// There are none.
pub(crate) enum Replicas {}
