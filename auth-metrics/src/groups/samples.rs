//! `Samples`: what a group hands out when a snapshot is taken.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{InternalErrors, Observations, Overflow};
use crate::terms::{Family, FamilyType};

/// Takes the samples of a group, in any order.
///
/// A sample that no scrape could have is left out and counted in `auth_metrics_internal_errors_total{kind="group_failed"}`: its
/// family is not one of the group's or has another type, it has more or fewer label values than the family has labels, it
/// is not a number, or another sample of the family has the same label values.
#[derive(Debug)]
pub struct Samples {
    families: Vec<FamilySamples>,
    overflows: Vec<(&'static str, u64)>,
    internal_errors: Vec<(&'static str, u64)>,
    /// How many samples were left out.
    refused: u64,
}

/// The samples of one family. Label values stand in one text, since most are short.
#[derive(Debug)]
pub(crate) struct FamilySamples {
    family: &'static Family,
    samples: Vec<(Range<usize>, Value)>,
    /// Where in `text` each label value is.
    values: Vec<Range<usize>>,
    text: String,
}

#[derive(Debug)]
pub(crate) enum Value {
    Count(u64),
    Level(f64),
    Histogram { bounds: Box<[f64]>, counts: Box<[u64]>, sum: f64 },
}

/// One sample: the values of its family's labels, and its own.
pub(crate) struct Sample<'a> {
    pub(crate) labels: Vec<&'a str>,
    pub(crate) value: &'a Value,
}

impl Samples {
    pub(crate) fn of(families: &[&'static Family]) -> Samples {
        let empty = |family: &&'static Family| FamilySamples {
            family,
            samples: Vec::new(),
            values: Vec::new(),
            text: String::new(),
        };
        Samples {
            families: families.iter().map(empty).collect(),
            overflows: Vec::new(),
            internal_errors: Vec::new(),
            refused: 0,
        }
    }

    /// Adds a sample of a counter. `labels` are the values of the family's labels, in their order.
    pub fn counter(&mut self, family: &'static Family, labels: &[&str], value: u64) {
        self.add(family, FamilyType::Counter, labels, Value::Count(value));
    }

    /// Adds a sample of a gauge. `labels` are the values of the family's labels, in their order.
    pub fn gauge(&mut self, family: &'static Family, labels: &[&str], value: f64) {
        if value.is_nan() {
            self.refused += 1;
        } else {
            self.add(family, FamilyType::Gauge, labels, Value::Level(value));
        }
    }

    /// Adds a histogram. `labels` are the values of the family's labels, in their order.
    pub fn histogram(&mut self, family: &'static Family, labels: &[&str], observed: &Observations) {
        let (bounds, counts) = (observed.bounds().into(), observed.counts().into());
        self.add(
            family,
            FamilyType::Histogram,
            labels,
            Value::Histogram { bounds, counts, sum: observed.sum() },
        );
    }

    /// Adds how often values of a label were folded into `other`, to `auth_label_overflow_total{label}`.
    pub fn overflow(&mut self, overflow: &Overflow) {
        self.overflows.push((overflow.label(), overflow.get()));
    }

    /// Adds counts to `auth_metrics_internal_errors_total{kind}`.
    pub fn internal_errors(&mut self, errors: &InternalErrors) {
        self.internal_errors.extend(errors.iter());
    }

    fn add(&mut self, family: &'static Family, family_type: FamilyType, labels: &[&str], value: Value) {
        let own = self.families.iter_mut().find(|own| std::ptr::eq(own.family, family));
        match own.filter(|_| family.family_type == family_type && family.labels.len() == labels.len()) {
            Some(own) => own.add(labels, value),
            None => self.refused += 1,
        }
    }

    /// Leaves out samples whose labels an earlier one has; how many were left out, these and others.
    pub(crate) fn settle(&mut self) -> u64 {
        let repeated: u64 = self.families.iter_mut().map(FamilySamples::leave_out_repeated).sum();
        self.refused + repeated
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

impl FamilySamples {
    pub(crate) fn family(&self) -> &'static Family {
        self.family
    }

    fn add(&mut self, labels: &[&str], value: Value) {
        let first = self.values.len();
        for label in labels {
            let start = self.text.len();
            self.text.push_str(label);
            self.values.push(start..self.text.len());
        }
        self.samples.push((first..self.values.len(), value));
    }

    fn leave_out_repeated(&mut self) -> u64 {
        let (values, text) = (&self.values, &self.text);
        let labels =
            |of: &Range<usize>| values[of.clone()].iter().map(|at| &text[at.clone()]).collect::<Vec<_>>();
        let mut seen = BTreeSet::new();
        let before = self.samples.len();
        self.samples.retain(|(of, _)| seen.insert(labels(of)));
        (before - self.samples.len()) as u64
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Sample<'_>> {
        self.samples.iter().map(|(of, value)| {
            let labels = self.values[of.clone()].iter().map(|at| &self.text[at.clone()]);
            Sample { labels: labels.collect(), value }
        })
    }
}
