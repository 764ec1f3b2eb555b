//! The samples of a snapshot a family at a time, for back ends that take a family's description and its samples in one go. Knows no back
//! end.

use std::borrow::Cow;
use std::ops::Range;

use crate::Snapshot;
use crate::read::{Exemplar, Histogram, Labels, Visitor};
use crate::terms::Family;

/// The name and the value of a label.
pub(super) type Label<'s> = (&'s str, Cow<'s, str>);

/// Takes the families of a snapshot.
pub(super) trait Families {
    /// How this back end wants the value of a label.
    fn label_value<'s>(&self, value: &'s str) -> Cow<'s, str>;

    /// Takes a family, in the order of a scrape. `name` is its full name.
    fn family<'a, 's: 'a>(
        &mut self,
        family: &'static Family,
        name: &str,
        samples: impl Iterator<Item = (&'a [Label<'s>], &'a Value<'s>)>,
    );
}

/// The value of a sample.
pub(super) enum Value<'s> {
    Counter(u64, Option<Exemplar>),
    Gauge(f64),
    Histogram(Histogram<'s>),
}

/// Hands each family of a snapshot to a back end.
pub(super) fn visit_by_family(snapshot: &Snapshot, back_end: &mut impl Families) {
    let mut gathered = Gathered {
        back_end,
        told: Labels::of(snapshot),
        labels: Vec::new(),
        samples: Vec::new(),
        exemplar: None,
    };
    snapshot.visit(&mut gathered);
    gathered.close();
}

struct Gathered<'s, 'b, B> {
    back_end: &'b mut B,
    told: Labels<'s>,
    /// The labels of all samples of the present family, one after another.
    labels: Vec<Label<'s>>,
    samples: Vec<(Range<usize>, Value<'s>)>,
    /// Of the counter that comes next.
    exemplar: Option<Exemplar>,
}

impl<'s, B: Families> Gathered<'s, '_, B> {
    fn close(&mut self) {
        if let Some(family) = self.told.told() {
            let name = self.told.name().to_string();
            let labels = &self.labels;
            let samples = self.samples.iter().map(|(range, value)| (&labels[range.clone()], value));
            self.back_end.family(family, &name, samples);
        }
        self.samples.clear();
        self.labels.clear();
    }

    fn push(&mut self, last: Option<&'s str>, value: Value<'s>) {
        let first = self.labels.len();
        let back_end = &*self.back_end;
        let labels = self.told.full(last).map(|(name, value)| (name, back_end.label_value(value)));
        self.labels.extend(labels);
        self.samples.push((first..self.labels.len(), value));
    }
}

impl<'s, B: Families> Visitor<'s> for Gathered<'s, '_, B> {
    fn family(&mut self, family: &'static Family) {
        self.close();
        self.told.family(family);
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.told.label(position, value);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        let exemplar = self.exemplar.take();
        self.push(last, Value::Counter(value, exemplar));
    }

    fn exemplar(&mut self, exemplar: &Exemplar) {
        self.exemplar = Some(*exemplar);
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        self.push(last, Value::Gauge(value));
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        self.push(None, Value::Histogram(histogram.clone()));
    }
}
