//! Runs logs with latencies through the replay program: does it find an operation that answers sooner if there is no such account?
//!
//! Load is what makes this hard. It slows all attempts, and those at unknown accounts come when it is high: a plain comparison of the two
//! finds a leak in equal paths.

use std::fmt::Write as _;
use std::num::NonZero;
use std::thread;

use crate::judge::replay::{self, Setup};
use crate::table::{Form, table};
use crate::time::BEGIN;
use crate::world::stream;

/// Its name among the worlds.
pub const WORLD: &str = "timing";
pub const ABOUT: &str = "failed logins with latencies under a load that swings, 200 to 10,000 in a run";

/// The runs of a document, and those of a quick look.
pub const RUNS: usize = 60;
pub const FEW_RUNS: usize = 20;

const SIZES: [usize; 4] = [200, 500, 2_000, 10_000];
/// How much sooner an unknown account is answered, in milliseconds. Zero: paths are equal.
const LEAKS: [u32; 5] = [0, 55, 5, 2, 1];

/// What hashing a password takes without load, in milliseconds.
const HASH: f64 = 60.0;
const NOISE: f64 = 0.12;
const OUTLIERS: f64 = 0.01;
/// Load swings between 1 and 1.5, once in so many attempts.
const PERIOD: f64 = 700.0;

/// The detector that is judged.
const DETECTOR: &str = "timing_oracle";
/// A plain rank test that alarms beyond this many standard errors is the baseline.
const BASELINE_Z: f64 = 4.5;

/// Runs of one length with one leak.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    attempts: usize,
    leak: u32,
    runs: usize,
    /// Runs with a verdict.
    found: usize,
    /// Runs in which a plain rank test finds a leak.
    baseline: usize,
}

impl Cell {
    /// The runs that must have a verdict, if that matters.
    fn must(&self) -> Option<usize> {
        if self.leak == 0 && self.attempts >= 500 {
            return Some(0);
        }
        (self.leak == 5 && self.attempts == 2_000).then_some(self.runs)
    }

    fn aim(&self) -> Option<usize> {
        (self.leak == 2 && self.attempts == 10_000).then_some(self.runs)
    }

    /// Whether it is not as it must be.
    pub fn is_missed(&self) -> bool {
        self.must().is_some_and(|must| must != self.found)
    }

    fn spelled(&self) -> String {
        let said = format!("{} of {}", self.found, self.runs);
        match (self.must(), self.aim()) {
            (Some(must), _) if self.is_missed() => format!("{said}, MISSED: must be {must}"),
            (Some(must), _) => format!("{said}, must be {must}"),
            (None, Some(aim)) => format!("{said}, aim {aim}"),
            (None, None) => said,
        }
    }
}

/// Judges all lengths and leaks.
///
/// # Errors
///
/// If the replay program fails.
pub fn measure(setup: &Setup, runs: usize) -> Result<Vec<Cell>, String> {
    replay::check(&setup.program)?;
    let mut cells = Vec::new();
    for attempts in SIZES {
        for leak in LEAKS {
            let (found, baseline) = count(setup, (attempts, leak), runs)?;
            cells.push(Cell { attempts, leak, runs, found, baseline });
        }
    }
    Ok(cells)
}

/// Runs with a verdict, and those in which a plain rank test finds a leak.
fn count(setup: &Setup, of: (usize, u32), runs: usize) -> Result<(usize, usize), String> {
    let lanes = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let lane = |lane: usize| {
            let seeds = (lane..runs).step_by(lanes);
            scope.spawn(move || seeds.map(|seed| run(setup, of, seed as u64)).collect::<Result<Vec<_>, _>>())
        };
        let lanes: Vec<_> = (0..lanes).map(lane).collect();
        let mut sums = (0, 0);
        for lane in lanes {
            for (found, baseline) in lane.join().map_err(|_| "a run panicked".to_owned())?? {
                sums = (sums.0 + usize::from(found), sums.1 + usize::from(baseline));
            }
        }
        Ok(sums)
    })
}

fn run(setup: &Setup, (attempts, leak): (usize, u32), seed: u64) -> Result<(bool, bool), String> {
    let log = log(attempts, leak, seed);
    let said = replay::text(&csv(&log), setup)?;
    let found = said.verdicts.iter().any(|verdict| verdict.detector == DETECTOR);
    Ok((found, rank_test(&log).abs() >= BASELINE_Z))
}

/// A failed attempt to log in.
struct Attempt {
    t: f64,
    source: String,
    subject: u64,
    is_unknown: bool,
    /// In milliseconds.
    latency: f64,
}

