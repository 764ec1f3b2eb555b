//! The section about the attack: who was challenged, and what the engine found.

use std::time::Duration;

use auth_metrics_detect::Detector;

use super::defence::{Defence, Met};
use super::figures::number;
use super::paint::{Hue, Paint};
use super::places::BOTS;
use super::table::{Seen, WIDTH, put};
use crate::risk::Finding;

/// Columns of a name.
const NAME: usize = 22;
/// Columns before the evidence.
const BEFORE: usize = NAME + 2 + 8 + 7 + 2;

/// What the login's defence did, then the detections.
pub(super) fn section(page: &mut String, seen: &Seen<'_>, paint: Paint) {
    defended(page, seen, paint);
    detected(page, seen.found, paint);
}

fn defended(page: &mut String, seen: &Seen<'_>, paint: Paint) {
    let title = "Logins under attack: the engine is asked before the password is checked";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, title)));
    let titles = format!(
        "  {:<NAME$}{:>8}{:>12}{:>8}{:>19}{:>8}{:>13}",
        "", "logins", "challenged", "proven", "passwords checked", "right", "turned away"
    );
    put(page, format_args!("{}\n", paint.text(Hue::Faint, &titles)));
    let Defence { honest, loners, wave } = seen.tally.defence();
    row(page, "honest users", honest);
    row(page, "lone attackers", loners);
    row(page, &format!("wave of {BOTS} machines"), wave);
    let stepped_up = number(seen.scrape.step_ups());
    let proven = "Proven: a proof of work was accepted. Turned away: refused in spite of the right password.";
    let refused = "right passwords were refused: a high risk, and an account without a second factor.";
    put(page, format_args!("  {}\n", paint.text(Hue::Faint, proven)));
    put(page, format_args!("  {}\n", paint.text(Hue::Faint, &format!("{stepped_up} {refused}"))));
}

fn detected(page: &mut String, found: &[(Detector, Finding)], paint: Paint) {
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, "Detections, by the time of the first")));
    let titles = format!("  {:<NAME$}{:>8}{:>7}  {}", "detector", "first", "count", "evidence of the first");
    put(page, format_args!("{}\n", paint.text(Hue::Faint, &titles)));
    for (detector, finding) in found {
        detection(page, *detector, finding, paint);
    }
    if found.is_empty() {
        put(page, format_args!("  none\n"));
    }
    let note = "Campaigns and outages are judged by the minute: this run is too short for them.";
    put(page, format_args!("  {}\n", paint.text(Hue::Faint, note)));
}

fn row(page: &mut String, name: &str, met: Met) {
    let Met { logins, challenged, proven, checked, right, turned_away } = met;
    put(page, format_args!("  {name:<NAME$}{logins:>8}{challenged:>12}{proven:>8}"));
    put(page, format_args!("{checked:>19}{right:>8}{turned_away:>13}\n"));
}

fn detection(page: &mut String, detector: Detector, finding: &Finding, paint: Paint) {
    let mut lines = wrapped(&finding.why, WIDTH - BEFORE).into_iter();
    let (name, count, first) = (detector.label(), finding.count, seconds(finding.first));
    let evidence = paint.text(Hue::Faint, &lines.next().unwrap_or_default());
    put(page, format_args!("  {name:<NAME$}{first:>8}{count:>7}  {evidence}\n"));
    for line in lines {
        put(page, format_args!("{:BEFORE$}{}\n", "", paint.text(Hue::Faint, &line)));
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// A sentence, in lines of at most so many columns.
fn wrapped(sentence: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                put(line, format_args!(" {word}"));
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
