//! Writes the document: all worlds, all ablations.

use std::fmt::Write as _;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::ablation::{self, Outcome, Variant, Worlds, slowest};
use crate::arguments::Arguments;
use crate::bar::{self, Row};
use crate::judge::Judged;
use crate::picture;
use crate::table::{self, Form};
use crate::timing::{self, Cell};
use crate::world::Kind;

/// Seeds that nobody looked at while the engine or the worlds were made.
const UNSEEN: RangeInclusive<u64> = 31..=34;
const UNSEEN_WORLDS: [Kind; 4] = [Kind::Normal, Kind::Harsh, Kind::Drift, Kind::Benign];

type Judgement = (Kind, Vec<Row>, Judged);

/// All that the document tells.
struct Findings {
    seeds: String,
    worlds: Vec<Judgement>,
    unseen: Vec<Judgement>,
    timing: Vec<Cell>,
    outcomes: Vec<Outcome>,
}

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
    let findings = Findings::gather(arguments, judge)?;
    if let Some((_, _, normal)) = findings.worlds.first() {
        let drawn = picture::draw(&normal.score, &format!("The normal world, {}", findings.seeds));
        fs::write(path.with_extension("svg"), drawn).map_err(failed)?;
    }
    fs::write(path, document(&findings)).map_err(failed)?;
    Ok(findings.is_held())
}

impl Findings {
    fn gather(
        arguments: &Arguments,
        judge: impl Fn(Kind, &Arguments) -> Result<Judged, String>,
    ) -> Result<Findings, String> {
        let all = |kinds: &[Kind], arguments: &Arguments| {
            let judged = |&kind: &Kind| {
                let judged = judge(kind, arguments)?;
                Ok((kind, bar::rows(kind, &judged), judged))
            };
            kinds.iter().map(judged).collect::<Result<Vec<Judgement>, String>>()
        };
        let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Over).collect();
        let worlds = all(&kinds, arguments)?;
        let unseen = all(&UNSEEN_WORLDS, &Arguments { seeds: UNSEEN, ..arguments.clone() })?;
        let timing = timing::measure(&arguments.setup, timing::RUNS)?;
        let outcome = |variant: Variant| {
            eprintln!("engine: {}", variant.name);
            let changed = Arguments { setup: variant.setup, ..arguments.clone() };
            Outcome { name: variant.name, judged: Worlds::judge(|kind| judge(kind, &changed)) }
        };
        let outcomes = ablation::variants(&arguments.setup).into_iter().map(outcome).collect();
        Ok(Findings { seeds: spelled_seeds(&arguments.seeds), worlds, unseen, timing, outcomes })
    }

    fn is_held(&self) -> bool {
        let worlds = self.worlds.iter().chain(&self.unseen);
        worlds.map(|(_, rows, _)| rows).all(|rows| missed(rows).is_empty())
            && !self.timing.iter().any(Cell::is_missed)
    }
}

fn spelled_seeds(seeds: &RangeInclusive<u64>) -> String {
    let (first, last) = (seeds.start(), seeds.end());
    if first == last { format!("seed {first}") } else { format!("seeds {first} to {last}") }
}

/// The measures that are not as they must be, and the seeds if there are several.
fn missed(rows: &[Row]) -> Vec<String> {
    let missed = rows.iter().filter(|row| row.held == Some(false));
    missed.map(|row| format!("{} {}", row.measure, row.missed_seeds()).trim_end().to_owned()).collect()
}

fn spelled_missed(rows: &[Row]) -> String {
    let missed = missed(rows);
    if missed.is_empty() { "held".to_owned() } else { format!("missed: {}", missed.join("; ")) }
}

