//! `Call`: which handle, service and source one call of an annotated function means, before it starts.

use std::sync::Arc;

use super::Site;
use crate::ambient::{self, Handle};
use crate::metrics::{AuthMetrics, Series};
use crate::storage::{Cells, Clock};
use crate::taxonomy::{ReasonSet, Source};

/// A series that an attempt keeps, borrowed for ever where that is possible.
pub(super) enum Held {
    Process(&'static Series),
    Shared(Arc<Series>),
}

impl Held {
    #[inline]
    pub(super) fn series(&self) -> &Series {
        match self {
            Held::Process(series) => series,
            Held::Shared(series) => series,
        }
    }
}

/// The series of an annotated function in a handle, for the service at an index.
pub(super) fn held(handle: &Handle, site: &Site, reasons: ReasonSet, service: usize) -> Option<Held> {
    match handle {
        Handle::Process(metrics) => {
            metrics.annotated_series(site.annotated(), reasons, service).map(|series| Held::Process(series))
        }
        Handle::Shared(metrics) => {
            let series = metrics.annotated_series(site.annotated(), reasons, service);
            series.map(|series| Held::Shared(Arc::clone(series)))
        }
    }
}

/// What an annotated function was called with.
#[must_use]
pub struct Call {
    site: &'static Site,
    handle: Option<Handle>,
    service: Option<usize>,
    source: Option<(&'static str, &'static [&'static str])>,
}

/// A handle, or anything that leads to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `AuthMetrics` handle",
    note = "`metrics = …` takes an `auth_metrics::AuthMetrics`, a reference to one, or an `Arc` or `Box` of one"
)]
pub trait MetricsHandle {
    /// The handle itself.
    fn handle(&self) -> &AuthMetrics;
}

impl MetricsHandle for AuthMetrics {
    fn handle(&self) -> &AuthMetrics {
        self
    }
}

macro_rules! through_pointer {
    ($($pointer:ty),*) => {$(
        impl<H: MetricsHandle + ?Sized> MetricsHandle for $pointer {
            fn handle(&self) -> &AuthMetrics {
                H::handle(self)
            }
        }
    )*};
}

through_pointer!(&H, &mut H, Box<H>, Arc<H>);

impl Call {
    pub(super) fn new(site: &'static Site) -> Call {
        Call { site, handle: None, service: None, source: None }
    }

    /// Into which handle; said before the service and the source.
    pub fn metrics<H: MetricsHandle + ?Sized>(mut self, handle: &H) -> Call {
        self.handle = Some(ambient::found(handle.handle()));
        self
    }

    /// For which service.
    pub fn service<S: AsRef<str> + ?Sized>(mut self, service: &S) -> Call {
        let handle = self.handle.get_or_insert_with(ambient::current);
        self.service = Some(handle.metrics().service_index(service.as_ref()));
        self
    }

    /// From which source.
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Call {
        self.source = Some((source.label(), S::LABELS));
        self
    }
}

/// What can begin an attempt: a site alone, or a call that says more.
pub trait IntoCall {
    /// What is left to find out when the attempt starts.
    fn into_pending(self, reasons: ReasonSet) -> Pending;
}

/// An attempt that has not started.
pub struct Pending {
    target: Target,
    reasons: ReasonSet,
    source: Option<Arc<Cells>>,
}

enum Target {
    /// Whichever handle is meant where the attempt starts.
    Site(&'static Site),
    Known(Held),
}

impl IntoCall for &'static Site {
    #[inline]
    fn into_pending(self, reasons: ReasonSet) -> Pending {
        Pending { target: Target::Site(self), reasons, source: None }
    }
}

impl IntoCall for Call {
    fn into_pending(self, reasons: ReasonSet) -> Pending {
        let Call { site, handle, service, source } = self;
        if handle.is_none() && source.is_none() {
            return site.into_pending(reasons);
        }
        let handle = handle.unwrap_or_else(ambient::current);
        let service = service.unwrap_or_else(|| handle.metrics().own_service());
        let source =
            source.and_then(|(label, known)| handle.metrics().source(service, label, known).cloned());
        let target = held(&handle, site, reasons, service).map_or(Target::Site(site), Target::Known);
        Pending { target, reasons, source }
    }
}

impl Pending {
    /// The clock of the handle that would be meant here.
    pub(super) fn clock(&self) -> Clock {
        match &self.target {
            Target::Site(_) => ambient::current().metrics().clock().clone(),
            Target::Known(held) => held.series().clock().clone(),
        }
    }

    /// The series to count in, and the cells of the source.
    #[inline]
    pub(super) fn resolve(self) -> (Option<Held>, Option<Arc<Cells>>) {
        let held = match self.target {
            Target::Known(held) => Some(held),
            Target::Site(site) => site.own_series(self.reasons),
        };
        (held, self.source)
    }
}
