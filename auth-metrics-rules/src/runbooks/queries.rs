//! Queries of the templates, as the pack needs them: names with the namespace, windows, and the options' selectors.

use crate::query::{Level, Subject};
use auth_metrics::events::{CONTEXT_MALFORMED, EVENTS, OBSERVER_PANICS};
use auth_metrics::{FAMILIES, Family};
use auth_metrics_audit::families::FAMILIES as OF_AUDIT;
use auth_metrics_credentials::families::FAMILIES as OF_CREDENTIALS;
use auth_metrics_detect::families::FAMILIES as OF_DETECTION;
use auth_metrics_otlp::families::FAMILIES as OF_PUSHES;

const LEVELS: [Level; 6] =
    [Level::Job, Level::Service, Level::Operation, Level::Instance, Level::Reason, Level::Bucket];

/// What Prometheus itself exports for each target.
const OF_TARGETS: [&str; 3] = ["up", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling"];

/// Labels of every target.
const TARGET: [&str; 2] = ["job", "instance"];

/// What a name in a query is.
enum Series<'a> {
    Exported(&'static Family, &'a str),
    Recorded(Level, &'a str, &'a str),
    OfTarget,
}

/// Returns a query with the names and selectors of the pack. `more` gives further matchers for a selector whose series have these labels.
pub(super) fn fitted(
    subject: Subject<'_>,
    query: &str,
    more: &mut dyn FnMut(&[&str]) -> Vec<String>,
) -> String {
    let mut out = String::new();
    let mut rest = query;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' => quoted(rest),
            next if begins_name(next) => rest.find(|each| !continues_name(each)).unwrap_or(rest.len()),
            // A duration or a number, whose unit is no name.
            next if next.is_ascii_digit() => rest.find(|each| !continues_name(each)).unwrap_or(rest.len()),
            next => next.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        let Some(series) = Series::named(token) else {
            out.push_str(token);
            continue;
        };
        let (matchers, after) = braces(rest);
        rest = after;
        let mut all: Vec<String> =
            Some(matchers).filter(|all| !all.is_empty()).map(str::to_owned).into_iter().collect();
        all.extend(more(&series.labels()));
        out.push_str(&series.selected(subject, token, &all.join(",")));
    }
    out.replace("[5m", &format!("[{}", subject.short()))
}

/// Returns a line of prose with the names of the pack.
pub(super) fn named(subject: Subject<'_>, prose: &str) -> String {
    let mut out = String::new();
    let mut rest = prose;
    while let Some(next) = rest.chars().next() {
        let length = if continues_name(next) {
            rest.find(|each| !continues_name(each)).unwrap_or(rest.len())
        } else {
            next.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match Series::named(token) {
            Some(Series::Exported(family, suffix)) => {
                out.push_str(&subject.name(family));
                out.push_str(suffix);
            }
            _ => out.push_str(token),
        }
    }
    out
}

impl Series<'_> {
    fn named(name: &str) -> Option<Series<'_>> {
        if OF_TARGETS.contains(&name) {
            return Some(Series::OfTarget);
        }
        let mut levels = LEVELS.into_iter();
        let recorded = levels.find_map(|level| {
            let rest = name.strip_prefix(level.prefix())?.strip_prefix(':')?;
            let (what, how) = rest.split_once(':')?;
            Some(Series::Recorded(level, what, how))
        });
        recorded.or_else(|| {
            families().find_map(|family| {
                let suffix = name.strip_prefix(family.name)?;
                ["", "_bucket", "_count", "_sum"]
                    .contains(&suffix)
                    .then_some(Series::Exported(family, suffix))
            })
        })
    }

    fn labels(&self) -> Vec<&'static str> {
        match self {
            Series::Exported(family, _) => TARGET.into_iter().chain(family.labels.iter().copied()).collect(),
            Series::Recorded(level, ..) => level.labels().to_vec(),
            Series::OfTarget => TARGET.to_vec(),
        }
    }

    fn selected(&self, subject: Subject<'_>, token: &str, matchers: &str) -> String {
        match self {
            Series::Exported(family, suffix) => subject.suffixed(family, suffix, matchers),
            Series::Recorded(level, what, how) => {
                subject.recorded(*level, what, &window(subject, how), matchers)
            }
            Series::OfTarget => subject.of_targets(token, matchers),
        }
    }
}

