//! Comma-separated values, one line a sample: its name, its value, then a field for the name and one for the value of each label.

use auth_metrics::read::{Histogram, Labels, Visitor};
use auth_metrics::{Family, Snapshot};

/// Everything that a snapshot shows.
pub fn to_csv(snapshot: &Snapshot) -> String {
    let mut csv = Csv { labels: Labels::of(snapshot), text: String::new() };
    snapshot.visit(&mut csv);
    csv.text
}

struct Csv<'s> {
    labels: Labels<'s>,
    text: String,
}

impl<'s> Csv<'s> {
    fn line(&mut self, ending: &str, last: Option<&'s str>, bound: Option<f64>, value: f64) {
        let name = format!("{}{ending}", self.labels.name());
        let mut fields = vec![name, spelled(value)];
        for (name, value) in self.labels.with(last) {
            fields.extend([name.to_owned(), value.to_owned()]);
        }
        fields.extend(bound.into_iter().flat_map(|bound| ["le".to_owned(), spelled(bound)]));
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        self.text.push_str(&fields.join(","));
        self.text.push_str("\r\n");
    }
}

impl<'s> Visitor<'s> for Csv<'s> {
    fn family(&mut self, family: &'static Family) {
        self.labels.family(family);
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.labels.label(position, value);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        self.line("", last, None, value as f64);
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        self.line("", last, None, value);
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        for (bound, count) in histogram.cumulative() {
            self.line("_bucket", None, Some(bound), count as f64);
        }
        self.line("_sum", None, None, histogram.sum());
        self.line("_count", None, None, histogram.count() as f64);
    }
}

fn spelled(number: f64) -> String {
    match number {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        finite => finite.to_string(),
    }
}

/// As RFC 4180 has it.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
