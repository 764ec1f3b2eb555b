//! The Prometheus text format, version 0.0.4, written straight from a snapshot into one buffer.

use std::fmt::{self, Display, Write};

use super::FullName;
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
    /// `name="value",` of each constant label, escaped.
    const_labels: String,
}

impl<'a> Text<'a> {
    fn new(options: &'a Options) -> Text<'a> {
        let mut const_labels = String::new();
        for (name, value) in &options.const_labels {
            put(&mut const_labels, format_args!("{name}=\"{}\",", Escaped(value)));
        }
        Text { out: String::new(), options, family: None, const_labels }
    }

    /// One line: the family's name and a suffix, the labels, a bound if it is a bucket, and the value.
    fn line(&mut self, suffix: &str, labels: &[&str], bound: Option<&dyn Display>, value: &dyn Display) {
        let Some(family) = self.family else { return };
        let full = FullName { namespace: self.options.namespace.as_deref(), name: family.name };
        put(&mut self.out, format_args!("{full}{suffix}"));
        let before = self.out.len();
        self.out.push('{');
        self.out.push_str(&self.const_labels);
        for (name, value) in family.labels.iter().zip(labels) {
            put(&mut self.out, format_args!("{name}=\"{}\",", Escaped(value)));
        }
        if let Some(bound) = bound {
            put(&mut self.out, format_args!("le=\"{bound}\","));
        }
        if self.out.len() == before + 1 {
            self.out.pop();
        } else {
            self.out.pop();
            self.out.push('}');
        }
        put(&mut self.out, format_args!(" {value}\n"));
    }
}

impl Visitor for Text<'_> {
    fn family(&mut self, family: &'static Family) {
        self.family = Some(family);
        let full = FullName { namespace: self.options.namespace.as_deref(), name: family.name };
        let (help, family_type) = (family.help, family.family_type.label());
        put(&mut self.out, format_args!("# HELP {full} {help}\n# TYPE {full} {family_type}\n"));
    }

    fn count(&mut self, labels: &[&str], value: u64) {
        self.line("", labels, None, &value);
    }

    fn level(&mut self, labels: &[&str], value: f64) {
        self.line("", labels, None, &Number(value));
    }

    fn histogram(&mut self, labels: &[&str], histogram: &HistogramView<'_>) {
        let mut cumulative = 0;
        for (bound, count) in histogram.bounds.iter().zip(histogram.counts) {
            cumulative += count;
            self.line("_bucket", labels, Some(&Number(*bound)), &cumulative);
        }
        let total: u64 = histogram.counts.iter().sum();
        self.line("_bucket", labels, Some(&Number(f64::INFINITY)), &total);
        self.line("_sum", labels, None, &Number(histogram.sum));
        self.line("_count", labels, None, &total);
    }
}

/// A number as the format spells it.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == f64::INFINITY {
            out.write_str("+Inf")
        } else if self.0 == f64::NEG_INFINITY {
            out.write_str("-Inf")
        } else {
            self.0.fmt(out)
        }
    }
}

/// A label value with backslash, quote and line feed escaped.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['\\', '"', '\n']) {
            out.write_str(&rest[..at])?;
            out.write_str(match rest.as_bytes()[at] {
                b'\\' => "\\\\",
                b'"' => "\\\"",
                _ => "\\n",
            })?;
            rest = &rest[at + 1..];
        }
        out.write_str(rest)
    }
}

/// Appends; a `String` takes whatever it is given.
fn put(out: &mut String, text: fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "nothing that is written here can fail");
}
