//! `Samples`: what a group hands out when a snapshot is taken.

use std::ops::Range;

use super::{InternalErrors, Observations, Overflow};
use crate::terms::{Family, FamilyType, label};

/// Takes the samples of a group, in any order.
///
/// A sample that no scrape could have is left out and counted in `auth_metrics_internal_errors_total{kind="group_failed"}`: its
/// family is not one of the group's or has another type, it has more or fewer label values than the family has labels, it
/// is not a number, or an earlier sample of the family has the same label values.
#[derive(Debug)]
pub struct Samples {
    families: Vec<FamilySamples>,
    overflows: Vec<(&'static str, u64)>,
    internal_errors: Vec<(&'static str, u64)>,
    /// How many samples were left out.
    refused: u64,
}

/// The samples of one family. What they consist of stands in a few long rows, so that nothing is allocated for one of them.
#[derive(Debug)]
pub(crate) struct FamilySamples {
    family: &'static Family,
    kept: Vec<Kept>,
    /// The label values of all samples, one after another.
    text: String,
    /// Where in `text` each of them ends.
    ends: Vec<usize>,
    bounds: Vec<f64>,
    counts: Vec<u64>,
}

#[derive(Debug)]
enum Kept {
    Count(u64),
    Level(f64),
    /// Where its bounds and counts are, and its sum.
    Histogram(Range<usize>, Range<usize>, f64),
    /// An earlier sample has the same label values.
    LeftOut,
}

/// One sample: the values of its family's labels, and its own.
pub(crate) struct Sample<'a> {
    of: &'a FamilySamples,
    place: usize,
    pub(crate) value: Value<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Count(u64),
    Level(f64),
    Histogram { bounds: &'a [f64], counts: &'a [u64], sum: f64 },
}

impl Samples {
    pub(crate) fn of(families: &[&'static Family]) -> Samples {
        let families = families.iter().map(|family| FamilySamples::of(family)).collect();
        Samples { families, overflows: Vec::new(), internal_errors: Vec::new(), refused: 0 }
    }

    /// Adds a sample of a counter. `labels` are the values of the family's labels, in their order.
    pub fn counter(&mut self, family: &'static Family, labels: &[&str], value: u64) {
        self.add(family, FamilyType::Counter, labels, |_| Kept::Count(value));
    }

    /// Adds a sample of a gauge. `labels` are the values of the family's labels, in their order.
    pub fn gauge(&mut self, family: &'static Family, labels: &[&str], value: f64) {
        if value.is_nan() {
            self.refuse();
        } else {
            self.add(family, FamilyType::Gauge, labels, |_| Kept::Level(value));
        }
    }

    /// Adds a histogram. `labels` are the values of the family's labels, in their order.
    pub fn histogram(&mut self, family: &'static Family, labels: &[&str], observed: &Observations) {
        self.add(family, FamilyType::Histogram, labels, |own| own.keep(observed));
    }

    /// Adds how often values of a label were folded into `other`, to `auth_label_overflow_total{label}`. A label that is not
    /// `[a-z][a-z0-9_]*` is left out.
    pub fn overflow(&mut self, overflow: &Overflow) {
        if label::is_name(overflow.label()) {
            add_up(&mut self.overflows, [(overflow.label(), overflow.get())]);
        } else {
            self.refuse();
        }
    }

    /// Adds counts to `auth_metrics_internal_errors_total{kind}`. A kind that is not `[a-z][a-z0-9_]*` is left out.
    pub fn internal_errors(&mut self, errors: &InternalErrors) {
        for (kind, count) in errors.iter() {
            if label::is_name(kind) {
                add_up(&mut self.internal_errors, [(kind, count)]);
            } else {
                self.refuse();
            }
        }
    }

    fn refuse(&mut self) {
        self.refused = self.refused.saturating_add(1);
    }

    fn add(
        &mut self,
        family: &'static Family,
        family_type: FamilyType,
        labels: &[&str],
        keep: impl FnOnce(&mut FamilySamples) -> Kept,
    ) {
        let own = self.families.iter_mut().find(|own| own.is_of(family));
        let fits = |own: &FamilySamples| {
            own.family.family_type == family_type && own.family.labels.len() == labels.len()
        };
        match own.filter(|own| fits(own)) {
            Some(own) => own.add(labels, keep),
            None => self.refuse(),
        }
    }

    /// Leaves out samples whose labels an earlier one has; how many were left out, these and others.
    pub(crate) fn settle(&mut self) -> u64 {
        let repeated: u64 = self.families.iter_mut().map(FamilySamples::leave_out_repeated).sum();
        self.refused.saturating_add(repeated)
    }

    /// The families with their samples, in the group's order.
    pub(crate) fn families(&self) -> &[FamilySamples] {
        &self.families
    }

    pub(crate) fn overflow_counts(&self) -> &[(&'static str, u64)] {
        &self.overflows
    }

    pub(crate) fn internal_error_counts(&self) -> &[(&'static str, u64)] {
        &self.internal_errors
    }
}

/// Adds counts to those of the same label; a label that is new comes last.
pub(crate) fn add_up(
    counts: &mut Vec<(&'static str, u64)>,
    more: impl IntoIterator<Item = (&'static str, u64)>,
) {
    for (label, count) in more {
        match counts.iter_mut().find(|(known, _)| *known == label) {
            Some((_, known)) => *known = known.saturating_add(count),
            None => counts.push((label, count)),
        }
    }
}

/// How many samples a family has room for at first.
const ROOM: usize = 64;

impl FamilySamples {
    fn of(family: &'static Family) -> FamilySamples {
        let (text, ends) = (String::new(), Vec::new());
        FamilySamples { family, kept: Vec::new(), text, ends, bounds: Vec::new(), counts: Vec::new() }
    }

    pub(crate) fn family(&self) -> &'static Family {
        self.family
    }

    /// Names are unique in a group. Addresses are not enough: a family that is a `const` has one wherever it is named.
    fn is_of(&self, family: &'static Family) -> bool {
        std::ptr::eq(self.family, family) || self.family.name == family.name
    }

    fn add(&mut self, labels: &[&str], keep: impl FnOnce(&mut FamilySamples) -> Kept) {
        if self.kept.is_empty() {
            const LETTERS: usize = 8;
            self.kept.reserve(ROOM);
            self.ends.reserve(ROOM * labels.len());
            self.text.reserve(ROOM * labels.len() * LETTERS);
        }
        for label in labels {
            self.text.push_str(label);
            self.ends.push(self.text.len());
        }
        let kept = keep(self);
        self.kept.push(kept);
    }

    /// Nearly always it has the bounds of the one before.
    fn keep(&mut self, observed: &Observations) -> Kept {
        let bounds = match self.kept.last() {
            Some(Kept::Histogram(bounds, ..)) if self.bounds[bounds.clone()] == *observed.bounds() => {
                bounds.clone()
            }
            _ => {
                let first = self.bounds.len();
                self.bounds.extend(observed.bounds());
                first..self.bounds.len()
            }
        };
        let first = self.counts.len();
        self.counts.resize(first + observed.bounds().len() + 1, 0);
        observed.add_counts(&mut self.counts[first..]);
        Kept::Histogram(bounds, first..self.counts.len(), observed.sum())
    }

    fn leave_out_repeated(&mut self) -> u64 {
        let mut places: Vec<usize> = (0..self.kept.len()).collect();
        places.sort_unstable_by(|one, other| {
            self.labels(*one).cmp(self.labels(*other)).then_with(|| one.cmp(other))
        });
        let before = self.kept.len();
        places.dedup_by(|later, earlier| {
            let is_repeated = self.labels(*later).eq(self.labels(*earlier));
            if is_repeated {
                self.kept[*later] = Kept::LeftOut;
            }
            is_repeated
        });
        (before - places.len()) as u64
    }

    /// The label values of the sample at a place.
    fn labels(&self, place: usize) -> impl Iterator<Item = &str> {
        let first = place * self.family.labels.len();
        (first..first + self.family.labels.len()).map(|at| {
            let start = if at == 0 { 0 } else { self.ends[at - 1] };
            &self.text[start..self.ends[at]]
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Sample<'_>> {
        self.kept.iter().enumerate().filter_map(|(place, kept)| {
            let value = match kept {
                Kept::Count(count) => Value::Count(*count),
                Kept::Level(level) => Value::Level(*level),
                Kept::Histogram(bounds, counts, sum) => {
                    let (bounds, counts) = (&self.bounds[bounds.clone()], &self.counts[counts.clone()]);
                    Value::Histogram { bounds, counts, sum: *sum }
                }
                Kept::LeftOut => return None,
            };
            Some(Sample { of: self, place, value })
        })
    }
}

impl<'a> Sample<'a> {
    /// The values of the family's labels.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.of.labels(self.place)
    }
}
