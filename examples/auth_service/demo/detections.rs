//! The section about the attack: who was challenged, and what the engine found.

use std::time::Duration;

use auth_metrics_detect::Detector;

use super::defence::{Defence, Met};
use super::paint::{Hue, Paint};
use super::table::{WIDTH, put};
use crate::risk::Finding;

/// Columns of a name.
const NAME: usize = 22;
/// Columns before the evidence.
const BEFORE: usize = NAME + 2 + 8 + 7 + 2;

/// What the login's defence did, then the detections.
pub(super) fn section(page: &mut String, defence: &Defence, found: &[(Detector, Finding)], paint: Paint) {
    let title = "Logins under attack: the engine is asked before the password is checked";
    put(page, format_args!("\n  {}\n", paint.text(Hue::Bold, title)));
    let titles = format!(
        "  {:<NAME$}{:>8}{:>13}{:>10}{:>19}{:>8}",
        "", "logins", "challenged", "proven", "passwords checked", "right"
    );
    put(page, format_args!("{}\n", paint.text(Hue::Faint, &titles)));
    row(page, "honest users", defence.honest);
    row(page, "attackers", defence.attackers);
    let Defence { attackers, .. } = defence;
    let stopped = attackers.logins.saturating_sub(attackers.checked);
    let note =
        format!("{stopped} of {} logins of attackers ended before a password was checked.", attackers.logins);
    put(page, format_args!("  {}\n", paint.text(Hue::Faint, &note)));
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
    let Met { logins, challenged, proven, checked, right } = met;
    put(
        page,
        format_args!("  {name:<NAME$}{logins:>8}{challenged:>13}{proven:>10}{checked:>19}{right:>8}\n"),
    );
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
