//! What is measured in each world, what it must be, and what it aims for.

mod row;

use crate::episode::Trouble;
use crate::hostile::eleven::is_slow;
use crate::judge::Judged;
use crate::judge::score::{Score, ratio};
use crate::time::{HOUR, MINUTE, spelled};
use crate::world::Kind;
use row::Bar;
pub use row::Row;

/// Keeps which measures one world misses: worlds that are pooled afterwards can't make up for it.
pub fn note_missed(kind: Kind, seed: u64, judged: &mut Judged) {
    for row in rows(kind, judged).into_iter().filter(|row| row.held == Some(false)) {
        judged.missed.entry(row.measure).or_default().push(seed);
    }
}

/// The rows of a world, or of several with different seeds, each of which has to hold the bar.
pub fn rows(kind: Kind, judged: &Judged) -> Vec<Row> {
    let (score, baseline) = (&judged.score, &judged.baseline);
    let mut rows = sources(kind, score, baseline);
    rows.extend(campaigns(kind, score, baseline));
    if matches!(kind, Kind::Benign) || kind.is_full() {
        rows.extend(troubles(score, kind));
    }
    if kind != Kind::Benign && score.coverage.attempts > 0 {
        rows.extend(attempts(kind, score, baseline));
    }
    rows.extend(accounts(kind, score));
    if kind.is_full() {
        rows.extend(calibration(score));
    }
    rows.push(Row::new("bytes held", (score.bytes, 0), Bar::AtMost(524_288.0, 524_288.0)));
    // Told, but not judged: times depend on the machine, and on what else runs there.
    rows.push(Row::new("nanoseconds per event", (score.nanoseconds, 0), Bar::None));
    let rate = score.events as f64 / score.seconds.max(1e-9);
    rows.push(Row::new("events per second, with pipes and assess", (rate, 0), Bar::None));
    for row in &mut rows {
        if let Some(seeds) = judged.missed.get(&row.measure) {
            row.held = Some(false);
            // A single world needs no seed to be told apart.
            if score.worlds > 1 {
                row.missed_in.clone_from(seeds);
            }
        }
    }
    rows
}

fn sources(kind: Kind, score: &Score, baseline: &Score) -> Vec<Row> {
    let mut rows = Vec::new();
    if kind == Kind::Proxy {
        let convicted = score.convicted + score.false_sources;
        rows.push(Row::new("verdicts against the proxy", (convicted as f64, 0), Bar::AtMost(0.0, 0.0)));
        let bar = Bar::AtLeast(1.0, 1.0);
        rows.push(Row::new("sources said to look like a proxy", (score.proxies as f64, 0), bar));
        rows.extend(false_ones(kind, score, baseline));
        return rows;
    }
    let full = kind.is_full();
    if score.due > 0 && !matches!(kind, Kind::Ramp | Kind::Nat | Kind::Flood) {
        let bar = if full { Bar::AtLeast(0.98, 1.0) } else { Bar::None };
        let of = |score: &Score| format!("{:.3} ({} of {})", score.recall(), score.found, score.due);
        let row = Row::new("recall, sources of ≥ 5 guesses", (score.recall(), 3), bar);
        rows.push(row.told(of(score)).beside(of(baseline)));
        let noticed = format!("{:.3}", ratio(score.noticed, score.due));
        rows.push(Row::new("of these, notice or better", (0.0, 0), Bar::None).told(noticed));
    }
    if matches!(kind, Kind::Tail | Kind::Over) {
        let all = |score: &Score| ratio(score.convicted, score.hostile);
        let of = |score: &Score| format!("{:.3} ({} of {})", all(score), score.convicted, score.hostile);
        let bar = if kind == Kind::Tail { Bar::AtLeast(0.45, 0.52) } else { Bar::None };
        let row = Row::new("recall, all sources", (all(score), 3), bar);
        rows.push(row.told(of(score)).beside(of(baseline)));
    }
    if score.hostile > 0 && !matches!(kind, Kind::Nat | Kind::Ramp | Kind::Flood) {
        let bar = match kind {
            Kind::Tail => Bar::AtLeast(0.99, 0.99),
            _ if full => Bar::AtLeast(0.98, 0.995),
            _ => Bar::None,
        };
        let row = Row::new("precision of sources", (score.precision(), 3), bar);
        rows.push(row.beside(format!("{:.3}", baseline.precision())));
    }
    rows.extend(false_ones(kind, score, baseline));
    rows
}

