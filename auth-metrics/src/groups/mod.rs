//! The seam for families that somebody else fills: what a [`Group`] is, the samples it hands out, and bounded counters to fill
//! them from. Knows nothing of handles, and nothing of who reads.

mod by_label;
mod counters;
mod error;
mod gauge;
mod internal_errors;
mod list;
mod observations;
mod samples;

use std::any::Any;

pub use by_label::ByLabel;
pub use counters::Counters;
pub use error::GroupError;
pub use gauge::Gauge;
pub(crate) use internal_errors::unwinding_stops;
pub use internal_errors::{InternalErrors, Overflow};
pub(crate) use list::Groups;
pub use observations::{InvalidBounds, Observations};
pub use samples::Samples;
pub(crate) use samples::{FamilySamples, Value, add_up};

use crate::terms::Family;

/// Families that you fill, with a place of their own in every scrape of a handle.
///
/// [`AuthMetrics::group`](crate::AuthMetrics::group) attaches a group to a handle. From then on its families are in the text, in
/// each registry, in the listener, in [`Snapshot`](crate::Snapshot) and in the cost of the
/// [`Catalogue`](crate::Catalogue), under the handle's namespace and constant labels. The handle's
/// [`Exposure`](crate::Exposure) applies: what it hides in a label `failure_reason` or `outcome` of the core's families, it
/// hides in yours.
///
/// Keep the laws of a scrape: hand out every series from the start, at zero ([born at zero](crate#what-holds)), and let
/// nothing that a request carries add one. [`ByService`](super::group::ByService), [`ByLabel`], [`Counters`], [`Gauge`] and
/// [`Observations`] do that, and neither lock nor block those who record.
///
/// ```
/// use std::sync::Arc;
///
/// use auth_metrics::group::{Counters, Gauge, Group, Samples};
/// use auth_metrics::{AuthMetrics, Family};
///
/// static HITS: Family = Family::counter("session_cache_lookups_total", &["result"], "Look-ups in the session cache.");
/// static SIZE: Family = Family::gauge("session_cache_entries", &[], "Sessions in the cache now.");
///
/// struct SessionCache {
///     lookups: Counters,
///     size: Gauge,
/// }
///
/// impl Group for SessionCache {
///     fn families(&self) -> Vec<&'static Family> {
///         vec![&HITS, &SIZE]
///     }
///
///     fn collect(&self, samples: &mut Samples) {
///         for (index, result) in ["hit", "miss"].into_iter().enumerate() {
///             samples.counter(&HITS, &[result], self.lookups.get(index));
///         }
///         samples.gauge(&SIZE, &[], self.size.get().unwrap_or(0.0));
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let cache: Arc<SessionCache> =
///     metrics.group(|| SessionCache { lookups: Counters::new(2), size: Gauge::new() })?;
/// cache.lookups.add(0, 1);
/// assert!(metrics.encode_text().contains("session_cache_lookups_total{result=\"hit\"} 1\n"));
/// # Ok(()) }
/// ```
pub trait Group: Any + Send + Sync {
    /// The families, in the order of a scrape. Asked once, when the group is attached.
    fn families(&self) -> Vec<&'static Family>;

    /// Hands out every sample. Each snapshot calls it once, on the thread of whoever reads.
    ///
    /// A snapshot of the same handle that is taken in here has the core's families only: it doesn't ask the groups again. If this
    /// panics, the group has no samples in that scrape, and `auth_metrics_internal_errors_total{kind="group_failed"}` rises.
    fn collect(&self, samples: &mut Samples);
}
