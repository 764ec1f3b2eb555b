//! `Call`: which handle, service and source one call of an annotated function means, before it starts.

use std::sync::Arc;

use super::Site;
use crate::ambient::{self, Handle};
use crate::metrics::{AuthMetrics, Series};
use crate::storage::{Cells, Clock};
use crate::taxonomy::{ReasonSet, Source};

/// Something of a handle that an attempt keeps: borrowed for ever if the handle is the process's, shared otherwise.
pub(super) enum Held<T: 'static> {
    Process(&'static T),
    Shared(Arc<T>),
}

impl<T> Held<T> {
    #[inline]
    pub(super) fn get(&self) -> &T {
        match self {
            Held::Process(held) => held,
            Held::Shared(held) => held,
        }
    }

    /// Finds it in a handle, whichever kind of handle that is.
    fn find(handle: &Handle, find: impl Fn(&AuthMetrics) -> Option<&Arc<T>>) -> Option<Held<T>> {
        match handle {
            Handle::Process(metrics) => find(metrics).map(|held| Held::Process(&**held)),
            Handle::Shared(metrics) => find(metrics).map(|held| Held::Shared(Arc::clone(held))),
        }
    }
}

/// The series of an annotated function in a handle, for the service at an index.
pub(super) fn series_of(
    handle: &Handle,
    site: &Site,
    reasons: ReasonSet,
    service: usize,
) -> Option<Held<Series>> {
    Held::find(handle, |metrics| metrics.annotated_series(site.annotated(), reasons, service))
}

/// What an annotated function was called with.
#[must_use]
pub struct Call {
    site: &'static Site,
    handle: Option<Handle>,
    service: Option<Service>,
    source: Option<(&'static str, &'static [&'static str])>,
}

/// The service of a call, and its series if the site knows that already.
struct Service {
    index: usize,
    series: Option<&'static Series>,
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
    #[inline]
    pub fn service<S: AsRef<str> + ?Sized>(mut self, service: &S) -> Call {
        let handle = self.handle.get_or_insert_with(ambient::current);
        let known = match handle {
            Handle::Process(_) => self.site.known_service(service.as_ref()),
            Handle::Shared(_) => None,
        };
        self.service = Some(match known {
            Some((index, series)) => Service { index, series: Some(series) },
            None => Service { index: handle.metrics().service_index(service.as_ref()), series: None },
        });
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
    /// What the attempt will count in. A site alone means the handle that is meant where this is asked.
    fn into_target(self, reasons: ReasonSet) -> Option<Target>;

    /// The same, left open where it depends on the place.
    fn into_pending(self, reasons: ReasonSet) -> Pending;
}

/// What an attempt counts in.
pub struct Target {
    pub(super) series: Held<Series>,
    pub(super) source: Option<Held<Cells>>,
}

/// An attempt that has not started.
pub enum Pending {
    /// It counts in whichever handle is meant where it starts.
    Site(&'static Site, ReasonSet),
    /// What it counts in was said, if it is to be had.
    Target(Option<Target>),
}

impl IntoCall for &'static Site {
    #[inline]
    fn into_target(self, reasons: ReasonSet) -> Option<Target> {
        Some(Target { series: self.own_series(reasons)?, source: None })
    }

    fn into_pending(self, reasons: ReasonSet) -> Pending {
        Pending::Site(self, reasons)
    }
}

impl IntoCall for Call {
    #[inline]
    fn into_target(self, reasons: ReasonSet) -> Option<Target> {
        let Call { site, handle, service, source } = self;
        let handle = handle.unwrap_or_else(ambient::current);
        let service =
            service.unwrap_or_else(|| Service { index: handle.metrics().own_service(), series: None });
        let source = source.and_then(|(label, known)| {
            Held::find(&handle, |metrics| metrics.source(service.index, label, known))
        });
        let series = match service.series {
            Some(series) => Held::Process(series),
            None => site.learn_service(&handle, reasons, service.index)?,
        };
        Some(Target { series, source })
    }

    fn into_pending(self, reasons: ReasonSet) -> Pending {
        Pending::Target(self.into_target(reasons))
    }
}

impl Pending {
    /// The clock of the handle that would be meant here.
    pub(super) fn clock(&self) -> Clock {
        match self {
            Pending::Target(Some(target)) => target.series.get().clock().clone(),
            _ => ambient::current().metrics().clock().clone(),
        }
    }

    pub(super) fn into_target(self) -> Option<Target> {
        match self {
            Pending::Site(site, reasons) => site.into_target(reasons),
            Pending::Target(target) => target,
        }
    }
}
