//! Tables, plain or for a document.

use std::fmt::Write as _;

use crate::bar::Row;
use crate::judge::calibration::{BOUNDS, Calibration};
use crate::judge::score::Score;
use crate::time::spelled;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Plain,
    Markdown,
}

/// The bar of a world.
pub fn bar(rows: &[Row], form: Form) -> String {
    let head = ["measure", "must", "aim", "result", "fail2ban", ""];
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.measure.clone(),
                row.must.clone(),
                row.aim.clone(),
                row.result.clone(),
                row.baseline.clone(),
                row.word(),
            ]
        })
        .collect();
    table(form, &head, &rows)
}

/// Each campaign with who found it first, of all seeds.
pub fn campaigns(score: &Score, form: Form) -> String {
    let mut names: Vec<&str> = Vec::new();
    for found in &score.campaigns {
        if !names.contains(&found.name) {
            names.push(found.name);
        }
    }
    let rows: Vec<Vec<String>> = names
        .iter()
        .map(|name| {
            let of: Vec<_> = score.campaigns.iter().filter(|found| found.name == *name).collect();
            let mut delays: Vec<f64> =
                of.iter().filter_map(|found| found.first.as_ref().map(|first| first.0)).collect();
            delays.sort_by(f64::total_cmp);
            let mut by: Vec<&str> =
                of.iter().filter_map(|found| found.first.as_ref().map(|first| first.1.as_str())).collect();
            by.sort_unstable();
            by.dedup();
            let missed: Vec<String> = of
                .iter()
                .filter(|found| found.first.is_none())
                .map(|found| format!("seed {}", found.seed))
                .collect();
            let middle = delays.get(delays.len() / 2).map_or_else(|| "-".to_owned(), |&delay| spelled(delay));
            let last = delays.last().map_or_else(|| "-".to_owned(), |&delay| spelled(delay));
            let found = format!("{} of {}", delays.len(), of.len());
            vec![(*name).to_owned(), found, middle, last, by.join(", "), missed.join(", ")]
        })
        .collect();
    table(form, &["campaign", "found", "delay, median", "delay, longest", "first by", "missed in"], &rows)
}

/// What was said against what was true.
pub fn reliability(calibration: &Calibration, form: Form) -> String {
    let mut low = 0.0;
    let mut rows = Vec::new();
    for (bin, bound) in calibration.bins.iter().zip(BOUNDS) {
        if bin.count > 0 {
            let share = |sum: f64| format!("{:.3}", sum / bin.count as f64);
            let range = if bound.is_finite() { format!("{low} - {bound}") } else { format!("≥ {low}") };
            rows.push(vec![range, bin.count.to_string(), share(bin.said), share(bin.hostile as f64)]);
        }
        low = bound;
    }
    table(form, &["probability", "contacts", "said", "true"], &rows)
}

/// Verdicts by detector, and the false ones.
pub fn detectors(score: &Score, form: Form) -> String {
    let rows: Vec<Vec<String>> = score
        .detectors
        .iter()
        .map(|(detector, count)| {
            let wrong = score.wrongs.get(detector).map_or(&[][..], Vec::as_slice);
            let examples: Vec<&str> = wrong.iter().take(3).map(|(whom, _)| whom.as_str()).collect();
            vec![detector.clone(), count.to_string(), wrong.len().to_string(), examples.join("; ")]
        })
        .collect();
    table(form, &["detector", "verdicts", "false", "for example"], &rows)
}

/// A table of texts.
pub fn table<Name: AsRef<str>>(form: Form, head: &[Name], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|name| name.as_ref().to_owned()).collect();
    let mut text = String::new();
    if form == Form::Markdown {
        let mut line = |cells: &[String]| {
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        };
        line(&head);
        line(&vec!["---".to_owned(); head.len()]);
        for row in rows {
            line(row);
        }
        return text;
    }
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(rows).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for row in std::iter::once(&head).chain(rows) {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}
