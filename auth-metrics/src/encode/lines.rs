//! Writes the families of a snapshot line by line into one buffer, whatever the format: nothing is allocated for a series.

use std::marker::PhantomData;

use super::number::{
    is_plain, push_bound, push_display, push_escaped, push_number, push_seconds, push_whole,
};
use crate::handle::{AuthMetrics, Options};
use crate::read::{Exemplar, FullName, Histogram, Visitor};
use crate::terms::Family;

/// What one format has that others don't. Sample lines are the same in all.
pub(super) trait Syntax {
    /// Whether the format has exemplars.
    const EXEMPLARS: bool;

    /// Writes what stands above the samples of a family. `name` is its full name.
    fn head(out: &mut String, name: &str, family: &Family);

    /// Writes an exemplar behind the value of its sample. Not called for a format without exemplars.
    fn exemplar(out: &mut String, exemplar: &Exemplar);

    /// Writes what stands below the last family.
    fn end(out: &mut String);
}

/// Everything that a handle has counted, in one format.
pub(super) fn encode<S: Syntax>(metrics: &AuthMetrics) -> String {
    let mut text = String::new();
    append::<S>(metrics, &mut text);
    text
}

/// The same, behind what a text has already.
pub(super) fn append<S: Syntax>(metrics: &AuthMetrics, text: &mut String) {
    let snapshot = metrics.snapshot();
    // Room for what the last text had, and for some more digits and series.
    let last = metrics.text_size();
    text.reserve(last + last / 16);
    let before = text.len();
    let mut lines = Lines::<S>::new(metrics.options(), std::mem::take(text));
    snapshot.visit(&mut lines);
    S::end(&mut lines.out);
    metrics.note_text_size(lines.out.len() - before);
    *text = lines.out;
}

/// Closes the value of the last label, and the labels.
const CLOSED: &str = "\"} ";
/// Where there are no labels.
const BARE: &str = " ";

struct Lines<'a, S> {
    syntax: PhantomData<S>,
    out: String,
    options: &'a Options,
    /// The names of the family's labels.
    labels: &'static [&'static str],
    /// `name="value",` of each constant label.
    const_labels: String,
    /// A line of the family up to the value of the label that comes next.
    line: String,
    /// How long the family's full name is, with which `line` begins.
    name: usize,
    /// Where in `line` the value of each label begins.
    values: Vec<usize>,
    /// What stands between the last value and the number of a sample: closes the labels, if there are any.
    ending: &'static str,
    /// A line of the last histogram up to the value of `le`.
    bucket: String,
    /// Each bound and the unbounded one, with what closes the labels; they are a handle's, so they are spelled once.
    bounds: Vec<String>,
    /// The bounds that these are.
    spelled: Vec<f64>,
    /// That of the counter that comes next.
    exemplar: Option<Exemplar>,
}

