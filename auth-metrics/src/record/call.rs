//! `Call`: which handle, service and source one call of an annotated function means, and so where its attempt counts.

use std::sync::Arc;

use super::Site;
use super::target::{Held, Target};
use crate::ambient::{self, Handle};
use crate::events::{self, About};
use crate::handle::{AuthMetrics, Series};
use crate::storage::Cells;
use crate::terms::{ReasonSet, Source};

/// What an annotated function was called with.
#[must_use]
pub struct Call {
    site: &'static Site,
    pub(super) handle: Option<Handle>,
    pub(super) service: Option<Service>,
    source: Option<SourceLabels>,
    about: Option<Box<About>>,
}

/// A source's label, and the others of its type.
pub(super) struct SourceLabels {
    label: &'static str,
    known: &'static [&'static str],
}

impl SourceLabels {
    pub(super) fn of<S: Source + ?Sized>(source: &S) -> SourceLabels {
        SourceLabels { label: source.label(), known: source.labels() }
    }

    fn cells<'a>(&self, metrics: &'a AuthMetrics, service: usize) -> Option<&'a Arc<Cells>> {
        metrics.source(service, self.label, self.known)
    }
}

/// The service of a call, and its series if the site knows that already.
#[derive(Clone, Copy)]
pub(super) struct Service {
    pub(super) index: usize,
    /// In the process's handle.
    pub(super) series: Option<&'static Series>,
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

impl Site {
    /// Starts to say what a call means.
    pub fn call(&'static self) -> Call {
        Call { site: self, handle: None, service: None, source: None, about: None }
    }
}

impl Call {
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

    /// Who it is about, said last. Nothing is evaluated where nobody observes.
    #[inline]
    pub fn about(self, write: impl FnOnce(&mut About)) -> Call {
        if events::is_observed() { self.observed(write) } else { self }
    }

    #[cold]
    fn observed(mut self, write: impl FnOnce(&mut About)) -> Call {
        let handle = self.handle.take().unwrap_or_else(ambient::current);
        self.about = handle.metrics().is_observed().then(|| written(write));
        self.handle = Some(handle);
        self
    }

    pub(super) fn with(
        self,
        handle: Option<Handle>,
        source: Option<SourceLabels>,
        about: Option<Box<About>>,
    ) -> Call {
        Call { handle, source, about, ..self }
    }
}

/// What can begin an attempt that starts now: a site alone, or a call that says more.
pub trait IntoTarget {
    /// What the attempt counts in. A site alone means the handle that is meant here.
    fn into_target(self, reasons: &'static ReasonSet) -> Option<Target>;
}

impl IntoTarget for &'static Site {
    #[inline]
    fn into_target(self, reasons: &'static ReasonSet) -> Option<Target> {
        match self.own_series() {
            Some(series) if ambient::is_unscoped() && self.has_listed(reasons) => {
                Some(Target::process(series))
            }
            _ => find_target(self, reasons, None, None, None, None),
        }
    }
}

impl IntoTarget for Call {
    #[inline]
    fn into_target(self, reasons: &'static ReasonSet) -> Option<Target> {
        let Call { site, handle, service, source, about } = self;
        match (handle, service, source, about) {
            (None, Some(Service { series: Some(series), .. }), None, None) if site.has_listed(reasons) => {
                Some(Target::process(series))
            }
            // It had more to say, and nobody observes.
            (None, None, None, None) => site.into_target(reasons),
            (handle, service, source, about) => find_target(site, reasons, handle, service, source, about),
        }
    }
}

/// What a call counts in, wherever that is. It takes the call in parts: a whole one would be put into memory in every
/// call, also where this is not needed.
#[cold]
#[inline(never)]
fn find_target(
    site: &'static Site,
    reasons: &'static ReasonSet,
    handle: Option<Handle>,
    service: Option<Service>,
    source: Option<SourceLabels>,
    mut about: Option<Box<About>>,
) -> Option<Target> {
    let handle = handle.unwrap_or_else(ambient::current);
    if let Some(source) = source.as_ref().filter(|_| handle.metrics().is_observed()) {
        about.get_or_insert_with(events::spare).note_source(source.label);
    }
    match handle {
        Handle::Process(metrics) => {
            let own = || Service { index: metrics.own_service(), series: site.own_series() };
            let service = service.unwrap_or_else(own);
            let source = source.and_then(|source| source.cells(metrics, service.index));
            let series = match service.series.filter(|_| site.has_listed(reasons)) {
                Some(series) => series,
                None => site.find_series(metrics, reasons, service.index)?,
            };
            Some(Target { held: Held::Process { series, source: source.map(|cells| &**cells) }, about })
        }
        Handle::Shared(metrics) => {
            let index = service.map_or_else(|| metrics.own_service(), |service| service.index);
            let source = source.and_then(|source| source.cells(&metrics, index)).cloned();
            let series =
                Arc::clone(metrics.annotated_series(site.annotated(), reasons.positions(), index)?);
            Some(Target { held: Held::Shared { series, source }, about })
        }
    }
}

/// What a call says of itself.
pub(super) fn written(write: impl FnOnce(&mut About)) -> Box<About> {
    let mut about = events::spare();
    write(&mut about);
    about
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
