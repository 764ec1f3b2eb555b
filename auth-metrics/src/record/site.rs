//! `Site`: the static that an annotated function holds, and the shortest way from there to its series.

use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use crate::catalogue::{Annotated, Listing};
use crate::handle::{AuthMetrics, Series};
use crate::storage::Lookup;
use crate::terms::{OperationKind, Positions, ReasonSet};

/// One annotated function.
pub struct Site {
    annotated: Annotated,
    /// Its series in the process's handle, for that handle's own service.
    own: OnceLock<&'static Series>,
    /// The reasons that the process's handle does not list for it.
    unlisted: AtomicU64,
    /// The set that was listed last: while it stays the same, there is nothing to compare.
    last_listed: AtomicPtr<ReasonSet>,
    /// Its series in the process's handle, for services that calls name.
    by_service: OnceLock<Box<Lookup<&'static Series>>>,
}

impl Site {
    /// A site; `reasons` is none where the error type could not be spelled outside the function.
    ///
    /// # Panics
    ///
    /// At compile time, when `op` is not the name of an operation.
    pub const fn new(
        op: &'static str,
        kind: OperationKind,
        dynamic_service: bool,
        reasons: Option<ReasonSet>,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Site {
        let annotated = Annotated::new(op, kind, dynamic_service, reasons, module, file, line);
        Site {
            annotated,
            own: OnceLock::new(),
            unlisted: AtomicU64::new(u64::MAX),
            last_listed: AtomicPtr::new(ptr::null_mut()),
            by_service: OnceLock::new(),
        }
    }

    /// What the linker collects of it.
    pub const fn listing(&'static self) -> Listing {
        Listing(&self.annotated)
    }

    pub(super) fn annotated(&self) -> &Annotated {
        &self.annotated
    }

    /// Whether this is the set that was listed last.
    #[inline]
    pub(super) fn lists_last(&self, reasons: &'static ReasonSet) -> bool {
        ptr::eq(self.last_listed.load(Ordering::Relaxed), reasons)
    }

    /// Whether the process's handle lists these reasons for the operation: instances of a generic function share a site.
    pub(super) fn has_listed(&self, reasons: &'static ReasonSet) -> bool {
        let are_listed = |reasons: Positions| reasons.bits() & self.unlisted.load(Ordering::Relaxed) == 0;
        match reasons.standard_positions() {
            Some(positions) => are_listed(positions),
            None => self.lists_last(reasons) || are_listed(reasons.positions()),
        }
    }

    /// The series in the process's handle, for that handle's own service.
    #[inline]
    pub(super) fn own_series(&self) -> Option<&'static Series> {
        self.own.get().copied()
    }

    /// The series of a service that a call named before, in the process's handle.
    pub(super) fn known_service(&self, service: &str) -> Option<&'static Series> {
        self.by_service.get()?.get(service)
    }

    /// The same in a few steps, if the name is short.
    #[inline]
    pub(super) fn known_short_service(&self, service: &str) -> Option<&'static Series> {
        self.by_service.get()?.get_short(service)
    }

    /// Finds the series of a service in the process's handle. It is kept for the next call, unless the service was
    /// folded: that would be new names without end, and each is to be counted.
    pub(super) fn find_series(
        &self,
        metrics: &'static AuthMetrics,
        reasons: &'static ReasonSet,
        service: usize,
    ) -> Option<&'static Series> {
        let positions = reasons.positions();
        let series = metrics.annotated_series(&self.annotated, positions, service)?;
        self.unlisted.fetch_and(!positions.bits(), Ordering::Relaxed);
        self.last_listed.store(ptr::from_ref(reasons).cast_mut(), Ordering::Relaxed);
        if service == metrics.own_service() {
            self.own.get_or_init(|| series);
        }
        // A call may name the handle's own service too.
        if self.annotated.dynamic_service()
            && let Some(name) = metrics.named_service(service)
        {
            let known = self.by_service.get_or_init(|| Box::new(Lookup::new(metrics.max_services())));
            known.get_or_add(name, |_| series);
        }
        Some(series)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NO_REASON: ReasonSet = ReasonSet::EMPTY;

    const fn site(dynamic_service: bool) -> Site {
        Site::new(
            "visited",
            OperationKind::Authentication,
            dynamic_service,
            None,
            module_path!(),
            file!(),
            line!(),
        )
    }

    /// A handle that lives for ever, as the process's does.
    fn forever() -> &'static AuthMetrics {
        Box::leak(Box::new(AuthMetrics::builder().service_id("gateway").max_services(2).build().unwrap()))
    }

    #[test]
    fn own_service_is_known_after_a_call_that_names_it() {
        static SITE: Site = site(true);
        let metrics = forever();
        let series = SITE.find_series(metrics, &NO_REASON, metrics.own_service()).unwrap();
        let known = SITE.known_service("gateway").unwrap();
        assert_eq!(known.service(), metrics.own_service());
        assert!(ptr::eq(known, series));
    }

    #[test]
    fn folded_services_are_never_known() {
        static SITE: Site = site(true);
        let metrics = forever();
        for name in ["orders", "billing", ""] {
            assert!(SITE.find_series(metrics, &NO_REASON, metrics.service_index(name)).is_some());
        }
        let known = ["orders", "billing", "", "other"].map(|name| SITE.known_service(name).is_some());
        assert_eq!(known, [true, false, false, false]);
    }

    #[test]
    fn site_whose_calls_name_no_service_keeps_no_table() {
        static SITE: Site = site(false);
        let metrics = forever();
        assert!(SITE.find_series(metrics, &NO_REASON, metrics.own_service()).is_some());
        assert!(SITE.by_service.get().is_none());
    }
}
