//! `AuthMetrics`: one handle and its parts.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Core, Exposure, InternalError, Operation, Options, Service};
use crate::events::Consumer;
use crate::groups::Groups;
use crate::storage::{Clock, Names};

/// A handle to one set of authentication metrics.
///
/// Clones are cheap and record into the same counts.
///
/// ```
/// use auth_metrics::AuthMetrics;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// metrics.record_successful_auth("gateway");
/// assert!(metrics.encode_text().contains("service_auth_successful_total{service_id=\"gateway\"} 1\n"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct AuthMetrics {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: Arc<Options>,
    pub(crate) core: Arc<Core>,
    pub(crate) operations: Names<Operation>,
    pub(crate) services: Names<Service>,
    /// The index of the handle's own service.
    pub(crate) own: usize,
    pub(crate) groups: Groups,
    /// Who delivers events, if anybody observes.
    pub(super) consumer: Option<Arc<Consumer>>,
    /// The length of the last text.
    pub(crate) text_size: AtomicUsize,
}

impl AuthMetrics {
    /// Returns the service id of records that name no other.
    pub fn service_id(&self) -> &str {
        self.inner.services.name(self.inner.own)
    }

    /// Returns how much its scrapes reveal, for a [`Group`](crate::group::Group) with families that some exposure must not have.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, Exposure};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").exposure(Exposure::Strict).build()?;
    /// assert_eq!(metrics.exposure(), Exposure::Strict);
    /// # Ok(()) }
    /// ```
    pub fn exposure(&self) -> Exposure {
        self.inner.options.exposure
    }

    /// The index of the handle's own service.
    #[inline]
    pub(crate) fn own_service(&self) -> usize {
        self.inner.own
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.core.clock
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Returns how many bytes the last text of this handle had, or zero before the first.
    pub(crate) fn text_size(&self) -> usize {
        self.inner.text_size.load(Ordering::Relaxed)
    }

    pub(crate) fn note_text_size(&self, size: usize) {
        self.inner.text_size.store(size, Ordering::Relaxed);
    }

    pub(crate) fn is(&self, other: &AuthMetrics) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(crate) fn count_internal_error(&self, error: InternalError) {
        self.inner.core.internal_errors.count(error as usize);
    }
}

impl fmt::Debug for AuthMetrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AuthMetrics").field("service_id", &self.service_id()).finish_non_exhaustive()
    }
}