fn families() -> impl Iterator<Item = &'static Family> {
    let of_events: [&Family; 3] = [&EVENTS, &OBSERVER_PANICS, &CONTEXT_MALFORMED];
    let of_satellites = [OF_CREDENTIALS, OF_DETECTION, OF_AUDIT, OF_PUSHES];
    FAMILIES.iter().chain(of_satellites.into_iter().flatten()).copied().chain(of_events)
}

/// The shortest window is five minutes in the templates; the scrape interval may make it longer.
fn window(subject: Subject<'_>, how: &str) -> String {
    match how.strip_suffix("5m") {
        Some(start) if start.ends_with(|last: char| !last.is_ascii_digit()) => {
            format!("{start}{}", subject.short())
        }
        _ => how.to_owned(),
    }
}

fn begins_name(first: char) -> bool {
    first.is_ascii_alphabetic() || first == '_'
}

fn continues_name(each: char) -> bool {
    each.is_ascii_alphanumeric() || each == '_' || each == ':'
}

/// The length of the string that the text begins with.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, each)| {
        let is_end = *each == '"' && !is_escaped;
        is_escaped = *each == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// Splits off the matchers that the text begins with.
fn braces(text: &str) -> (&str, &str) {
    let Some(inside) = text.strip_prefix('{') else { return ("", text) };
    let mut at = 0;
    while let Some(next) = inside[at..].chars().next() {
        match next {
            '}' => return (&inside[..at], &inside[at + 1..]),
            '"' => at += quoted(&inside[at..]),
            next => at += next.len_utf8(),
        }
    }
    (inside, "")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{fitted, named};
    use crate::Options;
    use crate::query::Subject;
    use auth_metrics::AuthMetrics;

    fn of_acme(options: &Options, of: impl FnOnce(Subject<'_>) -> String) -> String {
        let metrics = AuthMetrics::builder().service_id("gateway").namespace("acme").build().unwrap();
        of(Subject { catalogue: &metrics.catalogue(), options })
    }

    fn query(options: &Options, query: &str) -> String {
        of_acme(options, |subject| fitted(subject, query, &mut |_| Vec::new()))
    }

    #[test]
    fn names_windows_and_selectors_are_those_of_the_pack() {
        let options = Options::new().select("job", "a}b").scrape_interval(Duration::from_secs(120));
        assert_eq!(
            query(&options, "rate(service_auth_latency_seconds_bucket{le=\"}\"}[5m]) / up"),
            "rate(acme_service_auth_latency_seconds_bucket{job=\"a}b\",le=\"}\"}[8m]) / up{job=\"a}b\"}"
        );
        assert_eq!(
            query(&options, "job_service_operation:auth_events:rate5m"),
            "job_service_operation:acme_auth_events:rate8m{job=\"a}b\"}"
        );
        let p95 = "job_service_operation:auth_latency_seconds:p95_30m";
        assert_eq!(query(&Options::new(), p95), p95.replace("auth_l", "acme_auth_l"));
    }

    #[test]
    fn strings_and_longer_names_are_left_alone() {
        let alone =
            "x_auth_operations_total + label_replace(y, \"up\", \"auth_operations_total\", \"\", \"\")";
        assert_eq!(query(&Options::new(), alone), alone);
    }

    #[test]
    fn prose_names_what_is_exported() {
        let prose =
            of_acme(&Options::new(), |subject| named(subject, "`rate_limit_current`, upright and `up`"));
        assert_eq!(prose, "`acme_rate_limit_current`, upright and `up`");
    }
}
