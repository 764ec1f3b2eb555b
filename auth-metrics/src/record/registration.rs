//! The guard of a registered service.

use crate::handle::{AuthMetrics, InternalError, Service};
use crate::terms::label;

/// Keeps a service registered, and deregisters it when dropped.
///
/// Made by [`AuthMetrics::register_service`].
#[derive(Debug)]
#[must_use = "the service is deregistered when this guard drops"]
pub struct ServiceRegistration {
    metrics: AuthMetrics,
    service: usize,
}

impl AuthMetrics {
    /// Registers a service until the guard is dropped. `auth_active_services` counts the service, and its series are exported
    /// at zero.
    ///
    /// A service that is registered several times is one active service until its last registration ends.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// let registration = metrics.register_service("orders");
    /// assert!(metrics.encode_text().contains("auth_active_services 1\n"));
    /// drop(registration);
    /// assert!(metrics.encode_text().contains("auth_active_services 0\n"));
    /// # Ok(()) }
    /// ```
    pub fn register_service(&self, service_id: &str) -> ServiceRegistration {
        let service = self.service_index(service_id);
        self.register_at(service);
        ServiceRegistration { metrics: self.clone(), service }
    }

    /// Registers a service until [`record_service_deregistration`](AuthMetrics::record_service_deregistration).
    pub fn record_service_registration(&self, service_id: &str) {
        self.register_at(self.service_index(service_id));
    }

    /// Takes back one registration of a service. If there is none, counts an internal error and changes nothing else, so the
    /// gauge never falls below zero.
    pub fn record_service_deregistration(&self, service_id: &str) {
        match self.inner.services.stands_at(service_id, label::is_service_id) {
            Some(service) => self.deregister_at(service),
            None => self.count_internal_error(InternalError::UnmatchedDeregistration),
        }
    }

    fn register_at(&self, service: usize) {
        if let Some(service) = self.inner.services.get(service) {
            service.register();
        }
    }

    fn deregister_at(&self, service: usize) {
        let taken = self.inner.services.get(service).is_some_and(Service::deregister);
        if !taken {
            self.count_internal_error(InternalError::UnmatchedDeregistration);
        }
    }
}

impl Drop for ServiceRegistration {
    fn drop(&mut self) {
        self.metrics.deregister_at(self.service);
    }
}