impl<'a, S: Syntax> Lines<'a, S> {
    fn new(options: &'a Options, out: String) -> Lines<'a, S> {
        let mut const_labels = String::new();
        for (name, value) in &options.const_labels {
            const_labels.push_str(name);
            const_labels.push_str("=\"");
            push_escaped(&mut const_labels, value);
            const_labels.push_str("\",");
        }
        Lines {
            syntax: PhantomData,
            out,
            options,
            labels: &[],
            const_labels,
            line: String::new(),
            name: 0,
            values: Vec::new(),
            ending: BARE,
            bucket: String::new(),
            spelled: Vec::new(),
            bounds: Vec::new(),
            exemplar: None,
        }
    }

    /// Goes on with the next label, up to its value.
    fn open_label(&mut self, name: &str) {
        self.line.push_str(name);
        self.line.push_str("=\"");
        self.values.push(self.line.len());
    }

    /// Goes back to where the value of a label begins.
    fn open_value(&mut self, position: usize) {
        self.values.truncate(position + 1);
        self.line.truncate(self.values.last().copied().unwrap_or(self.name));
    }

    /// Goes on to the value of the next label, if there is one.
    fn close_value(&mut self, position: usize) {
        if let Some(next) = self.labels.get(position + 1) {
            self.line.push_str("\",");
            self.open_label(next);
        }
    }

    /// A line up to what closes its labels.
    fn start_line(&mut self, last: Option<&str>) {
        self.out.push_str(&self.line);
        if let Some(last) = last {
            debug_assert!(is_plain(last), "{last:?} would have to be escaped");
            self.out.push_str(last);
        }
    }

    /// The same for a sample of a histogram, whose name has a suffix.
    fn start_suffixed(&mut self, suffix: &str) {
        let (name, labels) = self.line.split_at(self.name);
        for part in [name, suffix, labels] {
            self.out.push_str(part);
        }
    }

    fn end_counted(&mut self, value: u64) {
        self.out.push_str(self.ending);
        push_whole(&mut self.out, value);
        if S::EXEMPLARS
            && let Some(exemplar) = &self.exemplar
        {
            S::exemplar(&mut self.out, exemplar);
            self.exemplar = None;
        }
        self.out.push('\n');
    }

    fn spell_bounds(&mut self, bounds: &[f64]) {
        if self.spelled != bounds {
            self.spelled = bounds.to_vec();
            let spell = |bound: &f64| {
                let mut spelled = String::new();
                push_bound(&mut spelled, *bound);
                spelled.push_str(CLOSED);
                spelled
            };
            self.bounds = bounds.iter().chain([&f64::INFINITY]).map(spell).collect();
        }
    }
}

impl<'s, S: Syntax> Visitor<'s> for Lines<'_, S> {
    fn family(&mut self, family: &'static Family) {
        self.line.clear();
        push_display(
            &mut self.line,
            &FullName { namespace: self.options.namespace.as_deref(), name: family.name },
        );
        self.name = self.line.len();
        S::head(&mut self.out, &self.line, family);
        self.labels = family.labels;
        self.values.clear();
        self.ending = CLOSED;
        match (family.labels.first(), self.const_labels.strip_suffix("\",")) {
            (Some(first), _) => {
                self.line.push('{');
                self.line.push_str(&self.const_labels);
                self.open_label(first);
            }
            (None, Some(all_but_the_end)) => {
                self.line.push('{');
                self.line.push_str(all_but_the_end);
            }
            (None, None) => self.ending = BARE,
        }
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.open_value(position);
        push_escaped(&mut self.line, value);
        self.close_value(position);
    }

    fn plain_label(&mut self, position: usize, value: &'s str) {
        debug_assert!(is_plain(value), "{value:?} would have to be escaped");
        self.open_value(position);
        self.line.push_str(value);
        self.close_value(position);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        self.start_line(last);
        self.end_counted(value);
    }

    fn exemplar(&mut self, exemplar: &Exemplar) {
        if S::EXEMPLARS {
            self.exemplar = Some(*exemplar);
        }
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        self.start_line(last);
        self.out.push_str(self.ending);
        push_number(&mut self.out, value);
        self.out.push('\n');
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        self.spell_bounds(histogram.bounds());
        self.bucket.clear();
        let (name, labels) = self.line.split_at(self.name);
        for part in [name, "_bucket", labels, if self.ending == BARE { "{le=\"" } else { "\",le=\"" }] {
            self.bucket.push_str(part);
        }
        let mut cumulative = 0_u64;
        let mut exemplars = histogram.exemplars();
        for (bucket, (bound, count)) in self.bounds.iter().zip(histogram.counts()).enumerate() {
            cumulative = cumulative.saturating_add(*count);
            self.out.push_str(&self.bucket);
            self.out.push_str(bound);
            push_whole(&mut self.out, cumulative);
            if S::EXEMPLARS
                && let Some(((of, exemplar), further)) = exemplars.split_first()
                && *of == bucket
            {
                S::exemplar(&mut self.out, exemplar);
                exemplars = further;
            }
            self.out.push('\n');
        }
        self.start_suffixed("_sum");
        self.out.push_str(self.ending);
        push_seconds(&mut self.out, histogram.nanos(), histogram.sum());
        self.out.push('\n');
        self.start_suffixed("_count");
        self.end_counted(cumulative);
    }
}
