//! `ByService`: the state that a group keeps for each service of a handle.

use std::fmt;
use std::sync::OnceLock;

use super::AuthMetrics;
use crate::storage::Names;
use crate::terms::label;

/// The state that a [`Group`](crate::group::Group) keeps for each service of its handle.
///
/// It has at most as many entries as the handle tells services apart. Further services share the entry `other`. A service
/// that is new here becomes known to the handle too, as with any record for it: its other series are exported at zero. If
/// the handle counts the service as `other`, it adds to `auth_label_overflow_total`. Looking up a service takes no lock.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::group::{ByService, Gauge};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").max_services(2).build()?;
/// let by_service = ByService::new();
/// for service in ["orders", "billing"] {
///     by_service.get_or_insert_with(&metrics, service, Gauge::new).set(Some(1.0));
/// }
/// let services: Vec<&str> = by_service.iter().map(|(service, _)| service).collect();
/// assert_eq!(services, ["orders", "other"]); // the handle's own is the first of two
/// # Ok(()) }
/// ```
pub struct ByService<T> {
    /// Made with the first service, since only the handle knows how many there can be.
    services: OnceLock<Names<T>>,
}

impl<T> ByService<T> {
    /// Returns an empty table.
    pub const fn new() -> ByService<T> {
        ByService { services: OnceLock::new() }
    }

    /// Returns the state of a service, and makes it if the service is new here. Pass the handle that the group is attached
    /// to. `make` must not look up the same table: that would wait for itself.
    pub fn get_or_insert_with(&self, metrics: &AuthMetrics, service_id: &str, make: impl Fn() -> T) -> &T {
        let services = self.services.get_or_init(|| Names::new(metrics.max_services(), label::OTHER));
        if let Some(known) = services.find(service_id).and_then(|index| services.get(index)) {
            return known;
        }
        let exported = metrics.service_name(metrics.service_index(service_id));
        services.resolve(exported, |_| true, |_| make()).1
    }

    /// Returns every service so far with its state, in the order they came, `other` last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.services
            .get()
            .into_iter()
            .flat_map(|services| services.iter().map(|(_, name, kept)| (&**name, kept)))
    }
}

impl<T> Default for ByService<T> {
    fn default() -> ByService<T> {
        ByService::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for ByService<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}
