//! `Call`: which handle, service and source one call of an annotated function means, before it starts.

use std::sync::Arc;

use super::Site;
use crate::ambient::{self, Handle};
use crate::metrics::{AuthMetrics, Series};
use crate::storage::Cells;
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
    source: Option<SourceLabels>,
}

/// A source's label, and the others of its type.
pub(super) struct SourceLabels {
    label: &'static str,
    known: &'static [&'static str],
}

impl SourceLabels {
    pub(super) fn of<S: Source + ?Sized>(source: &S) -> SourceLabels {
        SourceLabels { label: source.label(), known: S::LABELS }
    }
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
        let service = service.as_ref();
        // What the site knows is of the process's handle.
        let known = match &self.handle {
            None if ambient::is_unscoped() => self.site.known_service(service),
            _ => None,
        };
        if let Some((index, series)) = known {
            self.service = Some(Service { index, series: Some(series) });
        } else {
            let (handle, service) = find_service(self.site, self.handle.take(), service);
            self.handle = Some(handle);
            self.service = Some(service);
        }
        self
    }

    /// From which source.
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Call {
        self.source = Some(SourceLabels::of(source));
        self
    }

    pub(super) fn with_source(mut self, source: Option<SourceLabels>) -> Call {
        self.source = source;
        self
    }
}

/// What can begin an attempt that starts now: a site alone, or a call that says more.
pub trait IntoTarget {
    /// What the attempt counts in. A site alone means the handle that is meant here.
    fn into_target(self, reasons: ReasonSet) -> Option<Target>;
}

/// What an attempt counts in.
pub struct Target {
    pub(super) series: Held<Series>,
    pub(super) source: Option<Held<Cells>>,
}

impl IntoTarget for &'static Site {
    #[inline]
    fn into_target(self, reasons: ReasonSet) -> Option<Target> {
        Some(Target { series: self.own_series(reasons)?, source: None })
    }
}

impl IntoTarget for Call {
    #[inline]
    fn into_target(self, reasons: ReasonSet) -> Option<Target> {
        let Call { site, handle, service, source } = self;
        match (handle, service, source) {
            (None, Some(Service { series: Some(series), .. }), None) if site.has_listed(reasons) => {
                Some(Target { series: Held::Process(series), source: None })
            }
            (handle, service, source) => find_target(site, reasons, handle, service, source),
        }
    }
}

/// What a call counts in that says more than a service which the site knows. It takes the call in parts: a whole one
/// would be put into memory for every call, this one or not.
#[cold]
#[inline(never)]
fn find_target(
    site: &'static Site,
    reasons: ReasonSet,
    handle: Option<Handle>,
    service: Option<Service>,
    source: Option<SourceLabels>,
) -> Option<Target> {
    let handle = handle.unwrap_or_else(ambient::current);
    let (index, series) = match service {
        Some(Service { index, series }) => {
            (index, series.map(Held::Process).filter(|_| site.has_listed(reasons)))
        }
        None => (handle.metrics().own_service(), site.known_own_series(&handle, reasons)),
    };
    let source = source.and_then(|SourceLabels { label, known }| {
        Held::find(&handle, |metrics| metrics.source(index, label, known))
    });
    let series = match series {
        Some(series) => series,
        None => site.find_series(&handle, reasons, index)?,
    };
    Some(Target { series, source })
}

/// A handle, and a service in it that the site may not know.
#[cold]
#[inline(never)]
fn find_service(site: &Site, handle: Option<Handle>, service: &str) -> (Handle, Service) {
    let handle = handle.unwrap_or_else(ambient::current);
    let known = match handle {
        Handle::Process(_) => site.known_service(service),
        Handle::Shared(_) => None,
    };
    let found = match known {
        Some((index, series)) => Service { index, series: Some(series) },
        None => Service { index: handle.metrics().service_index(service), series: None },
    };
    (handle, found)
}
