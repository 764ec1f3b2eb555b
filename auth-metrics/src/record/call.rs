//! `Call`: which handle, service and source one call of an annotated function means, and so where its attempt counts.

use std::sync::Arc;

use super::Site;
use super::stage::Stage;
use super::target::{Held, Target, cells, given};
use crate::ambient::{self, Handle};
use crate::events::{self, About};
use crate::handle::{AuthMetrics, Begun, Series};
use crate::terms::{ReasonSet, Source, SourceLabels};

/// What an annotated function was called with.
#[must_use]
pub struct Call {
    site: &'static Site,
    pub(super) handle: Option<Handle>,
    pub(super) service: Option<Service>,
    source: Option<SourceLabels>,
    about: Option<Box<About>>,
    decides: bool,
}

/// The service of a call.
#[derive(Clone, Copy)]
pub(super) enum Service {
    /// Its series in the process's handle, which the site knows already.
    Known(&'static Series),
    /// Its index.
    At(usize),
}

impl Service {
    pub(super) fn index(self) -> usize {
        match self {
            Service::Known(series) => series.service(),
            Service::At(index) => index,
        }
    }
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
        Call { site: self, handle: None, service: None, source: None, about: None, decides: false }
    }
}

impl Call {
    /// Into which handle; said before the service and the source.
    pub fn metrics<H: MetricsHandle + ?Sized>(mut self, handle: &H) -> Call {
        self.handle = Some(ambient::found(handle.handle()));
        self
    }

    /// For which service.
    pub fn service<S: AsRef<str> + ?Sized>(mut self, service: &S) -> Call {
        let handle = self.handle.take().unwrap_or_else(ambient::current);
        self.service = Some(find_service(self.site, &handle, service.as_ref()));
        self.handle = Some(handle);
        self
    }

    /// From which source.
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Call {
        self.source = Some(SourceLabels::of(source));
        self
    }

    /// What fails inside of it decides how it ended.
    pub fn nested_decides(self) -> Call {
        Call { decides: true, ..self }
    }

    pub(super) fn with(
        self,
        handle: Option<Handle>,
        source: Option<SourceLabels>,
        about: Option<Box<About>>,
        decides: bool,
    ) -> Call {
        Call { handle, source, about, decides, ..self }
    }
}

/// What can begin an attempt: a site alone, or what more a call says.
pub trait Begin: Sized {
    /// Begins the short way, if the site knows its series and there is nothing more to know.
    fn begin(&self, _reasons: &'static ReasonSet) -> Option<Begun> {
        None
    }

    /// Starts where [`Begin::begin`] can't. The attempt is in the stage then, if it does not go the short way after all.
    fn start(self, stage: &mut Stage, reasons: &'static ReasonSet) -> Option<Begun> {
        self.start_in_stage(stage, reasons)
    }

    /// Starts in the stage, whatever more there is to know.
    fn start_in_stage(self, stage: &mut Stage, reasons: &'static ReasonSet) -> Option<Begun> {
        stage.start(self.into_target(reasons));
        None
    }

    /// What the attempt counts in, and the nanoseconds of it that are over.
    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)>;

    /// Whether anybody observes the handle that is meant: unless the call names one, that of this place.
    fn is_observed(&self) -> bool {
        ambient::current().metrics().is_observed()
    }
}

/// Whether an attempt that begins here counts where its site says, and nowhere else.
fn is_plain_here() -> bool {
    ambient::is_unscoped() && events::given_source().is_none()
}

#[inline(never)]
fn begin_at(site: &'static Site, reasons: &'static ReasonSet) -> Option<Begun> {
    if site.lists_last(reasons) { site.own_series()?.begin() } else { None }
}

impl Begin for &'static Site {
    #[inline]
    fn begin(&self, reasons: &'static ReasonSet) -> Option<Begun> {
        begin_at(self, reasons)
    }

    #[cold]
    #[inline(never)]
    fn start(self, stage: &mut Stage, reasons: &'static ReasonSet) -> Option<Begun> {
        match self.own_series() {
            Some(series) if is_plain_here() && self.has_listed(reasons) => stage.start_in(series),
            _ => self.call().start(stage, reasons),
        }
    }

    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)> {
        self.call().into_target(reasons)
    }
}

/// A site and a service: the calls that name one and nothing else are short, and so is what they leave behind.
pub struct AtService {
    site: &'static Site,
    service: Service,
}

impl AtService {
    /// Says for which service a call is, and nothing more.
    #[inline]
    pub fn new<S: AsRef<str> + ?Sized>(site: &'static Site, service: &S) -> AtService {
        AtService { site, service: find_meant_service(site, service.as_ref()) }
    }
}

#[inline(never)]
fn begin_in(series: &'static Series, site: &'static Site, reasons: &'static ReasonSet) -> Option<Begun> {
    if site.lists_last(reasons) { series.begin() } else { None }
}

impl Begin for AtService {
    #[inline]
    fn begin(&self, reasons: &'static ReasonSet) -> Option<Begun> {
        match self.service {
            Service::Known(series) => begin_in(series, self.site, reasons),
            Service::At(_) => None,
        }
    }

