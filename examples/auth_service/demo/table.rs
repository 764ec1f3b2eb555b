//! A scrape for people, in 100 columns.

use std::fmt::Write as _;
use std::time::Duration;

use auth_metrics::events::Pseudonym;
use auth_metrics_detect::Detector;

use super::detections;
use super::figures::{number, time};
use super::operation::Operation;
use super::paint::{Hue, Paint};
use super::scrape::Scrape;
use super::tally::Tally;
use super::verdict;
use super::watch::UnderLoad;
use crate::risk::Finding;

/// Columns of a page.
pub(super) const WIDTH: usize = 99;
/// Columns of an operation's name.
const NAME: usize = 14;
/// Columns of a family's name.
const FAMILY: usize = 31;

/// The text above the progress bar.
pub(super) fn opening(service: &str, metrics: &str) -> String {
    format!(
        "\n  auth_service: a real service on loopback, and a crowd that logs in, mistypes, forges, disconnects.\n\
         \n  service  {service}/\n  metrics  {metrics}\n\n"
    )
}

/// What the demo saw.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) scrape: &'a Scrape,
    pub(super) tally: &'a Tally,
    pub(super) load: &'a UnderLoad,
    pub(super) found: &'a [(Detector, Finding)],
}

/// Everything below it.
pub(super) fn report(
    seen: &Seen<'_>,
    guessed: Option<&(Pseudonym, u64)>,
    took: Duration,
    paint: Paint,
) -> String {
    let Seen { scrape, tally, .. } = *seen;
    let operations = scrape.operations();
    let mut page = seen_by_the_crowd(tally, took);
    head(&mut page, paint);
    for operation in &operations {
        row(&mut page, operation, paint);
        reasons(&mut page, operation, paint);
    }
    families(&mut page, scrape, paint);
    traces(&mut page, scrape, paint);
    most_guessed(&mut page, guessed, paint);
    detections::section(&mut page, seen, paint);
    page.push('\n');
    verdict::lines(&mut page, seen, &operations, paint);
    going_on(&mut page, paint);
    page
}

fn seen_by_the_crowd(tally: &Tally, took: Duration) -> String {
    let (requests, hang_ups) = (number(tally.requests()), number(tally.hang_ups()));
    let mut text = format!(
        "  {requests} requests in {:.1} s; the client disconnected from {hang_ups} of them. ",
        took.as_secs_f64()
    );
    if tally.surprises() > 0 {
        put(&mut text, format_args!("{} answers were unexpected. ", tally.surprises()));
    }
    text.push_str("One scrape of /metrics shows:\n\n");
    text
}

fn head(page: &mut String, paint: Paint) {
    let titles = format!(
        "  {:<NAME$}{:>8}{:>9}{:>10}{:>7}{:>9}{:>11}{:>11}{:>9}{:>9}",
        "operation",
        "started",
        "success",
        "rejected",
        "error",
        "interim",
        "cancelled",
        "in flight",
        "p50",
        "p99"
    );
    let line = "─".repeat(WIDTH - 2);
    put(page, format_args!("{}\n  {}\n", paint.text(Hue::Bold, &titles), paint.text(Hue::Faint, &line)));
}

fn row(page: &mut String, operation: &Operation, paint: Paint) {
    let cell = |value: f64, width: usize, hue: Hue| {
        let text = format!("{:>width$}", number(value));
        paint.text(if value > 0.0 { hue } else { Hue::Faint }, &text)
    };
    let name = paint.text(Hue::Bold, &format!("{:<NAME$}", operation.name));
    put(page, format_args!("  {name}{:>8}", number(operation.started)));
    page.push_str(&cell(operation.success, 9, Hue::Green));
    page.push_str(&cell(operation.rejected, 10, Hue::Yellow));
    page.push_str(&cell(operation.error, 7, Hue::Red));
    page.push_str(&cell(operation.interim, 9, Hue::Blue));
    page.push_str(&cell(operation.cancelled, 11, Hue::Magenta));
    page.push_str(&cell(operation.in_flight, 11, Hue::Bold));
    put(page, format_args!("{:>9}{:>9}\n", time(operation.median), time(operation.p99)));
}

/// A strip of outcomes, then the reasons.
fn reasons(page: &mut String, operation: &Operation, paint: Paint) {
    let reasons = operation.reasons.iter().map(|(reason, count)| (reason.as_str(), *count));
    let mut lines = wrapped(reasons, WIDTH - 4 - NAME).into_iter();
    let (strip, first) = (strip(operation, paint), lines.next().unwrap_or_default());
    if paint.is_on() || !first.is_empty() {
        put(page, format_args!("  {strip}  {}\n", paint.text(Hue::Faint, &first)));
    }
    for line in lines {
        put(page, format_args!("  {:NAME$}  {}\n", "", paint.text(Hue::Faint, &line)));
    }
}

/// Names and their counts, in lines of at most so many columns.
fn wrapped<'a>(counts: impl Iterator<Item = (&'a str, f64)>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (name, count) in counts {
        let text = format!("{name} {}", number(count));
        match lines.last_mut() {
            Some(line) if line.chars().count() + text.len() + 3 <= width => {
                put(line, format_args!(" · {text}"));
            }
            _ => lines.push(text),
        }
    }
    lines
}

