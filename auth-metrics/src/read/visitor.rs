//! `Visitor`: how somebody who writes a format, or feeds another registry, takes the families of a snapshot.

use std::borrow::Cow;
use std::fmt;

use super::{Exemplar, Snapshot};
use crate::terms::Family;

/// Takes the families of a [`Snapshot`] one after another, each with its samples. [`Snapshot::visit`] calls it.
///
/// A sample is told in steps: labels that several samples share are told once. [`Labels`] keeps what was told, so an exporter
/// passes each call on to it and writes a line for each value:
///
/// ```
/// use std::fmt::Write;
///
/// use auth_metrics::read::{Histogram, Labels, Visitor};
/// use auth_metrics::{AuthMetrics, Family};
///
/// struct Lines<'s> {
///     labels: Labels<'s>,
///     text: String,
/// }
///
/// impl<'s> Lines<'s> {
///     fn line(&mut self, ending: &str, last: Option<&'s str>, value: f64) {
///         write!(self.text, "{}{ending}", self.labels.name()).unwrap();
///         for (name, value) in self.labels.with(last) {
///             write!(self.text, ",{name}={value}").unwrap();
///         }
///         writeln!(self.text, " {value}").unwrap();
///     }
/// }
///
/// impl<'s> Visitor<'s> for Lines<'s> {
///     fn family(&mut self, family: &'static Family) {
///         self.labels.family(family);
///     }
///     fn label(&mut self, position: usize, value: &'s str) {
///         self.labels.label(position, value);
///     }
///     fn counter(&mut self, last: Option<&'s str>, value: u64) {
///         self.line("", last, value as f64);
///     }
///     fn gauge(&mut self, last: Option<&'s str>, value: f64) {
///         self.line("", last, value);
///     }
///     fn histogram(&mut self, histogram: &Histogram<'s>) {
///         self.line("_count", None, histogram.count() as f64);
///         self.line("_sum", None, histogram.sum());
///     }
/// }
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").namespace("acme").build()?;
/// metrics.record_successful_auth("gateway");
/// let snapshot = metrics.snapshot();
/// let mut lines = Lines { labels: Labels::of(&snapshot), text: String::new() };
/// snapshot.visit(&mut lines);
/// assert!(lines.text.contains("acme_service_auth_successful_total,service_id=gateway 1\n"));
/// # Ok(()) }
/// ```
pub trait Visitor<'s> {
    /// Begins a family: what follows belongs to it, and no label is told yet.
    fn family(&mut self, family: &'static Family);

    /// Tells the value of the family's label at `position` for the samples that follow. Labels before it stay as they are;
    /// labels after it are told anew. A value can be any text.
    fn label(&mut self, position: usize, value: &'s str);

    /// Tells the value of a label that is a name from code, such as an operation: nothing in it needs escaping. Unless you say
    /// otherwise, it is a [`label`](Visitor::label) like any other.
    fn plain_label(&mut self, position: usize, value: &'s str) {
        self.label(position, value);
    }

    /// Takes a sample of a counter. `last` is the value of the family's last label, a name from code, if
    /// [`label`](Visitor::label) has not told it.
    fn counter(&mut self, last: Option<&'s str>, value: u64);

    /// Takes the exemplar of the counter's sample that comes next. Unless you say otherwise, it is left out.
    fn exemplar(&mut self, exemplar: &Exemplar) {
        let _ = exemplar;
    }

    /// Takes a sample of a gauge. `last` is the value of the family's last label, a name from code, if
    /// [`label`](Visitor::label) has not told it.
    fn gauge(&mut self, last: Option<&'s str>, value: f64);

    /// Takes a histogram. Its labels are all told.
    fn histogram(&mut self, histogram: &Histogram<'s>);
}

/// Durations in buckets, and their sum.
#[derive(Clone, Debug)]
pub struct Histogram<'a> {
    pub(super) bounds: Cow<'a, [f64]>,
    pub(super) counts: Cow<'a, [u64]>,
    pub(super) sum: Sum,
    /// Of some buckets, in their order.
    pub(super) exemplars: Cow<'a, [(usize, Exemplar)]>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Sum {
    Nanos(u128),
    Seconds(f64),
}

impl Histogram<'_> {
    /// Returns the finite upper bounds, in seconds.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// Returns how many observations each bucket alone has, in the order of the bounds; the unbounded bucket is the last.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Returns each upper bound with the number of observations up to it, as a scrape has them; the last bound is infinite.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        bounds.zip(self.counts.iter().scan(0, |sum: &mut u64, count| {
            *sum = sum.saturating_add(*count);
            Some(*sum)
        }))
    }

    /// Returns the buckets that have an exemplar, by their place in [`counts`](Histogram::counts), in that order.
    pub fn exemplars(&self) -> &[(usize, Exemplar)] {
        &self.exemplars
    }

    /// Returns the number of all observations.
    pub fn count(&self) -> u64 {
        self.counts.iter().copied().fold(0, u64::saturating_add)
    }

    /// Returns the sum of all observations, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "samples are doubles on the wire")]
    pub fn sum(&self) -> f64 {
        match self.sum {
            // Nearly always it fits, and one instruction converts it.
            Sum::Nanos(nanos) => {
                u64::try_from(nanos).map_or_else(|_| nanos as f64, |nanos| nanos as f64) / 1e9
            }
            Sum::Seconds(seconds) => seconds,
        }
    }

    /// Adds another one. The sum of two that differ in their bounds has those that both have: at them, both counts are known.
    pub(super) fn add(&mut self, other: &Histogram<'_>) {
        self.sum = match (self.sum, other.sum) {
            (Sum::Nanos(one), Sum::Nanos(other)) => Sum::Nanos(one.saturating_add(other)),
            _ => Sum::Seconds(self.sum() + other.sum()),
        };
        // Only groups add histograms up, and theirs have none.
        self.exemplars = Cow::Borrowed(&[]);
        if self.bounds != other.bounds {
            let common: Vec<f64> =
                self.bounds.iter().copied().filter(|bound| other.bounds.contains(bound)).collect();
            self.counts = self.counts_at(&common).into();
            self.bounds = common.into();
        }
        let others = other.counts_at(&self.bounds);
        for (count, more) in self.counts.to_mut().iter_mut().zip(others) {
            *count = count.saturating_add(more);
        }
    }

    /// The counts of wider buckets, whose bounds are some of this one's.
    fn counts_at(&self, wider: &[f64]) -> Vec<u64> {
        let mut counts = vec![0_u64; wider.len() + 1];
        for (bound, count) in self.bounds.iter().chain([&f64::INFINITY]).zip(&*self.counts) {
            let place = &mut counts[wider.partition_point(|each| each < bound)];
            *place = place.saturating_add(*count);
        }
        counts
    }

    /// The sum in nanoseconds, if it is kept so.
    pub(crate) fn nanos(&self) -> Option<u128> {
        match self.sum {
            Sum::Nanos(nanos) => Some(nanos),
            Sum::Seconds(_) => None,
        }
    }
}