    #[cold]
    #[inline(never)]
    fn start(self, stage: &mut Stage, reasons: &'static ReasonSet) -> Option<Begun> {
        match self.service {
            Service::Known(series) if is_plain_here() && self.site.has_listed(reasons) => {
                stage.start_in(series)
            }
            _ => self.start_in_stage(stage, reasons),
        }
    }

    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)> {
        let AtService { site, service } = self;
        let call = site.call();
        let call = match (service, ambient::current(), ambient::process()) {
            // What the site knew is a service of another handle.
            (Service::Known(series), Handle::Shared(_), Some(process)) => {
                call.service(process.service_name(series.service()))
            }
            (service, ..) => Call { service: Some(service), ..call },
        };
        call.into_target(reasons)
    }
}

impl Begin for Call {
    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)> {
        Some((self.target(reasons)?, 0))
    }

    fn is_observed(&self) -> bool {
        match &self.handle {
            Some(handle) => handle.metrics().is_observed(),
            None => ambient::current().metrics().is_observed(),
        }
    }
}

impl Call {
    /// What the call counts in, wherever that is.
    #[inline(never)]
    pub(super) fn target(self, reasons: &'static ReasonSet) -> Option<Target> {
        let Call { site, handle, service, source, mut about, decides } = self;
        let handle = handle.unwrap_or_else(ambient::current);
        if let Some(source) = source.as_ref().filter(|_| handle.metrics().is_observed()) {
            about.get_or_insert_with(events::spare).note_source(source.label);
        }
        match handle {
            Handle::Process(metrics) => {
                let own = || site.own_series().map_or(Service::At(metrics.own_service()), Service::Known);
                let service = service.unwrap_or_else(own);
                let series = match service {
                    Service::Known(series) if site.has_listed(reasons) => series,
                    service => site.find_series(metrics, reasons, service.index())?,
                };
                let source = source.or_else(|| given(series));
                let source = source.and_then(|source| cells(source, metrics, service.index()));
                let held = Held::Process { series, source: source.map(|cells| &**cells) };
                Some(Target { held, about, decides })
            }
            Handle::Shared(metrics) => {
                let index = service.map_or_else(|| metrics.own_service(), Service::index);
                let series =
                    Arc::clone(metrics.annotated_series(site.annotated(), reasons.positions(), index)?);
                let source = source.or_else(|| given(&series));
                let source = source.and_then(|source| cells(source, &metrics, index)).cloned();
                Some(Target { held: Held::Shared { series, source }, about, decides })
            }
        }
    }
}

/// A call that also says who its attempt is about.
pub struct WithAbout<B> {
    begin: B,
    about: Option<Box<About>>,
}

/// Says who an attempt is about, after everything else. Nothing is evaluated where nobody observes.
#[inline]
pub fn with_about<B: Begin>(begin: B, write: impl FnOnce(&mut About)) -> WithAbout<B> {
    let about = if events::is_observed() { written(&begin, write) } else { None };
    WithAbout { begin, about }
}

#[cold]
fn written(begin: &impl Begin, write: impl FnOnce(&mut About)) -> Option<Box<About>> {
    begin.is_observed().then(|| about(write))
}

/// What a call says of itself.
#[expect(clippy::unnecessary_box_returns, reason = "it goes with the attempt as a box")]
pub(super) fn about(write: impl FnOnce(&mut About)) -> Box<About> {
    let mut about = events::spare();
    write(&mut about);
    about
}

impl<B: Begin> Begin for WithAbout<B> {
    #[inline]
    fn begin(&self, reasons: &'static ReasonSet) -> Option<Begun> {
        if self.about.is_none() { self.begin.begin(reasons) } else { None }
    }

    fn start(self, stage: &mut Stage, reasons: &'static ReasonSet) -> Option<Begun> {
        if self.about.is_none() {
            self.begin.start(stage, reasons)
        } else {
            self.start_in_stage(stage, reasons)
        }
    }

    fn into_target(self, reasons: &'static ReasonSet) -> Option<(Target, u64)> {
        let (mut target, spent) = self.begin.into_target(reasons)?;
        let of_source = std::mem::replace(&mut target.about, self.about);
        if let Some(of_source) = of_source {
            let about = target.about.get_or_insert_with(events::spare);
            of_source.source().into_iter().for_each(|source| about.note_source(source));
            events::keep(of_source);
        }
        Some((target, spent))
    }
}

/// A service of the handle that a call means which names none; what the site knows is of the process's handle, whichever is meant.
#[inline(never)]
fn find_meant_service(site: &'static Site, service: &str) -> Service {
    match site.known_short_service(service) {
        Some(series) => Service::Known(series),
        None => find_other_service(site, service),
    }
}

#[inline(never)]
fn find_other_service(site: &'static Site, service: &str) -> Service {
    find_service(site, &ambient::current(), service)
}

#[inline(never)]
fn find_service(site: &Site, handle: &Handle, service: &str) -> Service {
    let known = match handle {
        Handle::Process(_) => site.known_service(service),
        Handle::Shared(_) => None,
    };
    known.map_or_else(|| Service::At(handle.metrics().service_index(service)), Service::Known)
}
