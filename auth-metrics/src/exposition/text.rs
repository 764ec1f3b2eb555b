//! The Prometheus text format, version 0.0.4, written straight from a snapshot into one buffer: nothing is allocated for
//! a series.

use std::fmt::Write;

use super::{FullName, Number};
use crate::metrics::{AuthMetrics, HistogramView, Options, Visitor};
use crate::taxonomy::Family;

/// The `Content-Type` of [`AuthMetrics::encode_text`].
pub const TEXT_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl AuthMetrics {
    /// Everything this handle has counted, in the Prometheus text format 0.0.4. It needs no registry.
    ///
    /// Send it with the content type [`TEXT_CONTENT_TYPE`](crate::TEXT_CONTENT_TYPE).
    pub fn encode_text(&self) -> String {
        let snapshot = self.snapshot();
        let mut text = Text::new(self.options());
        snapshot.visit(self.options().exposure, &mut text);
        text.out
    }
}

struct Text<'a> {
    out: String,
    options: &'a Options,
    family: Option<&'static Family>,
    /// The family's full name.
    name: String,
    /// `name="value",` of each constant label.
    const_labels: String,
    /// The labels of the series that is being written, without braces.
    labels: String,
    /// `le="bound"` of each bucket of the last histogram; bounds are a handle's, so they are spelled once.
    bounds: Vec<String>,
}

impl<'a> Text<'a> {
    fn new(options: &'a Options) -> Text<'a> {
        let mut const_labels = String::new();
        for (name, value) in &options.const_labels {
            push_label(&mut const_labels, name, value);
            const_labels.push(',');
        }
        let (name, labels, bounds) = (String::new(), String::new(), Vec::new());
        Text { out: String::new(), options, family: None, name, const_labels, labels, bounds }
    }

    /// Spells the labels of a series; they end in a comma if there are any.
    fn set_labels(&mut self, values: &[&str]) {
        self.labels.clear();
        self.labels.push_str(&self.const_labels);
        let names = self.family.map_or(&[][..], |family| family.labels);
        for (name, value) in names.iter().zip(values) {
            push_label(&mut self.labels, name, value);
            self.labels.push(',');
        }
    }

    /// One line up to its value: the name with a suffix, and the labels that were set, the last of them `bound`.
    fn start_line(&mut self, suffix: &str, bound: Option<usize>) {
        self.out.push_str(&self.name);
        self.out.push_str(suffix);
        let bound = bound.and_then(|at| self.bounds.get(at));
        match bound {
            Some(bound) => {
                self.out.push('{');
                self.out.push_str(&self.labels);
                self.out.push_str(bound);
                self.out.push_str("} ");
            }
            None if self.labels.is_empty() => self.out.push(' '),
            None => {
                self.out.push('{');
                self.out.push_str(&self.labels[..self.labels.len() - 1]);
                self.out.push_str("} ");
            }
        }
    }

    fn end_line(&mut self, value: u64) {
        push_count(&mut self.out, value);
        self.out.push('\n');
    }

    fn end_line_with(&mut self, value: f64) {
        push_display(&mut self.out, &Number(value));
        self.out.push('\n');
    }

    fn spell_bounds(&mut self, bounds: &[f64]) {
        if self.bounds.len() != bounds.len() + 1 {
            let with_last = bounds.iter().chain([&f64::INFINITY]);
            self.bounds = with_last.map(|bound| format!("le=\"{}\"", Number(*bound))).collect();
        }
    }
}

impl Visitor for Text<'_> {
    fn family(&mut self, family: &'static Family) {
        self.family = Some(family);
        self.name.clear();
        push_display(&mut self.name, &FullName::of(self.options, family));
        let (help, family_type) = (family.help, family.family_type.label());
        for part in ["# HELP ", &self.name, " ", help, "\n# TYPE ", &self.name, " ", family_type, "\n"] {
            self.out.push_str(part);
        }
    }

    fn count(&mut self, labels: &[&str], value: u64) {
        self.set_labels(labels);
        self.start_line("", None);
        self.end_line(value);
    }

    fn level(&mut self, labels: &[&str], value: f64) {
        self.set_labels(labels);
        self.start_line("", None);
        self.end_line_with(value);
    }

    fn histogram(&mut self, labels: &[&str], histogram: &HistogramView<'_>) {
        self.set_labels(labels);
        self.spell_bounds(histogram.bounds);
        let mut cumulative = 0;
        for (bucket, count) in histogram.counts.iter().enumerate() {
            cumulative += count;
            self.start_line("_bucket", Some(bucket));
            self.end_line(cumulative);
        }
        self.start_line("_sum", None);
        self.end_line_with(histogram.sum);
        self.start_line("_count", None);
        self.end_line(cumulative);
    }
}

/// `name="value"`, with backslash, quote and line feed escaped.
fn push_label(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str("=\"");
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'\\' | b'"' | b'\n')) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'"' => "\\\"",
            _ => "\\n",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// A whole number; most counts of a scrape are small.
fn push_count(out: &mut String, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    // Digits are always text.
    out.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

/// Appends; a `String` takes whatever it is given.
fn push_display(out: &mut String, value: &impl std::fmt::Display) {
    let written = write!(out, "{value}");
    debug_assert!(written.is_ok(), "nothing that is written here can fail");
}
