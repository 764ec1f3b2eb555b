//! What each part of the engine is worth: the same worlds with a part switched off, with other tables, with lost events.

use crate::hostile::eleven::is_slow;
use crate::judge::Judged;
use crate::judge::replay::Setup;
use crate::judge::score::{Score, ratio};
use crate::table::{Form, table};
use crate::time::spelled;
use crate::world::Kind;

/// Parts that the replay program can switch off.
pub const PARTS: [&str; 9] =
    ["familiar", "credit", "take_back", "prior", "net", "subject", "fleet", "guard", "pacing"];
const MEMORY: [u64; 3] = [256 << 10, 1 << 20, 4 << 20];
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

/// What a variant made of the worlds, or why it made nothing.
#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    pub judged: Result<Worlds, String>,
}

/// The worlds that each variant is judged by.
#[derive(Debug)]
pub struct Worlds {
    normal: Score,
    benign: Score,
    /// Passwords expire, and people get new names.
    upset: Score,
    ramp: Score,
}

impl Worlds {
    /// Judges all of them.
    ///
    /// # Errors
    ///
    /// If the replay program fails.
    pub fn judge(judge: impl Fn(Kind) -> Result<Judged, String>) -> Result<Worlds, String> {
        let judge = |kind| judge(kind).map(|judged| judged.score);
        let mut upset = judge(Kind::Expiry)?;
        upset.join(judge(Kind::Migrated)?);
        let (normal, benign, ramp) = (judge(Kind::Normal)?, judge(Kind::Benign)?, judge(Kind::Ramp)?);
        Ok(Worlds { normal, benign, upset, ramp })
    }
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
        "expiry and migrated: false sources per 100 k, campaigns",
        "ramp found after",
    ];
    let rows: Vec<Vec<String>> = outcomes.iter().map(row).collect();
    table(form, &head, &rows)
}

fn row(outcome: &Outcome) -> Vec<String> {
    let mut cells = vec![outcome.name.clone()];
    match &outcome.judged {
        Ok(worlds) => cells.extend(figures(worlds)),
        Err(error) => {
            cells.push(error.replace('|', "/").replace('\n', " "));
            cells.resize(14, String::new());
        }
    }
    cells
}

fn figures(Worlds { normal, benign, upset, ramp }: &Worlds) -> Vec<String> {
    let found = normal.campaigns.iter().filter(|found| found.first.is_some()).count();
    let coverage = normal.coverage;
    let percent = |part: usize| 100.0 * ratio(part, coverage.attempts);
    let taken = normal.taken;
    let wrongly =
        |score: &Score| format!("{:.1}, {}", score.per_100k(score.false_sources), score.false_campaigns);
    vec![
        format!("{:.3}", normal.recall()),
        format!("{:.3}", normal.precision()),
        format!("{:.1}", normal.per_100k(normal.false_sources)),
        format!("{:.1}", normal.per_100k(normal.false_nets)),
        format!("{found} of {}", normal.campaigns.len()),
        slowest(normal, |name| !is_slow(name)),
        slowest(normal, is_slow),
        format!("{:.0} / {:.0} %", percent(coverage.after_source), percent(coverage.after_any)),
        format!("{:.2} / {:.2}", taken.share(), taken.wrong_share()),
        format!("{:.3}", normal.calibration.brier()),
        wrongly(benign),
        wrongly(upset),
        slowest(ramp, |_| true),
    ]
}

/// The longest delay of the campaigns that were found.
pub fn slowest(score: &Score, which: impl Fn(&str) -> bool) -> String {
    let of = score.campaigns.iter().filter(|found| which(found.name));
    let longest = of.filter_map(|found| found.first.as_ref().map(|first| first.0)).fold(f64::NAN, f64::max);
    if longest.is_nan() { "not found".to_owned() } else { spelled(longest) }
}
