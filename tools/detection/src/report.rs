//! Writes the document: all worlds, all ablations.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::ablation::{self, Outcome};
use crate::arguments::Arguments;
use crate::bar::{self, Row};
use crate::judge::Judged;
use crate::picture;
use crate::table::{self, Form};
use crate::time::spelled;
use crate::world::Kind;

/// Judges everything and writes the document, and `detection.svg` beside it. Says whether the bar is held.
///
/// # Errors
///
/// If the replay program fails as it is, or a file can't be written.
pub fn write(
    path: &Path,
    arguments: &Arguments,
    judge: impl Fn(Kind, &Arguments) -> Result<Judged, String>,
) -> Result<bool, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    // Says so before the long work if nothing can be written there.
    fs::write(path, "").map_err(failed)?;
    let mut worlds = Vec::new();
    for &kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Over) {
        let judged = judge(kind, arguments)?;
        worlds.push((kind, bar::rows(kind, &judged), judged));
    }
    let variants = ablation::variants(&arguments.setup);
    let mut outcomes = Vec::new();
    for variant in variants {
        eprintln!("engine: {}", variant.name);
        let changed = Arguments { setup: variant.setup, ..arguments.clone() };
        let both =
            judge(Kind::Normal, &changed).and_then(|normal| Ok((normal, judge(Kind::Benign, &changed)?)));
        outcomes.push(Outcome { name: variant.name, judged: both });
    }
    if let Some((_, _, normal)) = worlds.first() {
        let drawn = picture::draw(&normal.score, &format!("The normal world, {}", seeds(arguments)));
        fs::write(path.with_extension("svg"), drawn).map_err(failed)?;
    }
    fs::write(path, document(arguments, &worlds, &outcomes)).map_err(failed)?;
    Ok(worlds.iter().all(|(_, rows, _)| missed(rows).is_empty()))
}

fn seeds(arguments: &Arguments) -> String {
    let (first, last) = (arguments.seeds.start(), arguments.seeds.end());
    if first == last { format!("seed {first}") } else { format!("seeds {first} to {last}") }
}

/// The measures that are not as they must be.
fn missed(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter(|row| row.held == Some(false)).map(|row| row.measure.as_str()).collect()
}

type Judgement = (Kind, Vec<Row>, Judged);

fn document(arguments: &Arguments, worlds: &[Judgement], outcomes: &[Outcome]) -> String {
    let mut text = include_str!("report/begin.md").replace("{seeds}", &seeds(arguments));
    let mut section = |title: &str, body: &str| {
        // Writing to a string does not fail.
        let _ = write!(text, "\n## {title}\n\n{body}");
    };
    for (kind, rows, judged) in worlds.iter().filter(|(kind, ..)| kind.is_full() || *kind == Kind::Benign) {
        let mut body = format!("{}.\n\n{}", sentence(kind.about()), table::bar(rows, Form::Markdown));
        if *kind == Kind::Normal {
            let _ = write!(body, "\n{}", table::campaigns(&judged.score, Form::Markdown));
            let _ = write!(body, "\n{}", table::reliability(&judged.score.calibration, Form::Markdown));
        }
        section(&format!("The {} world", kind.name()), &body);
    }
    section("Every world", &overview(worlds));
    let compared = ablation::compared(outcomes, Form::Markdown);
    section("What each part is worth", &format!("{}\n{compared}", include_str!("report/ablation.md")));
    section("Limits", include_str!("report/limits.md"));
    text
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One line for each world.
fn overview(worlds: &[Judgement]) -> String {
    let rows: Vec<Vec<String>> = worlds
        .iter()
        .map(|(kind, rows, judged)| {
            let (score, baseline) = (&judged.score, &judged.baseline);
            let found = score.campaigns.iter().filter(|found| found.first.is_some()).count();
            let longest =
                score.campaigns.iter().filter_map(|found| found.first.as_ref().map(|first| first.0));
            let longest = longest.fold(f64::NAN, f64::max);
            let per =
                |score: &crate::judge::score::Score| format!("{:.1}", score.per_100k(score.false_sources));
            let attacked = !score.campaigns.is_empty();
            let missed = missed(rows);
            vec![
                format!("`{}`: {}", kind.name(), kind.about()),
                if attacked { format!("{found} of {}", score.campaigns.len()) } else { "-".to_owned() },
                if longest.is_nan() { "-".to_owned() } else { spelled(longest) },
                per(score),
                per(baseline),
                score.false_nets.to_string(),
                score.false_campaigns.to_string(),
                if missed.is_empty() { "held".to_owned() } else { format!("missed: {}", missed.join("; ")) },
            ]
        })
        .collect();
    let head = [
        "world",
        "campaigns found",
        "slowest",
        "false sources per 100 k",
        "the same, fail2ban",
        "false networks",
        "false campaigns",
        "bar",
    ];
    table::table(Form::Markdown, &head, &rows)
}
