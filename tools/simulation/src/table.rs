//! The score as tables.

use std::collections::BTreeMap;

use crate::calendar::{HOUR, Minute, spelled};
use crate::kind::Class;
use crate::score::Score;

/// The least share of incidents that must be found.
const RECALL: f64 = 0.95;
/// The most false pages and tickets in a week of a deployment.
const PAGES: f64 = 0.5;
const TICKETS: f64 = 3.0;

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Plain,
    Markdown,
}

/// Whether the bar is held.
pub fn holds(score: &Score) -> bool {
    score.recall() >= RECALL
        && score.false_per_week("page") <= PAGES
        && score.false_per_week("ticket") <= TICKETS
}

/// All tables, and the verdict.
pub fn all(score: &Score, form: Form) -> String {
    let parts = [
        alerts(score, form),
        deployments(score, form),
        kinds(score, form),
        missed(score, form),
        wrong(score, form),
    ];
    format!("{}\n{}", parts.join("\n"), verdict(score))
}

fn verdict(score: &Score) -> String {
    let (found, all) = score.found(Class::Core);
    let (hard, hard_all) = score.found(Class::Hard);
    let line = |name: &str, severity: &str, bar: f64| {
        format!("False {name} in a week of a deployment: {:.2}, bar {bar}.\n", score.false_per_week(severity))
    };
    let text = format!(
        "Found {found} of {all} incidents (recall {:.2}, bar {RECALL}), and {hard} of {hard_all} hard ones.\n",
        score.recall()
    );
    let held = if holds(score) { "The bar is held.\n" } else { "THE BAR IS MISSED.\n" };
    text + &line("pages", "page", PAGES) + &line("tickets", "ticket", TICKETS) + held
}

fn alerts(score: &Score, form: Form) -> String {
    let weeks = score.weeks();
    let rows = score.alerts.iter().map(|(alert, severity)| {
        let delays: Vec<Minute> = score
            .incidents
            .iter()
            .flat_map(|judged| judged.told.iter().chain(&judged.too_quiet))
            .filter_map(|(name, delay)| (name == alert).then_some(*delay))
            .collect();
        let first = score
            .incidents
            .iter()
            .filter(|judged| judged.told.first().is_some_and(|(name, _)| name == alert))
            .count();
        let wrong: Minute =
            score.false_alarms.iter().filter(|wrong| wrong.alert == *alert).map(|wrong| wrong.count).sum();
        let idle: Minute =
            score.idle.iter().filter(|((name, _), _)| name == alert).map(|(_, minutes)| minutes).sum();
        vec![
            alert.clone(),
            severity.clone(),
            delays.len().to_string(),
            first.to_string(),
            delay(delays),
            dash(wrong as f64 / weeks, 2),
            dash(idle as f64 / HOUR as f64 / weeks, 1),
        ]
    });
    let head = [
        "alert",
        "severity",
        "found",
        "as the first",
        "delay, median (range)",
        "false a week",
        "hours for nothing a week",
    ];
    table(form, &head, &rows.collect::<Vec<_>>())
}

fn deployments(score: &Score, form: Form) -> String {
    let mut by_job: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for watched in &score.watched {
        let entry = by_job.entry(&watched.job).or_insert((watched.rate, 0.0));
        entry.1 += watched.weeks;
    }
    let mut rows: Vec<_> = by_job.into_iter().collect();
    rows.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let rows = rows.into_iter().map(|(job, (rate, weeks))| {
        let found =
            score.incidents.iter().filter(|judged| judged.job == job && !judged.told.is_empty()).count();
        let all = score.incidents.iter().filter(|judged| judged.job == job).count();
        let wrong = |severity: &str| {
            let of = score.false_alarms.iter().filter(|wrong| wrong.job == job && wrong.severity == severity);
            dash(of.map(|wrong| wrong.count).sum::<Minute>() as f64 / weeks, 2)
        };
        let idle: Minute =
            score.idle.iter().filter(|((_, of), _)| of == job).map(|(_, minutes)| minutes).sum();
        vec![
            job.to_owned(),
            rate.to_string(),
            format!("{weeks:.1}"),
            format!("{found} of {all}"),
            wrong("page"),
            wrong("ticket"),
            dash(idle as f64 / HOUR as f64 / weeks, 1),
        ]
    });
    let head = [
        "deployment",
        "attempts/s",
        "weeks",
        "found",
        "false pages a week",
        "false tickets a week",
        "hours for nothing a week",
    ];
    table(form, &head, &rows.collect::<Vec<_>>())
}

