//! What each part of the engine is worth: the same worlds with a part switched off, with other tables, with lost events.

use crate::hostile::eleven::is_slow;
use crate::judge::Judged;
use crate::judge::replay::Setup;
use crate::judge::score::{Score, ratio};
use crate::table::{Form, table};
use crate::time::spelled;

/// Parts that the replay program can switch off.
pub const PARTS: [&str; 9] =
    ["familiar", "credit", "take_back", "prior", "net", "subject", "fleet", "guard", "pacing"];
const MEMORY: [u64; 4] = [128 << 10, 256 << 10, 1 << 20, 4 << 20];
const DROPS: [f64; 3] = [0.01, 0.1, 0.5];

/// A setup and its name.
#[derive(Clone, Debug)]
pub struct Variant {
    pub name: String,
    pub setup: Setup,
}

/// All variants, the unchanged one first.
pub fn variants(base: &Setup) -> Vec<Variant> {
    let mut all = vec![Variant { name: "complete".to_owned(), setup: base.clone() }];
    for part in PARTS {
        let mut setup = base.clone();
        setup.without.push(part.to_owned());
        all.push(Variant { name: format!("without {}", part.replace('_', " ")), setup });
    }
    for bytes in MEMORY {
        let setup = Setup { memory: Some(bytes), ..base.clone() };
        all.push(Variant { name: format!("{} KiB", bytes >> 10), setup });
    }
    for drop in DROPS {
        let setup = Setup { drop, ..base.clone() };
        all.push(Variant { name: format!("{:.0} % of the events lost", 100.0 * drop), setup });
    }
    all
}

/// What a variant made of the normal and of the benign worlds, or why it made nothing.
#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    pub judged: Result<(Judged, Judged), String>,
}

/// The table of all variants.
pub fn compared(outcomes: &[Outcome], form: Form) -> String {
    let head = [
        "engine",
        "recall",
        "precision",
        "false sources per 100 k",
        "false networks per 100 k",
        "campaigns",
        "slowest",
        "smouldering, low and slow",
        "attempts after source / any verdict",
        "taken named / wrong",
        "Brier",
        "benign: false sources per 100 k, campaigns",
    ];
    let rows: Vec<Vec<String>> = outcomes.iter().map(row).collect();
    table(form, &head, &rows)
}

fn row(outcome: &Outcome) -> Vec<String> {
    let mut cells = vec![outcome.name.clone()];
    match &outcome.judged {
        Ok((normal, benign)) => cells.extend(figures(&normal.score, &benign.score)),
        Err(error) => {
            cells.push(error.replace('|', "/").replace('\n', " "));
            cells.resize(12, String::new());
        }
    }
    cells
}

fn figures(normal: &Score, benign: &Score) -> Vec<String> {
    let found = normal.campaigns.iter().filter(|found| found.first.is_some()).count();
    let slowest = |slow: bool| {
        let of = normal.campaigns.iter().filter(|found| is_slow(found.name) == slow);
        let longest =
            of.filter_map(|found| found.first.as_ref().map(|first| first.0)).fold(f64::NAN, f64::max);
        if longest.is_nan() { "-".to_owned() } else { spelled(longest) }
    };
    let coverage = normal.coverage;
    let percent = |part: usize| 100.0 * ratio(part, coverage.attempts);
    let taken = normal.taken;
    vec![
        format!("{:.3}", normal.recall()),
        format!("{:.3}", normal.precision()),
        format!("{:.1}", normal.per_100k(normal.false_sources)),
        format!("{:.1}", normal.per_100k(normal.false_nets)),
        format!("{found} of {}", normal.campaigns.len()),
        slowest(false),
        slowest(true),
        format!("{:.0} / {:.0} %", percent(coverage.after_source), percent(coverage.after_any)),
        format!("{:.2} / {:.2}", taken.share(), taken.wrong_share()),
        format!("{:.3}", normal.calibration.brier()),
        format!("{:.1}, {}", benign.per_100k(benign.false_sources), benign.false_campaigns),
    ]
}
