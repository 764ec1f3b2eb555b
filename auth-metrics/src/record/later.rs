//! `Later`: the same as `Call` for an attempt that starts at the first poll of a future that is still to be made.

use super::Site;
use super::call::{Call, MetricsHandle, Service, about};
use super::target::Target;
use crate::ambient::{self, Handle};
use crate::events::{self, About};
use crate::storage::Clock;
use crate::terms::{ReasonSet, Source, SourceLabels};

/// What an annotated function was called with, kept until its future is polled: the scope that counts is the one there.
#[must_use]
pub struct Later {
    site: &'static Site,
    handle: Option<Handle>,
    service: Option<Named>,
    source: Option<SourceLabels>,
    about: Option<Box<About>>,
    decides: bool,
}

/// A service that a call named. Its name is borrowed by the call only, so it is kept as its place in a table.
enum Named {
    /// It stands in the table of the handle that was meant at the call, or would be folded there. A name that was folded is
    /// no longer known: should another handle be meant by the first poll, it is `other` there too.
    Placed { handle: Handle, service: Service, folded: bool },
    /// It stands in no table yet: only its first attempt, or an attempt before that of any handle, makes this copy.
    Text(Box<str>),
}

impl Later {
    /// Into which handle; said before the service and the source.
    pub fn metrics<H: MetricsHandle + ?Sized>(mut self, handle: &H) -> Later {
        self.handle = Some(ambient::found(handle.handle()));
        self
    }

    /// For which service.
    pub fn service<S: AsRef<str> + ?Sized>(mut self, service: &S) -> Later {
        let service = service.as_ref();
        let meant = self.handle.clone().or_else(ambient::existing);
        let placed = meant.and_then(|handle| self.site.place(handle, service));
        self.service = Some(placed.unwrap_or_else(|| Named::Text(service.into())));
        self
    }

    /// From which source.
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Later {
        self.source = Some(SourceLabels::of(source));
        self
    }

    /// What fails inside of it decides how it ended.
    pub fn nested_decides(self) -> Later {
        Later { decides: true, ..self }
    }

    /// Whether anybody observes the handle that is meant, as far as that can be told.
    fn is_observed(&self) -> bool {
        let meant = self.handle.clone().or_else(ambient::existing);
        meant.is_some_and(|handle| handle.metrics().is_observed())
    }

    /// Who it is about, said last. Nothing is evaluated where nobody observes.
    pub fn about(mut self, write: impl FnOnce(&mut About)) -> Later {
        if events::is_observed() && self.is_observed() {
            self.about = Some(about(write));
        }
        self
    }

    /// The clock of the handle that will be meant, as far as that can be told; nothing is made for it.
    pub(super) fn clock(&self) -> Clock {
        match &self.handle {
            Some(handle) => handle.metrics().clock().clone(),
            None => ambient::clock(),
        }
    }

    /// What the attempt counts in that starts now.
    pub(super) fn target(self, reasons: &'static ReasonSet) -> Option<Target> {
        let Later { site, handle, service, source, about, decides } = self;
        let call = site.call().with(handle, source, about, decides);
        let call = match service {
            None => call,
            Some(Named::Text(service)) => call.service(&service),
            Some(Named::Placed { handle, service, folded }) => call.placed(&handle, service, folded),
        };
        call.target(reasons)
    }
}

impl Site {
    /// Starts to say what a call means whose attempt starts later.
    pub fn later(&'static self) -> Later {
        Later { site: self, handle: None, service: None, source: None, about: None, decides: false }
    }

    /// Where a service stands in a handle; nothing is made for it.
    fn place(&self, handle: Handle, service: &str) -> Option<Named> {
        if let Handle::Process(_) = handle
            && let Some(series) = self.known_service(service)
        {
            return Some(Named::Placed { handle, service: Service::Known(series), folded: false });
        }
        let (index, folded) = handle.metrics().standing_service(service)?;
        Some(Named::Placed { handle, service: Service::At(index), folded })
    }
}

impl Call {
    /// For the service at a place in the handle that was meant when the call was made.
    fn placed(mut self, then: &Handle, service: Service, folded: bool) -> Call {
        let now = self.handle.take().unwrap_or_else(ambient::current);
        if now.metrics().is(then.metrics()) {
            now.metrics().enter_service(service.index(), folded);
            self.handle = Some(now);
            self.service = Some(service);
            return self;
        }
        self.handle = Some(now);
        self.service(then.metrics().service_name(service.index()))
    }
}
