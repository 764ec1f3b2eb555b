//! `Site`: the static that an annotated function holds, and the shortest way from there to its series.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Later;
use super::call::{Call, Held, series_of};
use crate::ambient::{self, Handle};
use crate::catalogue::{Annotated, Listing};
use crate::metrics::Series;
use crate::storage::Lookup;
use crate::taxonomy::{Kind, ReasonSet};

/// One annotated function.
pub struct Site {
    annotated: Annotated,
    /// Its series in the process's handle, for that handle's own service.
    own: OnceLock<&'static Series>,
    /// The reasons that the process's handle lists for it.
    listed: AtomicU64,
    /// Its series in the process's handle, for services that calls name: the service's index, and the series.
    by_service: OnceLock<Lookup<(usize, &'static Series)>>,
}

impl Site {
    /// A site; `reasons` is none where the error type could not be spelled outside the function.
    ///
    /// # Panics
    ///
    /// At compile time, when `op` is not the name of an operation.
    pub const fn new(
        op: &'static str,
        kind: Kind,
        dynamic_service: bool,
        reasons: Option<ReasonSet>,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Site {
        let annotated = Annotated::new(op, kind, dynamic_service, reasons, module, file, line);
        Site { annotated, own: OnceLock::new(), listed: AtomicU64::new(0), by_service: OnceLock::new() }
    }

    /// What the linker collects of it.
    pub const fn listing(&'static self) -> Listing {
        Listing(&self.annotated)
    }

    /// Starts to say what a call means.
    pub fn call(&'static self) -> Call {
        Call::new(self)
    }

    pub(super) fn annotated(&self) -> &Annotated {
        &self.annotated
    }

    /// Starts to say what a call means whose attempt starts later.
    pub fn later(&'static self) -> Later {
        Later::new(self)
    }

    /// Whether the process's handle lists these reasons for the operation: instances of a generic function share a site.
    #[inline]
    pub(super) fn has_listed(&self, reasons: ReasonSet) -> bool {
        ReasonSet::from_bits(self.listed.load(Ordering::Relaxed)).includes(reasons)
    }

    /// The series of whichever handle is meant here, for that handle's own service.
    #[inline]
    pub(super) fn own_series(&self, reasons: ReasonSet) -> Option<Held<Series>> {
        match self.own.get() {
            Some(series) if ambient::is_unscoped() && self.has_listed(reasons) => Some(Held::Process(series)),
            _ => self.find_own_series(reasons),
        }
    }

    #[cold]
    fn find_own_series(&self, reasons: ReasonSet) -> Option<Held<Series>> {
        let handle = ambient::current();
        let own = handle.metrics().own_service();
        self.known_own_series(&handle, reasons).or_else(|| self.find_series(&handle, reasons, own))
    }

    /// The series of a handle's own service, where the site knows it.
    #[inline]
    pub(super) fn known_own_series(&self, handle: &Handle, reasons: ReasonSet) -> Option<Held<Series>> {
        let known =
            self.own.get().filter(|_| matches!(handle, Handle::Process(_)) && self.has_listed(reasons));
        known.map(|series| Held::Process(*series))
    }

    /// The index and the series of a service that a call named before, in the process's handle.
    #[inline]
    pub(super) fn known_service(&self, service: &str) -> Option<(usize, &'static Series)> {
        self.by_service.get()?.get(service).copied()
    }

    /// Finds the series of a service. It is kept for the next call if the handle is the process's, unless the service
    /// was folded: that would be new names without end, and each is to be counted.
    pub(super) fn find_series(
        &self,
        handle: &Handle,
        reasons: ReasonSet,
        service: usize,
    ) -> Option<Held<Series>> {
        let found = series_of(handle, self, reasons, service);
        if let (Handle::Process(metrics), Some(Held::Process(series))) = (handle, &found) {
            self.listed.fetch_or(reasons.bits(), Ordering::Relaxed);
            if service == metrics.own_service() {
                self.own.get_or_init(|| series);
            } else if let Some(name) = metrics.named_service(service) {
                let known = self.by_service.get_or_init(|| Lookup::new(metrics.max_services()));
                known.get_or_add(name, |_| (service, series));
            }
        }
        found
    }
}
