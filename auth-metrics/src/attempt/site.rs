//! `Site`: the static that an annotated function holds, and the shortest way from there to its series.

use std::sync::OnceLock;

use super::call::{Call, Held, held};
use crate::ambient::{self, Handle};
use crate::catalogue::{Annotated, Listing};
use crate::metrics::Series;
use crate::taxonomy::{Kind, ReasonSet};

/// One annotated function.
pub struct Site {
    annotated: Annotated,
    /// Its series in the process's handle, for that handle's own service.
    process: OnceLock<&'static Series>,
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
        Site { annotated, process: OnceLock::new() }
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
    pub(super) fn own_series(&'static self, reasons: ReasonSet) -> Option<Held> {
        match self.process.get().filter(|_| ambient::is_unscoped()) {
            Some(series) => Some(Held::Process(series)),
            None => self.find_own_series(reasons),
        }
    }

    #[cold]
    fn find_own_series(&'static self, reasons: ReasonSet) -> Option<Held> {
        let handle = ambient::current();
        let found = held(&handle, self, reasons, handle.metrics().own_service());
        if let (Handle::Process(_), Some(Held::Process(series))) = (&handle, &found) {
            self.process.get_or_init(|| series);
        }
        found
    }
}
