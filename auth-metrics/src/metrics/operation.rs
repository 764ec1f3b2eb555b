//! What a handle knows of one operation: its kind and the reasons it can give.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::taxonomy::{Kind, Positions, Reason, ReasonSet};

/// The reasons that the attempt's guard can give, whatever the function says.
const GUARD: ReasonSet = ReasonSet::of(&[Reason::Cancelled, Reason::Panicked]);

pub(crate) struct Operation {
    /// Decided by whoever first says that attempts are made of it.
    kind: OnceLock<Kind>,
    /// Whether it is recorded for services that the call names.
    pub(crate) dynamic_service: bool,
    /// Whether attempts are made of it: an operation that only has latencies recorded by hand is not listed.
    listed: AtomicBool,
    reasons: AtomicU64,
}

impl Operation {
    /// An operation that is known by its name only.
    pub(crate) fn new(dynamic_service: bool) -> Operation {
        let reasons = AtomicU64::new(GUARD.positions().bits());
        Operation { kind: OnceLock::new(), dynamic_service, listed: AtomicBool::new(false), reasons }
    }

    /// Exports it from now on, at zero until something happens, with these reasons too. A kind that is known stays.
    pub(crate) fn list(&self, kind: Kind, reasons: Positions) {
        self.kind.get_or_init(|| kind);
        if !self.reasons().includes(reasons) {
            self.reasons.fetch_or(reasons.bits(), Ordering::Relaxed);
        }
        if !self.is_listed() {
            self.listed.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind.get().copied().unwrap_or_default()
    }

    pub(crate) fn is_listed(&self) -> bool {
        self.listed.load(Ordering::Relaxed)
    }

    /// Every reason known to be possible.
    pub(crate) fn reasons(&self) -> Positions {
        Positions::from_bits(self.reasons.load(Ordering::Relaxed))
    }
}