fn false_ones(kind: Kind, score: &Score, baseline: &Score) -> Vec<Row> {
    let per = |score: &Score| score.per_100k(score.false_sources);
    let count = |score: &Score| format!("{:.1} ({})", per(score), score.false_sources);
    let bar = if kind == Kind::Harsh { Bar::AtMost(12.0, 5.0) } else { Bar::AtMost(5.0, 2.0) };
    let sources = Row::new("false sources per 100 k honest attempts", (per(score), 1), bar)
        .told(count(score))
        .beside(count(baseline));
    let nets = score.per_100k(score.false_nets);
    let nets = Row::new("false networks per 100 k honest attempts", (nets, 1), Bar::AtMost(2.0, 0.0))
        .told(format!("{nets:.1} ({})", score.false_nets));
    let subjects = score.per_100k(score.false_subjects);
    let subjects = Row::new("false accounts per 100 k honest attempts", (subjects, 1), Bar::None)
        .told(format!("{subjects:.1} ({})", score.false_subjects));
    let each = |count: usize, score: &Score| count as f64 / score.worlds.max(1) as f64;
    let campaigns = each(score.false_campaigns, score);
    let campaigns = Row::new("false campaigns a world", (campaigns, 2), Bar::AtMost(1.0, 0.0));
    let mut rows = vec![sources, nets, subjects, campaigns];
    if matches!(kind, Kind::Expiry | Kind::Migrated) {
        let sources = |score: &Score| each(score.upset_sources, score);
        let bar = Bar::AtMost(3.0, 0.0);
        let row = Row::new("false sources in the two days", (sources(score), 1), bar);
        rows.push(row.beside(format!("{:.1}", sources(baseline))));
        let campaigns = each(score.upset_campaigns, score);
        rows.push(Row::new("false campaigns in the two days", (campaigns, 1), Bar::AtMost(0.0, 0.0)));
    }
    rows
}

fn campaigns(kind: Kind, score: &Score, baseline: &Score) -> Vec<Row> {
    if score.campaigns.is_empty() {
        return Vec::new();
    }
    let found = |score: &Score| score.campaigns.iter().filter(|found| found.first.is_some()).count();
    let all = score.campaigns.len();
    // The long tail is judged by its sources, and behind a proxy most pairs are familiar.
    let bar = if matches!(kind, Kind::Tail | Kind::Over | Kind::Proxy) {
        Bar::None
    } else {
        Bar::AtLeast(1.0, 1.0)
    };
    let row = Row::new("campaigns found", (ratio(found(score), all), 2), bar)
        .told(format!("{} of {all}", found(score)))
        .beside(format!("{} of {all}", found(baseline)));
    let mut rows = vec![row];
    if kind.is_full() {
        rows.extend(delay(score, "slowest delay", Some(30.0 * MINUTE), |name| !is_slow(name)));
        rows.extend(delay(score, "slowest delay, smouldering and slow", Some(2.0 * HOUR), is_slow));
    } else {
        rows.extend(delay(score, "slowest delay", None, |_| true));
    }
    rows
}

/// The slowest delay of some campaigns, if any of them was found.
fn delay(score: &Score, measure: &str, aim: Option<f64>, of: impl Fn(&str) -> bool) -> Option<Row> {
    let of = score.campaigns.iter().filter(|found| of(found.name));
    let slowest = of.filter_map(|found| found.first.as_ref().map(|first| first.0)).fold(f64::NAN, f64::max);
    if slowest.is_nan() {
        return None;
    }
    let mut row = Row::new(measure, (slowest, 0), Bar::None).told(spelled(slowest));
    if let Some(aim) = aim {
        row.aim = format!("≤ {}", spelled(aim));
        row.aimed = slowest <= aim;
    }
    Some(row)
}

