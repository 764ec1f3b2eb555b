//! Hands what a group told to a visitor, as an exposure shows it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::exposed::{exposed, exposed_outcome};
use super::visitor::Sum;
use super::{Histogram, Visitor};
use crate::groups::{FamilySamples, Sample, Value};
use crate::handle::Exposure;
use crate::terms::Reason;

/// Samples that an exposure shows with the same labels are shown as their sum.
pub(super) fn replay<'s>(samples: &'s FamilySamples, exposure: Exposure, visitor: &mut impl Visitor<'s>) {
    let hides = |label: &&str| *label == "failure_reason" || *label == "outcome";
    if exposure == Exposure::Full || !samples.family().labels.iter().any(hides) {
        return samples.iter().for_each(|sample| Shown::of(sample.value).show(&sample.labels, visitor));
    }
    let (mut shown, mut places): (Vec<(Vec<&str>, Shown<'_>)>, _) = (Vec::new(), BTreeMap::new());
    for Sample { labels, value } in samples.iter() {
        let names = samples.family().labels.iter();
        let labels: Vec<&str> =
            names.zip(labels).map(|(name, value)| exposed_label(name, value, exposure)).collect();
        let place = *places.entry(labels.clone()).or_insert(shown.len());
        match shown.get_mut(place) {
            Some((_, sum)) => sum.add(value),
            None => shown.push((labels, Shown::of(value))),
        }
    }
    shown.iter().for_each(|(labels, value)| value.show(labels, visitor));
}

fn exposed_label<'s>(name: &str, value: &'s str, exposure: Exposure) -> &'s str {
    match name {
        "failure_reason" => match Reason::from_label(value) {
            Some(reason) => Reason::at(exposed(reason.position(), exposure)).label(),
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
    fn of(value: &'s Value) -> Shown<'s> {
        match value {
            Value::Count(count) => Shown::Count(*count),
            Value::Level(level) => Shown::Level(*level),
            Value::Histogram { bounds, counts, sum } => {
                Shown::Histogram(Histogram { bounds, counts: Cow::Borrowed(counts), sum: Sum::Seconds(*sum) })
            }
        }
    }

    /// Adds a value of the same family, which has the same type.
    fn add(&mut self, value: &'s Value) {
        match (self, Shown::of(value)) {
            (Shown::Count(sum), Shown::Count(count)) => *sum = sum.saturating_add(count),
            (Shown::Level(sum), Shown::Level(level)) => *sum += level,
            (Shown::Histogram(sum), Shown::Histogram(histogram)) => sum.add(&histogram),
            _ => {}
        }
    }

    fn show(&self, labels: &[&'s str], visitor: &mut impl Visitor<'s>) {
        for (position, value) in labels.iter().enumerate() {
            visitor.label(position, value);
        }
        match self {
            Shown::Count(count) => visitor.counter(None, *count),
            Shown::Level(level) => visitor.gauge(None, *level),
            Shown::Histogram(histogram) => visitor.histogram(histogram),
        }
    }
}