fn document(findings: &Findings) -> String {
    let mut text = include_str!("report/begin.md").replace("{seeds}", &findings.seeds);
    let mut section = |title: &str, body: &str| {
        // Writing to a string does not fail.
        let _ = write!(text, "\n## {title}\n\n{body}");
    };
    let told = findings.worlds.iter().filter(|(kind, ..)| kind.is_full() || *kind == Kind::Benign);
    for (kind, rows, judged) in told {
        let mut body = format!("{}.\n\n{}", sentence(kind.about()), table::bar(rows, Form::Markdown));
        if *kind == Kind::Normal {
            let _ = write!(body, "\n{}", table::campaigns(&judged.score, Form::Markdown));
            let _ = write!(body, "\n{}", table::reliability(&judged.score.calibration, Form::Markdown));
        }
        section(&format!("The {} world", kind.name()), &body);
    }
    let words = include_str!("report/every.md");
    section("Every world", &format!("{words}\n{}", overview(&findings.worlds)));
    let words = include_str!("report/unseen.md").replace("{seeds}", &spelled_seeds(&UNSEEN));
    section("Seeds that nobody looked at", &format!("{words}\n{}", unseen(&findings.unseen)));
    let runs = include_str!("report/timing.md").replace("{runs}", &timing::RUNS.to_string());
    let cells = timing::compared(&findings.timing, Form::Markdown);
    section("Timing oracles", &format!("{runs}\n{cells}"));
    let compared = ablation::compared(&findings.outcomes, Form::Markdown);
    section("What each part is worth", &format!("{}\n{compared}", include_str!("report/ablation.md")));
    section("What was left out", include_str!("report/left_out.md"));
    section("Limits", include_str!("report/limits.md"));
    text
}

/// One column for each world of several seeds.
fn unseen(worlds: &[Judgement]) -> String {
    let mut measures: Vec<&str> = Vec::new();
    for row in worlds.iter().flat_map(|(_, rows, _)| rows) {
        let is_judged = row.held.is_some() || !row.aim.is_empty();
        if is_judged && !measures.contains(&row.measure.as_str()) {
            measures.push(&row.measure);
        }
    }
    let mut head = vec!["measure", "must", "aim"];
    head.extend(worlds.iter().map(|(kind, ..)| kind.name()));
    let rows: Vec<Vec<String>> = measures.into_iter().map(|measure| unseen_row(measure, worlds)).collect();
    table::table(Form::Markdown, &head, &rows)
}

fn unseen_row(measure: &str, worlds: &[Judgement]) -> Vec<String> {
    let of: Vec<(Kind, Option<&Row>)> = worlds
        .iter()
        .map(|(kind, rows, _)| (*kind, rows.iter().find(|row| row.measure == measure)))
        .collect();
    let first = of.iter().find_map(|(_, row)| *row);
    // A world with another bar is named beside the first one's.
    let bound = |bound: fn(&Row) -> &str| {
        let usual = first.map_or("", bound);
        let others = of.iter().filter_map(|(kind, row)| row.map(|row| (kind, bound(row))));
        let others = others.filter(|(_, other)| *other != usual);
        others.fold(usual.to_owned(), |said, (kind, other)| format!("{said}, {} {other}", kind.name()))
    };
    let cell = |row: &Row| format!("{} {}", row.result, row.complaint()).trim_end().to_owned();
    let mut cells = vec![measure.to_owned(), bound(|row| &row.must), bound(|row| &row.aim)];
    cells.extend(of.iter().map(|(_, row)| row.map_or_else(|| "-".to_owned(), cell)));
    cells
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
            let per =
                |score: &crate::judge::score::Score| format!("{:.1}", score.per_100k(score.false_sources));
            let attacked = !score.campaigns.is_empty();
            vec![
                format!("`{}`: {}", kind.name(), kind.about()),
                if attacked { format!("{found} of {}", score.campaigns.len()) } else { "-".to_owned() },
                if attacked { slowest(score, |_| true) } else { "-".to_owned() },
                per(score),
                per(baseline),
                score.false_nets.to_string(),
                score.false_campaigns.to_string(),
                spelled_missed(rows),
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
