//! `WeakAuthMetrics`: a reference to a handle that doesn't keep it.

use std::fmt;
use std::sync::{Arc, Weak};

use super::{AuthMetrics, Inner};

/// A reference to a handle for a thread of yours that reads it: the handle ends with its last user, and not with your thread.
///
/// ```
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
/// let weak = metrics.downgrade();
/// assert!(weak.upgrade().is_some());
/// drop(metrics);
/// assert!(weak.upgrade().is_none());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct WeakAuthMetrics {
    inner: Weak<Inner>,
}

impl AuthMetrics {
    /// Returns a reference that doesn't keep the handle.
    pub fn downgrade(&self) -> WeakAuthMetrics {
        WeakAuthMetrics { inner: Arc::downgrade(&self.inner) }
    }
}

impl WeakAuthMetrics {
    /// Returns the handle, or `None` if it has ended.
    pub fn upgrade(&self) -> Option<AuthMetrics> {
        Some(AuthMetrics { inner: self.inner.upgrade()? })
    }
}

impl fmt::Debug for WeakAuthMetrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("WeakAuthMetrics").finish_non_exhaustive()
    }
}
