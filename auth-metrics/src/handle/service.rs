//! What a handle keeps for one service.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::activity::Activity;
use super::{Operation, Series};
use crate::storage::{Cells, Names, Table};
use crate::terms::{OUTCOME_LABELS, Reason, ReasonSet, label};

/// The built-in sources and as many of the service's own.
const SOURCES: usize = 24;

pub(crate) struct Service {
    /// By index of the operation.
    pub(crate) series: Table<Arc<Series>>,
    /// Latencies recorded by hand, by index of the operation: of each bucket, the count and the rest.
    pub(crate) latencies: Table<Cells>,
    /// What was recorded by hand.
    pub(crate) by_hand: OnceLock<Cells>,
    sources: OnceLock<Names<Arc<Cells>>>,
    registrations: AtomicU64,
    /// How often it was registered.
    registered: AtomicU64,
    activity: Activity,
}

/// Which of a service's counts by hand.
#[derive(Clone, Copy)]
pub(crate) enum ByHand {
    AuthSuccess,
    TokenSuccess,
    RateLimitExceeded,
    AuthFailure(Reason),
    TokenFailure(Reason),
}

impl ByHand {
    pub(crate) const AUTH_FAILURES: usize = 3;
    pub(crate) const TOKEN_FAILURES: usize = Self::AUTH_FAILURES + ReasonSet::CAPACITY;
    pub(crate) const COUNT: usize = Self::TOKEN_FAILURES + ReasonSet::CAPACITY;

    pub(crate) fn cell(self) -> usize {
        match self {
            ByHand::AuthSuccess => 0,
            ByHand::TokenSuccess => 1,
            ByHand::RateLimitExceeded => 2,
            ByHand::AuthFailure(reason) => Self::AUTH_FAILURES + reason.position(),
            ByHand::TokenFailure(reason) => Self::TOKEN_FAILURES + reason.position(),
        }
    }
}

impl Service {
    pub(crate) fn new(operations: &Names<Operation>) -> Service {
        Service {
            series: Table::new(operations.places()),
            latencies: Table::new(operations.places()),
            by_hand: OnceLock::new(),
            sources: OnceLock::new(),
            registrations: AtomicU64::new(0),
            registered: AtomicU64::new(0),
            activity: Activity::default(),
        }
    }

    pub(crate) fn count(&self, what: ByHand) {
        self.by_hand.get_or_init(|| Cells::new(ByHand::COUNT)).writer().add(what.cell(), 1);
    }

    /// The cells of a source, one per outcome, and whether its label was folded. With the first of a kind come the
    /// others that its type knows.
    pub(crate) fn source(&self, source: &str, known: &[&str]) -> (bool, &Arc<Cells>) {
        let make = |_| Arc::new(Cells::new(OUTCOME_LABELS.len()));
        let sources = self.sources.get_or_init(|| Names::new(SOURCES, label::OTHER));
        if sources.find(source).is_none() {
            for known in known {
                sources.resolve(known, label::is_name, make);
            }
        }
        let (place, cells) = sources.resolve(source, label::is_name, make);
        (place.folded, cells)
    }

    /// The label and the cells of each source.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Cells>)> {
        let sources = self.sources.get().into_iter().flat_map(Names::iter);
        sources.map(|(_, label, cells)| (label, cells))
    }

    pub(crate) fn register(&self) {
        self.registered.fetch_add(1, Ordering::Relaxed);
        self.registrations.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes one registration back; false if there was none.
    pub(crate) fn deregister(&self) -> bool {
        let taken = self
            .registrations
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1));
        taken.is_ok()
    }

    pub(crate) fn registrations(&self) -> u64 {
        self.registrations.load(Ordering::Relaxed)
    }

    /// How often it was registered, those that are gone included.
    pub(crate) fn registered(&self) -> u64 {
        self.registered.load(Ordering::Relaxed)
    }

    pub(crate) fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Whether it ever was registered, or an attempt made for it: its series are then exported at zero.
    pub(crate) fn is_known(&self) -> bool {
        self.registered() > 0 || self.series.iter().next().is_some()
    }
}
