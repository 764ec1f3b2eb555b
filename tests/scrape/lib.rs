//! A strict reader of the text format 0.0.4: whatever Prometheus would tolerate, mend or guess about is an error here.
//! Knows nothing of the library but its encoders.

mod openmetrics;

use std::collections::{BTreeMap, BTreeSet};

use auth_metrics::AuthMetrics;
pub use openmetrics::{assert_openmetrics, without_exemplars};

pub type Labels = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub name: String,
    pub labels: Labels,
    pub value: f64,
}

#[derive(Debug)]
pub struct Family {
    pub name: String,
    pub help: String,
    pub kind: String,
    pub samples: Vec<Sample>,
}

/// One scrape, in the order of its text.
#[derive(Debug)]
pub struct Scrape {
    pub families: Vec<Family>,
}

impl Scrape {
    /// What a handle shows now; a text that is not strict fails the test.
    #[track_caller]
    pub fn of(metrics: &AuthMetrics) -> Scrape {
        Scrape::read(&metrics.encode_text())
    }

    #[track_caller]
    pub fn read(text: &str) -> Scrape {
        Scrape::parse(text).unwrap_or_else(|mistake| panic!("{mistake}\n{text}"))
    }

    pub fn parse(text: &str) -> Result<Scrape, String> {
        if !text.is_empty() && !text.ends_with('\n') {
            return Err("the last line does not end".to_owned());
        }
        let mut families: Vec<Family> = Vec::new();
        let mut lines = text.split_terminator('\n').peekable();
        while let Some(line) = lines.next() {
            let mut family = header(line, lines.next())?;
            if families.iter().any(|earlier| earlier.name == family.name) {
                return Err(format!("{} stands twice", family.name));
            }
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                family.samples.push(sample(line).map_err(|mistake| format!("{mistake}: {line}"))?);
            }
            family.check().map_err(|mistake| format!("{}: {mistake}", family.name))?;
            families.push(family);
        }
        Ok(Scrape { families })
    }

    /// The same with every `le` in the one spelling of our own formats; other encoders have others.
    #[must_use]
    pub fn with_canonical_bounds(mut self) -> Scrape {
        for sample in self.families.iter_mut().flat_map(|family| &mut family.samples) {
            if let Some(bound) = sample.labels.get_mut("le") {
                *bound = le(bound.parse().unwrap());
            }
        }
        self
    }

    #[track_caller]
    pub fn family(&self, name: &str) -> &Family {
        let found = self.families.iter().find(|family| family.name == name);
        found.unwrap_or_else(|| panic!("there is no family {name}"))
    }

    pub fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.families.iter().flat_map(|family| &family.samples)
    }

    /// The sample with exactly these labels.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let exact = |sample: &&Sample| sample.labels.len() == labels.len() && sample.matches(name, labels);
        self.samples().find(exact).map(|sample| sample.value)
    }

    /// The sum of the samples that have these labels and any others; none without such a sample.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        self.samples()
            .filter(|sample| sample.matches(name, labels))
            .map(|sample| sample.value)
            .reduce(|a, b| a + b)
    }
}

/// The value of `le` for a bound, digit by digit as Go's `%g` has it, with `.0` where that has neither point nor exponent. It shares
/// nothing with the library's own way.
pub fn le(bound: f64) -> String {
    if bound == f64::INFINITY {
        return "+Inf".to_owned();
    }
    let spelled = (0..17).map(|precision| format!("{bound:.precision$e}"));
    let shortest =
        spelled.into_iter().find(|spelled| spelled.parse() == Ok(bound)).expect("17 digits are enough");
    let (mantissa, exponent) = shortest.split_once('e').expect("it is scientific");
    let mut digits = mantissa.replace('.', "");
    match exponent.parse::<i32>().expect("it is whole") {
        small @ ..-4 => format!("{mantissa}e-{:02}", -small),
        negative @ -4..0 => format!("0.{}{digits}", "0".repeat((-negative - 1).unsigned_abs() as usize)),
        large @ 6.. => format!("{mantissa}e+{large:02}"),
        place => {
            let point = place.unsigned_abs() as usize + 1;
            digits.extend(std::iter::repeat_n('0', (point + 1).saturating_sub(digits.len())));
            digits.insert(point, '.');
            digits
        }
    }
}

impl Sample {
    fn matches(&self, name: &str, labels: &[(&str, &str)]) -> bool {
        self.name == name && labels.iter().all(|(label, value)| self.label(label) == Some(value))
    }

    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
    }
}

impl Family {
    fn check(&self) -> Result<(), String> {
        let mut series = BTreeSet::new();
        for sample in &self.samples {
            if !series.insert((&sample.name, &sample.labels)) {
                return Err(format!("one series stands twice: {sample:?}"));
            }
            if self.kind != "histogram" && sample.name != self.name {
                return Err(format!("a sample of another family: {sample:?}"));
            }
            if self.kind == "counter" && (!sample.value.is_finite() || sample.value < 0.0) {
                return Err(format!("not the value of a counter: {sample:?}"));
            }
        }
        if self.kind == "histogram" { self.check_histograms() } else { Ok(()) }
    }