/// The name and the labels of the sample that a [`Visitor`] takes, constant labels included.
#[derive(Clone, Debug)]
pub struct Labels<'s> {
    namespace: Option<&'s str>,
    constant: &'s [(String, String)],
    family: Option<&'static Family>,
    /// The values of the family's first labels.
    values: Vec<&'s str>,
}

impl<'s> Labels<'s> {
    /// Starts before the first family of a snapshot.
    pub fn of(snapshot: &'s Snapshot) -> Labels<'s> {
        Labels {
            namespace: snapshot.options.namespace.as_deref(),
            constant: &snapshot.options.const_labels,
            family: None,
            values: Vec::new(),
        }
    }

    /// Takes what [`Visitor::family`] is told.
    pub fn family(&mut self, family: &'static Family) {
        self.family = Some(family);
        self.values.clear();
    }

    /// Takes what [`Visitor::label`] is told.
    pub fn label(&mut self, position: usize, value: &'s str) {
        self.values.truncate(position);
        self.values.push(value);
    }

    /// Returns the full name of the family: the handle's namespace, if it has one, and the family's own name.
    pub fn name(&self) -> impl fmt::Display + use<'s> {
        FullName { namespace: self.namespace, name: self.family.map_or("", |family| family.name) }
    }

    /// Returns the name and value of each label: the handle's constant labels, then the family's. `last` is what a sample's own
    /// call is told.
    pub fn with<'l>(&'l self, last: Option<&'l str>) -> impl Iterator<Item = (&'l str, &'l str)> {
        Labels::<'l>::full(self, last)
    }

    /// The same for as long as the snapshot lives.
    pub(crate) fn full(&self, last: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s str)> {
        let constant = self.constant.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        constant.chain(self.variable(last))
    }

    /// The family that was told last.
    pub(crate) fn told(&self) -> Option<&'static Family> {
        self.family
    }

    /// The family's own labels.
    pub(crate) fn variable(&self, last: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s str)> {
        let names = self.family.map_or(&[][..], |family| family.labels);
        names.iter().copied().zip(self.values.iter().copied().chain(last))
    }
}

/// The name of a family as a handle exports it.
pub(crate) struct FullName<'a> {
    pub(crate) namespace: Option<&'a str>,
    pub(crate) name: &'a str,
}

impl fmt::Display for FullName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self.namespace {
            write!(out, "{namespace}_")?;
        }
        out.write_str(self.name)
    }
}