fn troubles(score: &Score, kind: Kind) -> Vec<Row> {
    [Trouble::Deploy, Trouble::Outage]
        .into_iter()
        .flat_map(|trouble| {
            let of: Vec<_> = score.troubles.iter().filter(|named| named.trouble == trouble).collect();
            let named = of.iter().filter(|named| named.delay.is_some()).count();
            let slowest = of.iter().filter_map(|named| named.delay).fold(0.0, f64::max);
            let measure = format!("{} named a regression", trouble.label());
            let row = Row::new(&measure, (ratio(named, of.len()), 2), Bar::AtLeast(1.0, 1.0));
            let mut rows = vec![row.told(format!("{named} of {}, {}", of.len(), spelled(slowest)))];
            // In a world with attacks, one is planted into the outage.
            if kind == Kind::Benign || trouble == Trouble::Deploy {
                let campaigns: usize = of.iter().map(|named| named.campaigns).sum();
                let measure = format!("campaigns seen in the {}", trouble.label());
                rows.push(Row::new(&measure, (campaigns as f64, 0), Bar::AtMost(0.0, 0.0)));
            }
            rows
        })
        .collect()
}

fn attempts(kind: Kind, score: &Score, baseline: &Score) -> Vec<Row> {
    let share = |score: &Score, any: bool| {
        let coverage = score.coverage;
        let after = if any { coverage.after_any } else { coverage.after_source };
        100.0 * ratio(after, coverage.attempts)
    };
    let row = |measure: &str, any: bool, bar| {
        Row::new(measure, (share(score, any), 0), bar)
            .told(format!("{:.0} %", share(score, any)))
            .beside(format!("{:.0} %", share(baseline, any)))
    };
    let bar = if kind == Kind::Tail { Bar::AtLeast(85.0, 92.0) } else { Bar::None };
    vec![
        row("hostile attempts after a source verdict", false, Bar::None),
        row("hostile attempts after any verdict", true, bar),
    ]
}

fn accounts(kind: Kind, score: &Score) -> Vec<Row> {
    let mut rows = Vec::new();
    let taken = score.taken;
    if taken.due > 0 {
        let share = taken.share();
        let bar = if kind.is_full() { Bar::AtLeast(0.5, 0.8) } else { Bar::None };
        let row = Row::new("taken accounts named within the hour", (share, 2), bar);
        rows.push(row.told(format!("{share:.2} ({} of {})", taken.named, taken.due)));
    }
    if taken.due + taken.wrong > 0 {
        let wrong = taken.wrong_share();
        let bar = if kind.is_full() { Bar::AtMost(0.1, 0.05) } else { Bar::None };
        let row = Row::new("wrong among accounts named as taken", (wrong, 2), bar);
        rows.push(row.told(format!("{wrong:.2} ({})", taken.wrong)));
    }
    let fatigue = score.fatigue;
    if fatigue.due > 0 {
        let share = fatigue.share();
        let row = Row::new("accounts under attack named", (share, 2), Bar::AtLeast(0.9, 1.0));
        rows.push(row.told(format!("{share:.2} ({} of {})", fatigue.named, fatigue.due)));
    }
    if fatigue.due + fatigue.wrong > 0 {
        rows.push(Row::new(
            "accounts named for nothing, second factor",
            (fatigue.wrong as f64, 0),
            Bar::None,
        ));
    }
    rows
}

fn calibration(score: &Score) -> Vec<Row> {
    let calibration = &score.calibration;
    if calibration.contacts() == 0 {
        return Vec::new();
    }
    let sure = calibration.sure().unwrap_or(0.0);
    vec![
        Row::new("truly hostile where p ≥ .9 before", (sure, 3), Bar::AtLeast(0.88, 0.95)),
        Row::new("Brier score, unfamiliar contacts", (calibration.brier(), 3), Bar::AtMost(0.08, 0.04)),
    ]
}

#[cfg(test)]
#[path = "bar_tests.rs"]
mod tests;
