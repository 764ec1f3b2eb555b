//! Reads `OpenMetrics`: names, labels with escapes, values, and the traces of exemplars. Timestamps of samples are refused, not skipped.

use std::collections::BTreeMap;

use thiserror::Error;

use super::operation::Operation;

/// A line that is not in the format.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub(crate) struct ScrapeError {
    line: usize,
    what: &'static str,
}

/// One line of a scrape.
#[derive(Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
    /// The trace of one of the latest attempts that it counts.
    pub(super) trace: Option<String>,
}

/// One scrape.
#[derive(Debug)]
pub(super) struct Scrape {
    samples: Vec<Sample>,
}

impl Scrape {
    /// Reads a whole answer of `/metrics`.
    pub(super) fn parse(text: &str) -> Result<Self, ScrapeError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let samples = lines.map(|(at, line)| sample(line).map_err(|what| ScrapeError { line: at + 1, what }));
        Ok(Self { samples: samples.collect::<Result<_, _>>()? })
    }

    /// All samples of this name that carry these labels.
    pub(super) fn select<'s, 'q>(
        &'s self,
        name: &'q str,
        labels: &'q [(&'q str, &'q str)],
    ) -> impl Iterator<Item = &'s Sample> + use<'s, 'q> {
        let carries = move |sample: &Sample| labels.iter().all(|(key, value)| sample.label(key) == *value);
        self.samples.iter().filter(move |sample| sample.name == name && carries(sample))
    }

    /// Their sum.
    pub(super) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.select(name, labels).fold(0.0, |sum, sample| sum + sample.value)
    }

    /// Sums of a family by one of its labels, the largest first, zeros left out.
    pub(super) fn by_label(&self, name: &str, labels: &[(&str, &str)], by: &str) -> Vec<(&str, f64)> {
        let mut sums = BTreeMap::<&str, f64>::new();
        for sample in self.select(name, labels).filter(|sample| sample.value > 0.0) {
            *sums.entry(sample.label(by)).or_default() += sample.value;
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        sums
    }

    /// Every operation of the scrape, by name.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let mut names: Vec<_> = self
            .select("auth_operations_started_total", &[])
            .map(|sample| sample.label("operation"))
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| Operation::read(self, name)).collect()
    }

    /// Events of attempts, by what became of them: `captured`, `skipped`, `dropped`.
    pub(super) fn events(&self, decision: &str) -> f64 {
        self.sum("auth_events_total", &[("event_kind", "attempt"), ("decision", decision)])
    }

    /// Attempts, by what the audit trail decided: `captured`, `skipped`, `overflow`.
    pub(super) fn on_the_record(&self, decision: &str) -> f64 {
        self.sum("auth_audit_attempts_total", &[("decision", decision)])
    }

    /// Whether the trail has every attempt that ended, and its file or its queue every one of those.
    pub(super) fn is_every_attempt_on_the_record(&self) -> bool {
        let all = self.sum("auth_audit_attempts_total", &[]);
        let ended = self.sum("auth_operations_total", &[]);
        let (written, waiting) =
            (self.sum("auth_audit_events_total", &[]), self.sum("auth_audit_queue_events", &[]));
        all.total_cmp(&ended).is_eq()
            && (written + waiting).total_cmp(&self.on_the_record("captured")).is_eq()
    }

    /// Logins that were answered with a challenge.
    pub(super) fn challenges(&self) -> f64 {
        let reasons = ["proof_of_work_required", "abuse_blocked"];
        let count = |reason| {
            self.sum("auth_operation_failures_total", &[("operation", "login"), ("failure_reason", reason)])
        };
        reasons.into_iter().map(count).sum()
    }

    /// Logins with the right password that were refused, since the risk asked for a second factor and the account has none.
    pub(super) fn step_ups(&self) -> f64 {
        let labels = [("operation", "login"), ("failure_reason", "policy_denied")];
        self.sum("auth_operation_failures_total", &labels)
    }

    /// Whether every attempt that ended is an event that an observer got.
    pub(super) fn is_every_attempt_an_event(&self) -> bool {
        let ended = self.sum("auth_operations_total", &[]);
        (self.events("captured") - ended).abs() < 0.5
    }

    /// Whether every started attempt has ended or is in flight, operation by operation, and there are any.
    pub(super) fn is_conserved(&self) -> bool {
        let operations = self.operations();
        !operations.is_empty() && operations.iter().all(Operation::is_conserved)
    }

    /// Attempts that have not ended.
    pub(super) fn in_flight(&self) -> f64 {
        self.sum("auth_operations_in_flight", &[])
    }
}