/// Twelve cells, shared out by outcome; only colours tell them apart, so without colours there is none.
fn strip(operation: &Operation, paint: Paint) -> String {
    const CELLS: f64 = 12.0;
    let outcomes = [
        (operation.success, Hue::Green),
        (operation.rejected, Hue::Yellow),
        (operation.interim, Hue::Blue),
        (operation.cancelled, Hue::Magenta),
        (operation.error, Hue::Red),
    ];
    let total = operation.ended();
    if !paint.is_on() || total < 1.0 {
        return " ".repeat(NAME);
    }
    let mut strip = String::new();
    let (mut sum, mut drawn) = (0.0, 0_u8);
    for (count, hue) in outcomes {
        sum += count;
        let mut cells = String::new();
        while f64::from(drawn) + 0.5 <= CELLS * sum / total {
            cells.push('▄');
            drawn += 1;
        }
        strip.push_str(&paint.text(hue, &cells));
    }
    strip + &" ".repeat(NAME.saturating_sub(usize::from(drawn)))
}

/// The families that dashboards of the Python service read, and what is new.
fn families(page: &mut String, scrape: &Scrape, paint: Paint) {
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, "The same scrape, by metric family")));
    for (name, by) in [
        ("service_auth_successful_total", ""),
        ("service_auth_failed_total", "failure_reason"),
        ("jwt_token_verifications_total", "status"),
        ("rate_limit_exceeded_total", ""),
        ("auth_active_services", ""),
        ("auth_source_operations_total", "source"),
        ("auth_token_keys_total", "key_state"),
        ("auth_key_fetches_total", "result"),
        ("auth_credential_rotations_total", "outcome"),
        ("auth_credential_events_total", "event"),
        ("auth_fail_open_total", "policy"),
        ("auth_shadow_decisions_total", "decision"),
        ("auth_unfamiliar_attempts_total", "outcome"),
        ("auth_detections_total", "detector"),
    ] {
        let counts = if by.is_empty() { Vec::new() } else { scrape.by_label(name, &[], by) };
        let mut lines = wrapped(counts.into_iter(), WIDTH - 13 - FAMILY).into_iter();
        let (sum, first) = (number(scrape.sum(name, &[])), lines.next().unwrap_or_default());
        let row = format!("  {name:<FAMILY$}{sum:>7}   {}", paint.text(Hue::Faint, &first));
        put(page, format_args!("{}\n", row.trim_end()));
        for line in lines {
            put(page, format_args!("  {:FAMILY$}{:7}   {}\n", "", "", paint.text(Hue::Faint, &line)));
        }
    }
    let notes = "Unknown accounts count as invalid_credentials, so a scrape does not reveal who has an account.\n  \
                 p50 and p99 are interpolated within a bucket, as histogram_quantile does.";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Faint, notes)));
}

/// From a reason why logins fail to the trace of one that did.
fn traces(page: &mut String, scrape: &Scrape, paint: Paint) {
    let title = "One failed login of each reason, by its trace";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, title)));
    let logins = scrape.select("auth_operation_failures_total", &[("operation", "login")]);
    for (reason, trace) in
        logins.filter_map(|login| Some((login.label("failure_reason"), login.trace.as_ref()?)))
    {
        put(page, format_args!("  {reason:<FAMILY$}{}\n", paint.text(Hue::Faint, trace)));
    }
    let note = "The crowd sends a trace id with each request. The scrape carries the latest as an exemplar, so\n  \
                that Grafana links a spike of failures to the trace of one.";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Faint, note)));
}

/// What the observer of events found out.
fn most_guessed(page: &mut String, guessed: Option<&(Pseudonym, u64)>, paint: Paint) {
    let Some((name, count)) = guessed else { return };
    let title = "The account that was refused most";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, title)));
    put(page, format_args!("  {name}  {count} times\n"));
    let note = "An observer of events counts them by pseudonym. Account names are in no metric and no log.";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Faint, note)));
}

fn going_on(page: &mut String, paint: Paint) {
    let command = paint.text(Hue::Bold, "cargo run --release -p auth-metrics-examples --bin auth_service");
    put(
        page,
        format_args!(
            "\n  keep it running  {command}\n  scrape it        curl http://127.0.0.1:9464/metrics\n  \
             see all options  add  -- --help\n\n"
        ),
    );
}

/// Appends; a `String` takes whatever it is given.
pub(super) fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_metrics::events::{Field, Pseudonyms};

    #[test]
    fn every_line_fits_into_a_hundred_columns() {
        let text = "auth_operations_started_total{service_id=\"a\",operation=\"second_factor\"} 1234567\n\
                    auth_operations_total{service_id=\"a\",operation=\"second_factor\",outcome=\"success\"} 1234567\n\
                    auth_operations_in_flight{service_id=\"a\",operation=\"second_factor\"} 0\n\
                    auth_operation_failures_total{operation=\"login\",failure_reason=\"token_algorithm_rejected\"} \
                    1234567 # {trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 1 1700000000.123\n";
        let pseudonyms = Pseudonyms::with_key("process", &[7; 32]).ok();
        let guessed = pseudonyms.map(|pseudonyms| (pseudonyms.of(Field::Subject, "a"), 1_234));
        let scrape = Scrape::parse(text).map(|scrape| {
            let (tally, load) = (Tally::default(), UnderLoad::default());
            let why = "1234 failed attempts at 1234 accounts that this source never got into; ".repeat(3);
            let finding = Finding { count: 12_345, first: Duration::from_secs(100), why };
            let found: Vec<_> = Detector::ALL.iter().map(|detector| (*detector, finding.clone())).collect();
            let seen = Seen { scrape: &scrape, tally: &tally, load: &load, found: &found };
            report(&seen, guessed.as_ref(), Duration::from_secs(1), Paint::off())
        });
        let pages = [Ok(opening("http://127.0.0.1:65535", "http://127.0.0.1:65535/metrics")), scrape];
        let lines = pages.iter().flatten().flat_map(|page| page.lines());
        let widest = lines.map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= 100), "{widest:?}");
    }
}