fn kinds(score: &Score, form: Form) -> String {
    let mut by_kind: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for judged in &score.incidents {
        let key = (judged.incident.class == Class::Hard, judged.incident.due.name(), judged.incident.kind);
        by_kind.entry(key).or_default().push(judged);
    }
    let rows = by_kind.into_iter().map(|((hard, due, kind), all)| {
        let firsts: Vec<_> = all.iter().filter_map(|judged| judged.told.first()).collect();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for (alert, _) in &firsts {
            *names.entry(alert).or_default() += 1;
        }
        let names: Vec<String> = names.into_iter().map(|(name, count)| format!("{name} {count}")).collect();
        vec![
            kind.title().to_owned(),
            if hard { format!("{due}, hard") } else { due.to_owned() },
            format!("{} of {}", firsts.len(), all.len()),
            delay(firsts.iter().map(|(_, delay)| *delay).collect()),
            names.join(", "),
        ]
    });
    table(
        form,
        &["incident", "due", "found", "delay, median (range)", "first told by"],
        &rows.collect::<Vec<_>>(),
    )
}

fn missed(score: &Score, form: Form) -> String {
    let rows = score.incidents.iter().filter(|judged| judged.told.is_empty()).map(|judged| {
        let incident = &judged.incident;
        let quiet: Vec<String> =
            judged.too_quiet.iter().map(|(alert, _)| format!("{alert} as a ticket")).collect();
        vec![
            judged.seed.to_string(),
            judged.job.clone(),
            incident.kind.title().to_owned(),
            spelled(incident.from),
            format!("{} min", incident.to - incident.from),
            incident.due.name().to_owned(),
            quiet.join(", "),
        ]
    });
    table(
        form,
        &["seed", "missed at", "incident", "begins (UTC)", "lasts", "due", "but"],
        &rows.collect::<Vec<_>>(),
    )
}

fn wrong(score: &Score, form: Form) -> String {
    let mut by_alert: BTreeMap<_, (Minute, Vec<String>)> = BTreeMap::new();
    for wrong in &score.false_alarms {
        let entry = by_alert.entry((&*wrong.severity, &*wrong.alert, wrong.seed, &*wrong.job)).or_default();
        entry.0 += wrong.count;
        entry.1.push(spelled(wrong.from));
    }
    let rows = by_alert.into_iter().map(|((severity, alert, seed, job), (count, times))| {
        let shown = times.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
        let more = if times.len() > 4 { ", ..." } else { "" };
        vec![
            alert.to_owned(),
            severity.to_owned(),
            seed.to_string(),
            job.to_owned(),
            count.to_string(),
            shown + more,
        ]
    });
    table(
        form,
        &["false alert", "severity", "seed", "deployment", "count", "begins (UTC)"],
        &rows.collect::<Vec<_>>(),
    )
}

fn delay(mut minutes: Vec<Minute>) -> String {
    minutes.sort_unstable();
    match (minutes.first(), minutes.last()) {
        (Some(first), Some(last)) if minutes.len() > 1 => {
            format!("{} min ({first} to {last})", minutes[minutes.len() / 2])
        }
        (Some(only), _) => format!("{only} min"),
        _ => "-".to_owned(),
    }
}

/// Zeros are what a reader looks past.
fn dash(number: f64, digits: usize) -> String {
    if number == 0.0 { "-".to_owned() } else { format!("{number:.digits$}") }
}

fn table(form: Form, head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head: Vec<String> = head.iter().map(|&title| title.to_owned()).collect();
    if form == Form::Markdown {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = format!("|{}\n", "---|".repeat(head.len()));
        return line(&head) + &rule + &rows.iter().map(|row| line(row)).collect::<String>();
    }
    let width = |column: usize| {
        std::iter::once(&head).chain(rows).map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    line(&head) + &rows.iter().map(|row| line(row)).collect::<String>()
}
