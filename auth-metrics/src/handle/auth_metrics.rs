//! `AuthMetrics`: one handle, and what it is made of.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Exposure, InternalError, Operation, Service};
use crate::groups::{Groups, InternalErrors, Overflow};
use crate::storage::{Buckets, Clock, Names};

/// A handle to one set of authentication metrics. Clones are cheap and record into the same counts.
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
    /// How long the last text was.
    pub(crate) text_size: AtomicUsize,
}

/// What stays as it was built.
pub(crate) struct Options {
    pub(crate) exposure: Exposure,
    pub(crate) namespace: Option<String>,
    pub(crate) const_labels: Vec<(String, String)>,
    /// How long a service stays active without a success; for ever, if none.
    pub(crate) service_ttl: Option<Duration>,
}

/// Values of labels that were folded into `other`.
pub(crate) struct Overflows {
    pub(crate) service_id: Overflow,
    pub(crate) operation: Overflow,
    pub(crate) source: Overflow,
}

/// What every series of a handle needs while it records.
pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) buckets: Arc<Buckets>,
    pub(crate) internal_errors: InternalErrors,
    pub(crate) overflows: Overflows,
}

impl AuthMetrics {
    /// The service id that is recorded where none is given.
    pub fn service_id(&self) -> &str {
        self.inner.services.name(self.inner.own)
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

    /// How many bytes the last text of this handle had; zero before the first.
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