    /// Each histogram: rising bounds, cumulative counts, `+Inf`, then the sum and the count, which is that of `+Inf`.
    fn check_histograms(&self) -> Result<(), String> {
        let mut rest = self.samples.as_slice();
        while let Some(first) = rest.first() {
            let mut labels = first.labels.clone();
            labels.remove("le");
            let (mut bound, mut count) = (f64::NEG_INFINITY, 0.0);
            while bound < f64::INFINITY {
                let (bucket, after) = self.next(rest, "_bucket", &labels)?;
                let le = bucket.labels.get("le").ok_or_else(|| format!("a bucket without le: {bucket:?}"))?;
                let next = number(le)?;
                if next.partial_cmp(&bound) != Some(std::cmp::Ordering::Greater) || bucket.value < count {
                    return Err(format!("a bucket that does not rise: {bucket:?}"));
                }
                (bound, count, rest) = (next, bucket.value, after);
            }
            let (_, after) = self.next(rest, "_sum", &labels)?;
            let (total, after) = self.next(after, "_count", &labels)?;
            if total.value.to_bits() != count.to_bits() {
                return Err(format!("the count is not that of +Inf: {total:?}"));
            }
            rest = after;
        }
        Ok(())
    }

    fn next<'a>(
        &self,
        rest: &'a [Sample],
        suffix: &str,
        labels: &Labels,
    ) -> Result<(&'a Sample, &'a [Sample]), String> {
        let (sample, after) = rest.split_first().ok_or_else(|| format!("a histogram without {suffix}"))?;
        let mut own = sample.labels.clone();
        let bounded = own.remove("le").is_some();
        let named = sample.name.strip_prefix(&self.name) == Some(suffix) && bounded == (suffix == "_bucket");
        if named && own == *labels { Ok((sample, after)) } else { Err(format!("no {suffix} but {sample:?}")) }
    }
}

fn header(help: &str, family_type: Option<&str>) -> Result<Family, String> {
    let help = help.strip_prefix("# HELP ").ok_or_else(|| format!("no HELP: {help}"))?;
    let (name, help) = help.split_once(' ').ok_or_else(|| format!("a HELP without text: {help}"))?;
    let wanted = format!("# TYPE {name} ");
    let family_type = family_type.and_then(|line| line.strip_prefix(&wanted));
    let family_type = family_type.ok_or_else(|| format!("no TYPE right after the HELP of {name}"))?;
    if !["counter", "gauge", "histogram"].contains(&family_type) {
        return Err(format!("{name} has the type {family_type}"));
    }
    if !is_name(name, true) || help.trim() != help || help.is_empty() || help.contains('\\') {
        return Err(format!("an odd name or HELP: {name} {help}"));
    }
    Ok(Family {
        name: name.to_owned(),
        help: help.to_owned(),
        kind: family_type.to_owned(),
        samples: Vec::new(),
    })
}

fn is_name(text: &str, colons: bool) -> bool {
    let inner = |each: char| each.is_ascii_alphanumeric() || each == '_' || colons && each == ':';
    text.starts_with(|first: char| inner(first) && !first.is_ascii_digit()) && text.chars().all(inner)
}

/// A line with a sample.
pub fn sample(line: &str) -> Result<Sample, String> {
    let end = line.find(['{', ' ']).ok_or("no value")?;
    let (name, mut rest) = line.split_at(end);
    if !is_name(name, true) {
        return Err("an odd name".to_owned());
    }
    let mut labels = Labels::new();
    while rest.starts_with(if labels.is_empty() { '{' } else { ',' }) {
        let (label, after) = rest[1..].split_once("=\"").ok_or("a label without a value")?;
        let (value, after) = quoted(after)?;
        if !is_name(label, false) || labels.insert(label.to_owned(), value).is_some() {
            return Err(format!("an odd or repeated label {label}"));
        }
        rest = after;
    }
    if !labels.is_empty() {
        rest = rest.strip_prefix('}').ok_or("labels without an end")?;
    }
    let value = number(rest.strip_prefix(' ').ok_or("no space before the value")?)?;
    Ok(Sample { name: name.to_owned(), labels, value })
}

/// The text up to the closing quote, its escapes undone, and what follows.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        value.push(match next {
            '"' => return Ok((value, chars.as_str())),
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(plain @ ('\\' | '"')) => plain,
                other => return Err(format!("a bad escape {other:?}")),
            },
            plain => plain,
        });
    }
    Err("a quote without an end".to_owned())
}

/// A number as Go reads it; Rust alone would take `inf` and `infinity` too.
fn number(text: &str) -> Result<f64, String> {
    match text {
        "+Inf" => Ok(f64::INFINITY),
        "-Inf" => Ok(f64::NEG_INFINITY),
        "NaN" => Ok(f64::NAN),
        _ if text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && !text.contains(['i', 'I']) =>
        {
            text.parse().map_err(|_| format!("{text:?} is no number"))
        }
        _ => Err(format!("{text:?} is no number")),
    }
}
