//! What a scrape shows for what was recorded: the one place that knows what each exposure hides.

use std::time::Duration;

use super::{Exemplar, Visitor};
use crate::handle::{self, ExemplarOf, Exposure};
use crate::storage::Buckets;
use crate::terms::{OUTCOME_LABELS, OutcomeLabel, Positions, Reason, ReasonSet};

/// Failures by position of the reason as it is exported, and which of them are exported at all.
pub(super) struct Failures {
    counts: [u64; ReasonSet::CAPACITY],
    known: Positions,
    /// At most one for each position.
    exemplars: Vec<(usize, handle::Exemplar)>,
    exposure: Exposure,
}

impl Failures {
    pub(super) fn new(exposure: Exposure) -> Failures {
        Failures { counts: [0; ReasonSet::CAPACITY], known: Positions::NONE, exemplars: Vec::new(), exposure }
    }

    /// Adds the count of the reason at a position, which is exported from here on.
    pub(super) fn add(&mut self, (position, count): (usize, u64)) {
        let exposed = self.exposure.shown(position);
        self.counts[exposed] += count;
        self.known = self.known.with(exposed);
    }

    /// Adds the exemplars of reasons. Of several that are exported as one, the latest stays.
    pub(super) fn add_exemplars(&mut self, exemplars: &[(ExemplarOf, handle::Exemplar)]) {
        if exemplars.is_empty() {
            return;
        }
        self.exemplars.reserve(exemplars.len());
        for (of, exemplar) in exemplars {
            let ExemplarOf::Reason(position) = of else { continue };
            let exposed = self.exposure.shown(*position);
            match self.exemplars.iter_mut().find(|(known, _)| *known == exposed) {
                Some((_, known)) if known.ended_at >= exemplar.ended_at => {}
                Some((_, known)) => *known = *exemplar,
                None => self.exemplars.push((exposed, *exemplar)),
            }
        }
    }

    /// Hands every reason to a visitor, as the label that `spell` gives it.
    pub(super) fn visit<'s>(&self, visitor: &mut impl Visitor<'s>, spell: impl Fn(Reason) -> &'static str) {
        for position in self.known.iter() {
            // One that came after the counts were read waits for the next scrape.
            let exemplar = self.exemplars.iter().find(|(of, _)| *of == position);
            if let Some((_, exemplar)) = exemplar.filter(|_| self.counts[position] > 0) {
                visitor.exemplar(&Exemplar::of(exemplar, 1.0));
            }
            visitor.counter(Some(spell(Reason::at(position))), self.counts[position]);
        }
    }
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

/// The value of a bucket's exemplar, in seconds. To the nanosecond it would tell how long a single attempt took.
pub(super) fn exposed_latency(buckets: &Buckets, bucket: usize, nanos: u64, exposure: Exposure) -> f64 {
    match exposure {
        Exposure::Full => {
            let bound = buckets.seconds().get(bucket).copied().unwrap_or(f64::INFINITY);
            // A bound that is no whole number of nanoseconds may have been rounded up.
            Duration::from_nanos(nanos).as_secs_f64().min(bound)
        }
        Exposure::Strict | Exposure::Standard => buckets.upper(bucket),
    }
}
