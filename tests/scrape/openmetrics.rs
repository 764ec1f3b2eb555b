//! `OpenMetrics` 1.0 by what it must have in common with the text format: the same sample lines under other metadata.

use std::collections::BTreeSet;

use auth_metrics::AuthMetrics;

use super::Scrape;

/// The units that the specification names.
const UNITS: [&str; 9] =
    ["seconds", "bytes", "ratio", "celsius", "meters", "volts", "amperes", "joules", "grams"];

/// A handle at rest shows the same in both formats, to the byte of each sample line but the one that a reading itself may count, and but
/// the exemplars that the text never has.
#[track_caller]
pub fn assert_openmetrics(metrics: &AuthMetrics) {
    let text = metrics.encode_text();
    assert_eq!(without_exemplars(&text), text, "an exemplar in the text");
    let at_rest = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("kind=\"group_failed\"")).map(str::to_owned).collect()
    };
    assert_eq!(at_rest(&without_exemplars(&metrics.encode_openmetrics())), at_rest(&translated(&text)));
    assert_no_clash(&Scrape::read(&text));
}

/// The same text without the exemplars behind the values.
pub fn without_exemplars(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| [without_exemplar(line.trim_end_matches('\n')), "\n"].concat())
        .collect()
}

/// A line up to the end of its value. A label may say what an exemplar looks like.
fn without_exemplar(line: &str) -> &str {
    if line.starts_with('#') {
        return line;
    }
    let (mut quoted, mut escaped) = (false, false);
    let exemplar = line.char_indices().find(|(at, next)| {
        let is_escape = quoted && !escaped && *next == '\\';
        quoted ^= *next == '"' && !escaped;
        escaped = is_escape;
        !quoted && line[*at..].starts_with(" # {")
    });
    exemplar.map_or(line, |(at, _)| &line[..at])
}

/// A text of the format 0.0.4 as `OpenMetrics`.
fn translated(text: &str) -> String {
    let mut lines = String::new();
    let mut head = ("", "");
    for line in text.lines() {
        let translated = if let Some(help) = line.strip_prefix("# HELP ") {
            head = help.split_once(' ').expect("a help has a text");
            continue;
        } else if let Some(described) = line.strip_prefix("# TYPE ") {
            let (name, family_type) = described.split_once(' ').expect("a type has a name");
            let name = if family_type == "counter" {
                name.strip_suffix("_total").expect("a counter ends in _total")
            } else {
                name
            };
            let unit = UNITS.into_iter().find(|unit| name.ends_with(&format!("_{unit}")));
            let unit = unit.map(|unit| format!("\n# UNIT {name} {unit}")).unwrap_or_default();
            let help = head.1.replace('"', "\\\"");
            format!("# HELP {name} {help}\n# TYPE {name} {family_type}{unit}")
        } else {
            assert!(!line.contains("_created"), "{line}");
            line.to_owned()
        };
        lines.push_str(&translated);
        lines.push('\n');
    }
    lines + "# EOF\n"
}

/// Every name that a family takes is its own, whether it has such samples or not.
#[track_caller]
fn assert_no_clash(scrape: &Scrape) {
    let mut taken = BTreeSet::new();
    for family in &scrape.families {
        let endings: &[&str] = match family.kind.as_str() {
            "counter" => &["", "_total", "_created"],
            "histogram" => &["", "_bucket", "_sum", "_count", "_created"],
            _ => &[""],
        };
        let name = family.name.strip_suffix("_total").unwrap_or(&family.name);
        for ending in endings {
            assert!(taken.insert(format!("{name}{ending}")), "{name}{ending} is taken twice");
        }
    }
}
