//! `Site`: the static that an annotated function holds, and the shortest way from there to its series.

use std::sync::OnceLock;

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
        Site { annotated, own: OnceLock::new(), by_service: OnceLock::new() }
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

    /// The series of whichever handle is meant here, for that handle's own service.
    #[inline]
    pub(super) fn own_series(&'static self, reasons: ReasonSet) -> Option<Held<Series>> {
        match self.own.get() {
            Some(series) if ambient::is_unscoped() => Some(Held::Process(series)),
            _ => self.find_own_series(reasons),
        }
    }

    #[cold]
    fn find_own_series(&'static self, reasons: ReasonSet) -> Option<Held<Series>> {
        let handle = ambient::current();
        let found = series_of(&handle, self, reasons, handle.metrics().own_service());
        if let Some(Held::Process(series)) = &found {
            self.own.get_or_init(|| series);
        }
        found
    }

    /// The index and the series of a service that a call named before, in the process's handle.
    #[inline]
    pub(super) fn known_service(&self, service: &str) -> Option<(usize, &'static Series)> {
        self.by_service.get()?.get(service).copied()
    }

    /// The series of a service, kept for the next call if the handle is the process's. What was folded is not kept: it
    /// would be new names without end, and each is to be counted.
    #[cold]
    pub(super) fn learn_service(
        &self,
        handle: &Handle,
        reasons: ReasonSet,
        service: usize,
    ) -> Option<Held<Series>> {
        let found = series_of(handle, self, reasons, service);
        if let (Handle::Process(metrics), Some(Held::Process(series))) = (handle, &found)
            && let Some(name) = metrics.named_service(service)
        {
            let known = self.by_service.get_or_init(|| Lookup::new(metrics.max_services()));
            known.get_or_add(name, |_| (service, series));
        }
        found
    }
}
