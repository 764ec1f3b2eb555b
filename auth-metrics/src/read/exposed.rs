//! What a scrape shows for what was recorded: the one place that knows what each exposure hides.

use crate::handle::Exposure;
use crate::storage::Buckets;
use crate::terms::{OUTCOME_LABELS, OutcomeLabel, Positions, Reason, ReasonSet};

/// Failures by position of the reason as it is exported, and which of them are exported at all.
pub(super) struct Failures {
    counts: [u64; ReasonSet::CAPACITY],
    known: Positions,
    exposure: Exposure,
}

impl Failures {
    pub(super) fn new(exposure: Exposure) -> Failures {
        Failures { counts: [0; ReasonSet::CAPACITY], known: Positions::NONE, exposure }
    }

    /// Adds the count of the reason at a position, which is exported from here on.
    pub(super) fn add(&mut self, (position, count): (usize, u64)) {
        let exposed = exposed(position, self.exposure);
        self.counts[exposed] += count;
        self.known = self.known.with(exposed);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Reason, u64)> {
        self.known.iter().map(|position| (Reason::at(position), self.counts[position]))
    }
}

/// The position of the reason that a scrape shows for the reason at a position.
pub(super) fn exposed(position: usize, exposure: Exposure) -> usize {
    let merged = match exposure {
        Exposure::Full => false,
        Exposure::Standard => position == Reason::UnknownSubject.position(),
        Exposure::Strict => Reason::at(position).reveals_account(),
    };
    if merged { Reason::InvalidCredentials.position() } else { position }
}

/// Counts by outcome as a scrape shows them. A second step is asked for only once the first was right, so `Strict` shows
/// it as what its reason is shown as: a refusal.
pub(super) fn exposed_outcomes(
    mut outcomes: [u64; OUTCOME_LABELS.len()],
    exposure: Exposure,
) -> [u64; OUTCOME_LABELS.len()] {
    if exposure == Exposure::Strict {
        let interim = std::mem::take(&mut outcomes[OutcomeLabel::Interim as usize]);
        outcomes[OutcomeLabel::Rejected as usize] += interim;
    }
    outcomes
}

/// The label of an outcome as a scrape shows it.
pub(super) fn exposed_outcome(label: &str, exposure: Exposure) -> &str {
    let is_interim = label == OUTCOME_LABELS[OutcomeLabel::Interim as usize];
    if is_interim && exposure == Exposure::Strict {
        OUTCOME_LABELS[OutcomeLabel::Rejected as usize]
    } else {
        label
    }
}

/// The sum of a histogram of latencies, in nanoseconds. To the nanosecond it would tell the duration of a single attempt,
/// and so whether a password was hashed.
pub(super) fn exposed_sum(buckets: &Buckets, observed: &[u64], exposure: Exposure) -> u128 {
    match exposure {
        Exposure::Full => buckets.exact_sum(observed),
        Exposure::Strict | Exposure::Standard => buckets.coarse_sum(observed),
    }
}