fn log(attempts: usize, leak: u32, seed: u64) -> Vec<Attempt> {
    let mut random = stream(seed, "timing");
    let phase = random.between(0.0, PERIOD);
    let mut t = BEGIN;
    let attempt = |at: usize| {
        let wave = (std::f64::consts::TAU * (at as f64 + phase) / PERIOD).sin();
        let load = 1.25 + 0.25 * wave;
        // From one in ten in quiet times to six in ten.
        let is_unknown = random.chance(0.35 + 0.25 * wave);
        let mut latency = HASH * load * (1.0 + NOISE * random.normal()).max(0.2);
        if random.chance(OUTLIERS) {
            latency *= random.between(2.0, 10.0);
        }
        if is_unknown {
            latency = (latency - f64::from(leak)).max(0.1);
        }
        t += random.exponential(2.0);
        let source = format!("10.{}.{}.{}", random.below(256), random.below(256), random.below(256));
        Attempt { t, source, subject: random.count(1, 5_000), is_unknown, latency }
    };
    (0..attempts).map(attempt).collect()
}

fn csv(log: &[Attempt]) -> String {
    let mut text = String::from("t,source,subject,operation,outcome,reason,latency_seconds\n");
    for Attempt { t, source, subject, is_unknown, latency } in log {
        let reason = if *is_unknown { "unknown_subject" } else { "invalid_credentials" };
        let seconds = latency / 1_000.0;
        // Writing to a string does not fail.
        let _ = writeln!(text, "{t:.3},{source},person{subject},login,rejected,{reason},{seconds:.6}");
    }
    text
}

/// The standard errors of a plain Mann-Whitney test: positive if unknown accounts are answered later.
fn rank_test(log: &[Attempt]) -> f64 {
    let mut sorted: Vec<&Attempt> = log.iter().collect();
    sorted.sort_by(|one, other| one.latency.total_cmp(&other.latency));
    // Latencies have no ties that matter.
    let ranks = sorted.iter().zip(1..).filter(|(attempt, _)| attempt.is_unknown);
    let ranks: Vec<f64> = ranks.map(|(_, rank)| f64::from(rank)).collect();
    let (unknown, all) = (ranks.len() as f64, log.len() as f64);
    let variance = unknown * (all - unknown) * (all + 1.0) / 12.0;
    (ranks.iter().sum::<f64>() - unknown * (all + 1.0) / 2.0) / variance.sqrt()
}

/// The table of all cells.
pub fn compared(cells: &[Cell], form: Form) -> String {
    let mut head = vec!["attempts".to_owned(), "equal paths, plain rank test".to_owned()];
    head.extend(LEAKS.map(
        |leak| {
            if leak == 0 { "equal paths".to_owned() } else { format!("leak of {leak} ms") }
        },
    ));
    let rows: Vec<Vec<String>> = cells
        .chunks(LEAKS.len())
        .map(|of| {
            let mut row = vec![of[0].attempts.to_string(), format!("{} of {}", of[0].baseline, of[0].runs)];
            row.extend(of.iter().map(Cell::spelled));
            row
        })
        .collect();
    table(form, &head, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_alone_deceives_a_plain_test() {
        let deceived = |seed: &u64| rank_test(&log(2_000, 0, *seed)) >= BASELINE_Z;
        assert_eq!((0..20).filter(deceived).count(), 20);
    }

    #[test]
    fn a_leak_answers_unknown_accounts_sooner() {
        let gap: f64 = log(500, 0, 3)
            .iter()
            .zip(log(500, 5, 3))
            .map(|(equal, leaking)| equal.latency - leaking.latency)
            .sum();
        let unknown = log(500, 5, 3).iter().filter(|attempt| attempt.is_unknown).count();
        assert!((gap / unknown as f64 - 5.0).abs() < 1e-9, "{gap} of {unknown}");
    }

    #[test]
    fn one_false_alarm_is_too_many() {
        let cell = |attempts, leak, found| Cell { attempts, leak, runs: 60, found, baseline: 0 };
        assert!(cell(500, 0, 1).is_missed() && !cell(500, 0, 0).is_missed());
        assert!(cell(2_000, 5, 59).is_missed() && !cell(2_000, 5, 60).is_missed());
        assert!(!cell(200, 0, 5).is_missed() && !cell(10_000, 2, 0).is_missed());
        assert_eq!(cell(500, 0, 1).spelled(), "1 of 60, MISSED: must be 0");
    }
}