impl Sample {
    /// A label's value; as in `PromQL`, a label that is not there is empty.
    pub(super) fn label(&self, key: &str) -> &str {
        self.labels.get(key).map_or("", String::as_str)
    }
}

fn sample(line: &str) -> Result<Sample, &'static str> {
    let end = line.find(['{', ' ']).ok_or("a name, but no value")?;
    let (name, rest) = line.split_at(end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    let (value, trace) = match rest.split_once(" # ") {
        Some((value, exemplar)) => (value, trace(exemplar)?),
        None => (rest, None),
    };
    let value = value.trim().parse().map_err(|_| "a value that is no number")?;
    Ok(Sample { name: name.to_owned(), labels, value, trace })
}

/// The trace of an exemplar: labels, a value and a time.
fn trace(exemplar: &str) -> Result<Option<String>, &'static str> {
    let exemplar = exemplar.strip_prefix('{').ok_or("an exemplar without labels")?;
    let (mut labels, rest) = labels(exemplar)?;
    let is_number = |number: &str| number.parse::<f64>().is_ok();
    if rest.split_whitespace().count() != 2 || !rest.split_whitespace().all(is_number) {
        return Err("an exemplar without a value and a time");
    }
    Ok(labels.remove("trace_id"))
}

/// `key="value",…}` and what comes after it.
fn labels(mut rest: &str) -> Result<(BTreeMap<String, String>, &str), &'static str> {
    let mut labels = BTreeMap::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((labels, after));
        }
        let (key, after) = rest.split_once("=\"").ok_or("a label without a value")?;
        let (value, after) = quoted(after)?;
        labels.insert(key.to_owned(), value);
        rest = after.strip_prefix(',').unwrap_or(after);
    }
}

/// A value up to its closing quote, and what comes after it.
fn quoted(text: &str) -> Result<(String, &str), &'static str> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((value, text.get(at + 1..).unwrap_or_default())),
            '\\' => match characters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped @ ('\\' | '"'))) => value.push(escaped),
                _ => return Err("an unknown escape"),
            },
            _ => value.push(character),
        }
    }
    Err("a label value without an end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_braces_inside_of_values_are_read() {
        let scrape = Scrape::parse("# HELP x y\nx{a=\"q\\\"}\\\\\\n\",b=\"\"} 1e3\nx 2\n");
        let values: Vec<_> = scrape.iter().flat_map(|scrape| &scrape.samples).collect();
        assert_eq!(values.len(), 2);
        assert_eq!(values.first().map(|sample| sample.label("a")), Some("q\"}\\\n"));
        assert_eq!(values.iter().map(|sample| sample.value).sum::<f64>().to_string(), "1002");
    }

    #[test]
    fn exemplars_are_read_and_what_only_looks_like_one_is_a_label() {
        let text =
            "x{a=\" # {b=\\\"\"} 2 # {trace_id=\"0af7\",span_id=\"b7ad\"} 1 1700000000.123\nx 3\n# EOF\n";
        let scrape = Scrape::parse(text);
        let samples: Vec<_> = scrape.iter().flat_map(|scrape| &scrape.samples).collect();
        let read =
            samples.iter().map(|each| (each.label("a"), each.value.to_string(), each.trace.as_deref()));
        let read: Vec<_> = read.collect();
        assert_eq!(read, [(" # {b=\"", "2".to_owned(), Some("0af7")), ("", "3".to_owned(), None)]);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = |text| Scrape::parse(text).err();
        assert_eq!(error("a 1\nb"), Some(ScrapeError { line: 2, what: "a name, but no value" }));
        assert_eq!(error("a{b=\"c} 1"), Some(ScrapeError { line: 1, what: "a label value without an end" }));
        assert_eq!(error("a 1 1700000000"), Some(ScrapeError { line: 1, what: "a value that is no number" }));
        let no_time = "an exemplar without a value and a time";
        assert_eq!(error("a 1 # {trace_id=\"0af7\"} 1"), Some(ScrapeError { line: 1, what: no_time }));
    }
}
