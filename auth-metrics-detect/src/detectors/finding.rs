//! `Finding`: what a detector found in an attempt, before it is a detection.

use crate::detection::{Evidence, Sentence};
use crate::detector::{Action, Detector, Severity};

/// Whom a finding convicts, by hash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Convicted {
    Source(u64),
    Net(u64),
    Subject(u64),
    Operation(u8),
    /// Nobody: the hash only tells it apart from others.
    Nobody(u64),
}

impl Convicted {
    pub(crate) fn parts(self) -> (Kind, u64) {
        match self {
            Convicted::Source(hash) => (Kind::Source, hash),
            Convicted::Net(hash) => (Kind::Net, hash),
            Convicted::Subject(hash) => (Kind::Subject, hash),
            Convicted::Operation(index) => (Kind::Operation, hash_of_operation(index)),
            Convicted::Nobody(hash) => (Kind::Operation, hash),
        }
    }
}

/// The hash that verdicts about an operation have: they have no other.
pub(crate) fn hash_of_operation(index: u8) -> u64 {
    u64::from(index) + 1
}

/// What the hash of a verdict is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Source,
    Net,
    Subject,
    Operation,
}

/// What a detector found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finding {
    pub(crate) detector: Detector,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    pub(crate) convicted: Convicted,
    pub(crate) is_shared: bool,
    pub(crate) evidence: Evidence,
    /// A guess at the time until the next piece of evidence, in seconds.
    pub(crate) gap: f32,
}

impl Finding {
    pub(crate) fn new(detector: Detector, convicted: Convicted, sentence: Sentence) -> Finding {
        Finding {
            detector,
            severity: Severity::Attack,
            action: Action::Challenge,
            convicted,
            is_shared: false,
            evidence: Evidence {
                probability: 1.0,
                walk: 0.0,
                prior: 0.0,
                count: 0,
                distinct: 0,
                familiar: 0,
                sentence,
            },
            gap: 0.0,
        }
    }

    pub(crate) fn notice(mut self, action: Action) -> Finding {
        (self.severity, self.action) = (Severity::Notice, action);
        self
    }

    pub(crate) fn action(mut self, action: Action) -> Finding {
        self.action = action;
        self
    }

    pub(crate) fn counted(mut self, count: impl Into<u32>, distinct: impl Into<u32>) -> Finding {
        (self.evidence.count, self.evidence.distinct) = (count.into(), distinct.into());
        self
    }

    pub(crate) fn weighed(mut self, walk: f32, prior: f32, probability: f32) -> Finding {
        (self.evidence.walk, self.evidence.prior, self.evidence.probability) = (walk, prior, probability);
        self
    }
}
