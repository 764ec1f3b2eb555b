//! `Later`: the same as `Call` for an attempt that starts at the first poll of a future that is still to be made.

use std::sync::OnceLock;
use std::time::Instant;

use super::Site;
use super::call::{IntoTarget, MetricsHandle, SourceLabels};
use super::target::Target;
use crate::ambient;
use crate::metrics::AuthMetrics;
use crate::storage::Clock;
use crate::taxonomy::{ReasonSet, Source};

/// What an annotated function was called with, kept until its future is polled: the scope that counts is the one there.
#[must_use]
pub struct Later {
    site: &'static Site,
    metrics: Option<AuthMetrics>,
    service: Option<Box<str>>,
    source: Option<SourceLabels>,
}

impl Later {
    pub(super) fn new(site: &'static Site) -> Later {
        Later { site, metrics: None, service: None, source: None }
    }

    /// Into which handle.
    pub fn metrics<H: MetricsHandle + ?Sized>(mut self, handle: &H) -> Later {
        self.metrics = Some(handle.handle().clone());
        self
    }

    /// For which service.
    pub fn service<S: AsRef<str> + ?Sized>(mut self, service: &S) -> Later {
        self.service = Some(service.as_ref().into());
        self
    }

    /// From which source.
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Later {
        self.source = Some(SourceLabels::of(source));
        self
    }

    /// The clock of the handle that will be meant, as far as that can be told; nothing is made for it.
    pub(super) fn clock(&self) -> Clock {
        static ORIGIN: OnceLock<Instant> = OnceLock::new();
        if let Some(metrics) = &self.metrics {
            return metrics.clock().clone();
        }
        match ambient::existing() {
            Some(handle) => handle.metrics().clock().clone(),
            None => Clock::from_fn(|| ORIGIN.get_or_init(Instant::now).elapsed()),
        }
    }

    pub(super) fn into_target(self, reasons: &'static ReasonSet) -> Option<Target> {
        let Later { site, metrics, service, source } = self;
        if metrics.is_none() && service.is_none() && source.is_none() {
            return site.into_target(reasons);
        }
        let mut call = site.call();
        if let Some(metrics) = &metrics {
            call = call.metrics(metrics);
        }
        if let Some(service) = &service {
            call = call.service(service);
        }
        call.with_source(source).into_target(reasons)
    }
}
