//! Hands what a group told to a visitor, as an exposure shows it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::exposed::exposed_outcome;
use super::visitor::Sum;
use super::{Histogram, Visitor};
use crate::groups::{FamilySamples, Value};
use crate::handle::Exposure;
use crate::terms::Reason;

/// Samples that an exposure shows with the same labels are shown as their sum.
pub(super) fn replay<'s>(samples: &'s FamilySamples, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
    let names = samples.family().labels;
    let hides = |label: &&str| *label == "failure_reason" || *label == "outcome";
    if exposure == Exposure::Full || !names.iter().any(hides) {
        for sample in samples.iter() {
            Shown::of(sample.value).show(sample.labels(), visitor);
        }
        return;
    }
    let (mut shown, mut places): (Vec<(Vec<&str>, Shown<'_>)>, _) = (Vec::new(), BTreeMap::new());
    for sample in samples.iter() {
        let labels = names.iter().zip(sample.labels());
        let labels: Vec<&str> = labels.map(|(name, value)| exposed_label(name, value, exposure)).collect();
        let place = *places.entry(labels.clone()).or_insert(shown.len());
        match shown.get_mut(place) {
            Some((_, sum)) => sum.add(sample.value),
            None => shown.push((labels, Shown::of(sample.value))),
        }
    }
    for (labels, value) in &shown {
        value.show(labels.iter().copied(), visitor);
    }
}

fn exposed_label<'s>(name: &str, value: &'s str, exposure: Exposure) -> &'s str {
    match name {
        "failure_reason" => match Reason::from_label(value) {
            Some(reason) => Reason::at(exposure.shown(reason.position())).label(),
            None => value,
        },
        "outcome" => exposed_outcome(value, exposure),
        _ => value,
    }
}

/// A value, or a sum of several.
enum Shown<'s> {
    Count(u64),
    Level(f64),
    Histogram(Histogram<'s>),
}

impl<'s> Shown<'s> {
    fn of(value: Value<'s>) -> Shown<'s> {
        match value {
            Value::Count(count) => Shown::Count(count),
            Value::Level(level) => Shown::Level(level),
            Value::Histogram { bounds, counts, sum } => Shown::Histogram(Histogram {
                bounds: Cow::Borrowed(bounds),
                counts: Cow::Borrowed(counts),
                sum: Sum::Seconds(sum),
                exemplars: Cow::Borrowed(&[]),
            }),
        }
    }

    /// Adds a value of the same family, which has the same type.
    fn add(&mut self, value: Value<'s>) {
        match (self, Shown::of(value)) {
            (Shown::Count(sum), Shown::Count(count)) => *sum = sum.saturating_add(count),
            (Shown::Level(sum), Shown::Level(level)) => *sum += level,
            (Shown::Histogram(sum), Shown::Histogram(histogram)) => sum.add(&histogram),
            _ => {}
        }
    }

    fn show(&self, labels: impl Iterator<Item = &'s str>, visitor: &mut impl Visitor<'s>) {
        for (position, value) in labels.enumerate() {
            visitor.label(position, value);
        }
        match self {
            Shown::Count(count) => visitor.counter(None, *count),
            Shown::Level(level) => visitor.gauge(None, *level),
            Shown::Histogram(histogram) => visitor.histogram(histogram),
        }
    }
}
