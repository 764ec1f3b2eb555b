//! What a handle knows of one operation: its kind and the reasons it can give.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::terms::{OperationKind, Positions, Reason, ReasonSet};

/// The reasons that the attempt's guard can give, whatever the function says.
const GUARD: ReasonSet = ReasonSet::of(&[Reason::Cancelled, Reason::Panicked]);

pub(crate) struct Operation {
    /// Decided by whoever first says that attempts are made of it.
    kind: OnceLock<OperationKind>,
    /// Whether it is recorded for services that the call names.
    pub(crate) dynamic_service: bool,
    /// Whether attempts are made of it: an operation that only has latencies recorded by hand is not listed.
    listed: AtomicBool,
    reasons: AtomicU64,
    /// Whether it may give any reason, since nobody knows which: then each is exported.
    any: AtomicBool,
}

impl Operation {
    /// An operation that is known by its name only.
    pub(crate) fn new(dynamic_service: bool, any: bool) -> Operation {
        let reasons = AtomicU64::new(GUARD.positions().bits());
        let (listed, any) = (AtomicBool::new(false), AtomicBool::new(any));
        Operation { kind: OnceLock::new(), dynamic_service, listed, reasons, any }
    }

    /// Exports it from now on, at zero until something happens, with these reasons too. A kind that is known stays.
    pub(crate) fn list(&self, kind: OperationKind, reasons: Positions) {
        self.kind.get_or_init(|| kind);
        if !self.listed_reasons().includes(reasons) {
            self.reasons.fetch_or(reasons.bits(), Ordering::Relaxed);
        }
        if !self.is_listed() {
            self.listed.store(true, Ordering::Relaxed);
        }
    }

    /// From now on its reasons are those that are listed.
    pub(crate) fn settle(&self) {
        self.any.store(false, Ordering::Relaxed);
    }

    /// Whether nobody knows its reasons.
    pub(crate) fn is_any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    pub(crate) fn kind(&self) -> OperationKind {
        self.kind.get().copied().unwrap_or_default()
    }

    pub(crate) fn is_listed(&self) -> bool {
        self.listed.load(Ordering::Relaxed)
    }

    /// Every reason that is listed.
    pub(crate) fn listed_reasons(&self) -> Positions {
        Positions::from_bits(self.reasons.load(Ordering::Relaxed))
    }

    /// Every reason that is exported before it comes.
    pub(crate) fn reasons(&self) -> Positions {
        let listed = self.listed_reasons();
        if self.is_any() { listed.union(ReasonSet::ALL.positions()) } else { listed }
    }
}
