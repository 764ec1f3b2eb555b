//! Sinks that fail and panic, handles that overflow, and clocks that jump: each line is there or told to be missing, at its place, and nobody else is the worse for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock, Outcome};
use auth_metrics_audit::{Audit, Line, Sink, SinkOptions};
use serde_json::Value;

use crate::sinks::Kept;
use crate::world::LONG;

/// A generator of numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// What a sink does wrong, in per cent of its lines.
#[derive(Clone, Copy)]
struct Wrongs {
    fails: u64,
    retries: u64,
    panics: u64,
}

/// Keeps what it takes, which is not everything.
struct Moody {
    kept: Kept,
    dice: Dice,
    wrongs: Wrongs,
    /// Whether it still does something wrong.
    goes_wrong: Arc<AtomicBool>,
    flush_panics: bool,
}

impl Sink for Moody {
    fn name(&self) -> &'static str {
        "moody"
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        let Wrongs { fails, retries, panics } = self.wrongs;
        let roll = self.dice.below(100);
        if !self.goes_wrong.load(Ordering::SeqCst) || roll >= fails + retries + panics {
            return self.kept.write(line);
        }
        match roll {
            roll if roll < fails => Err(io::Error::other("no")),
            roll if roll < fails + retries => Err(io::ErrorKind::Interrupted.into()),
            _ => std::panic::resume_unwind(Box::new("a panic of the sink")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.flush_panics && self.goes_wrong.load(Ordering::SeqCst) {
            std::panic::resume_unwind(Box::new("a panic of its flush"));
        }
        Ok(())
    }
}

pub(crate) fn polled(audit: &Audit) -> AuthMetrics {
    let metrics =
        AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone()).build().unwrap();
    audit.install(&metrics).unwrap();
    metrics
}

pub(crate) fn ends(metrics: &AuthMetrics, attempts: std::ops::Range<u64>) {
    attempts.for_each(|number| {
        metrics.attempt("login").resource(number.to_string()).finish(Outcome::Success);
    });
    metrics.events().poll();
}

pub(crate) fn count(metrics: &AuthMetrics, family: &str, labels: &[(&str, &str)]) -> f64 {
    metrics.snapshot().value(family, labels).unwrap_or_default()
}

pub(crate) fn parsed(kept: &Kept) -> Vec<Value> {
    kept.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each attempt, in the order of its number, is a line or one of those that a gap tells of, at its place. Returns how many that were.
pub(crate) fn nothing_is_missing(lines: &[Value]) -> u64 {
    let mut next = 0;
    for line in lines {
        match line["event.action"].as_str() {
            Some("gap") => next += line["auth.attempts"].as_u64().unwrap(),
            Some("login") => {
                assert_eq!(line["auth.resource"], next.to_string(), "a gap is not where lines are missing");
                next += 1;
            }
            _ => {}
        }
    }
    next
}

/// A chain of one process, whatever it wrote.
pub(crate) fn is_a_chain(lines: &[Value]) {
    for (line, number) in lines.iter().zip(1..) {
        assert_eq!(line["event.sequence"], number);
    }
    assert!(lines.windows(2).all(|pair| pair[0]["event.hash"] == pair[1]["auth.prev"]));
}

/// A sink with a small queue, attempts in bursts, flushes in between.
fn lines_and_gaps_are_what_was_captured(seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let share = |dice: &mut Dice| if dice.below(2) == 0 { 0 } else { dice.below(33) };
    let wrongs = Wrongs { fails: share(&mut dice), retries: share(&mut dice) / 4, panics: share(&mut dice) };
    let kept = Kept::new("moody");
    let goes_wrong = Arc::new(AtomicBool::new(true));
    let moody = Moody {
        kept: kept.clone(),
        dice: Dice(seed + 7),
        wrongs,
        goes_wrong: Arc::clone(&goes_wrong),
        flush_panics: false,
    };
    let room = usize::try_from(dice.below(40)).unwrap();
    let audit = Audit::builder().sink_with(moody, SinkOptions::new().capacity(room)).build().unwrap();
    let metrics = polled(&audit);
    let mut captured = 0;
    for _ in 0..6 {
        let burst = dice.below(90);
        ends(&metrics, captured..captured + burst);
        captured += burst;
        if dice.below(2) == 0 {
            audit.flush(LONG).unwrap();
        }
    }
    goes_wrong.store(false, Ordering::SeqCst);
    audit.shutdown(LONG).unwrap();
    let lines = parsed(&kept);
    is_a_chain(&lines);
    assert_eq!(lines[0]["event.action"], "boot");
    assert_eq!(lines[lines.len() - 1]["event.action"], "shutdown");
    assert_eq!(nothing_is_missing(&lines), captured, "seed {seed}");
    let results = count(&metrics, "auth_audit_events_total", &[]);
    assert_eq!(results as u64, captured, "seed {seed}");
    let written = lines.iter().filter(|line| line["event.action"] == "login").count();
    assert_eq!(count(&metrics, "auth_audit_events_total", &[("result", "written")]) as usize, 0);
    assert_eq!(count(&metrics, "auth_audit_events_total", &[("result", "handed_over")]) as usize, written);
}

#[test]
fn lines_and_gaps_are_what_was_captured_whatever_a_sink_does() {
    (1..150).for_each(lines_and_gaps_are_what_was_captured);
}

#[test]
fn flush_that_panics_costs_no_line_and_no_thread() {
    let goes_wrong = Arc::new(AtomicBool::new(true));
    let kept = Kept::new("moody");
    let moody = Moody {
        kept: kept.clone(),
        dice: Dice(1),
        wrongs: Wrongs { fails: 0, retries: 0, panics: 0 },
        goes_wrong: Arc::clone(&goes_wrong),
        flush_panics: true,
    };
    let audit = Audit::builder().sink(moody).build().unwrap();
    let metrics = polled(&audit);
    ends(&metrics, 0..10);
    assert_eq!(audit.flush(Duration::from_millis(100)).unwrap_err().sinks, ["moody"], "it was not flushed");
    until(|| !audit.is_writable());
    assert_eq!(count(&metrics, "auth_audit_up", &[]), 1.0);
    goes_wrong.store(false, Ordering::SeqCst);
    audit.flush(LONG).unwrap();
    until(|| audit.is_writable());
    ends(&metrics, 10..20);
    audit.shutdown(LONG).unwrap();
    assert_eq!(nothing_is_missing(&parsed(&kept)), 20);
}

#[test]
fn trail_is_writable_again_without_another_attempt() {
    let goes_wrong = Arc::new(AtomicBool::new(true));
    let kept = Kept::new("moody");
    let moody = Moody {
        kept: kept.clone(),
        dice: Dice(1),
        wrongs: Wrongs { fails: 100, retries: 0, panics: 0 },
        goes_wrong: Arc::clone(&goes_wrong),
        flush_panics: false,
    };
    let audit = Audit::builder().sink(moody).build().unwrap();
    let metrics = polled(&audit);
    ends(&metrics, 0..5);
    audit.flush(LONG).unwrap();
    assert!(!audit.is_writable());
    // A probe takes it out of traffic, so that no attempt comes until it is writable.
    goes_wrong.store(false, Ordering::SeqCst);
    until(|| audit.is_writable());
    let lines = parsed(&kept);
    assert_eq!((nothing_is_missing(&lines), lines.len()), (5, 2), "a boot and a gap");
}

/// Waits until something is so; the test hangs if it never is.
pub(crate) fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::yield_now();
    }
}

/// What the handle lost before the trail is told, even if the sink has no room for that either.
#[test]
fn overflow_of_the_handle_is_told_whatever_the_queue_has_room_for() {
    for fails in [0, 50] {
        let (kept, goes_wrong) = (Kept::new("moody"), Arc::new(AtomicBool::new(true)));
        let wrongs = Wrongs { fails, retries: 0, panics: 0 };
        let (dice, is) = (Dice(99), Arc::clone(&goes_wrong));
        let moody = Moody { kept: kept.clone(), dice, wrongs, goes_wrong: is, flush_panics: false };
        let audit = Audit::builder().sink_with(moody, SinkOptions::new().capacity(3)).build().unwrap();
        let metrics = polled(&audit);
        // More than the buffers of a thread take.
        let mut ended = 0;
        for _ in 0..3 {
            ended += 30_000;
            (0..30_000).for_each(|_| metrics.attempt("login").finish(Outcome::Success));
            metrics.events().poll();
        }
        // The overflow of the last part is told with the next event.
        metrics.attempt("login").finish(Outcome::Success);
        metrics.events().poll();
        goes_wrong.store(false, Ordering::SeqCst);
        audit.shutdown(LONG).unwrap();
        let lines = parsed(&kept);
        is_a_chain(&lines);
        let gaps: u64 = lines.iter().filter_map(|line| line["auth.attempts"].as_u64()).sum();
        let logins = lines.iter().filter(|line| line["event.action"] == "login").count() as u64;
        assert!(metrics.events().dropped_attempts() > 0);
        assert_eq!(gaps + logins, ended + 1, "{fails} per cent");
    }
}

/// A clock of the machine that jumps by centuries.
#[test]
fn clock_that_jumps_loses_no_attempt() {
    let kept = Kept::new("kept");
    let audit = Audit::builder().sink(kept.clone()).build().unwrap();
    let turns = AtomicU64::new(0);
    let clock = Clock::from_fn(move || {
        let turn = turns.fetch_add(1, Ordering::Relaxed);
        let years = [0, 400, 3, 0, 584, 1][usize::try_from(turn % 6).unwrap()];
        Duration::from_secs(years * 365 * 86_400)
    });
    let metrics =
        AuthMetrics::builder().service_id("gateway").poll_events().clock(clock).observe(audit.clone());
    let metrics = metrics.build().unwrap();
    audit.install(&metrics).unwrap();
    (0..100).for_each(|_| {
        metrics.attempt("login").subject("ann").session("s").finish(Outcome::Success);
        metrics.events().poll();
    });
    audit.shutdown(LONG).unwrap();
    let lines = parsed(&kept);
    is_a_chain(&lines);
    assert_eq!(lines.iter().filter(|line| line["event.action"] == "login").count(), 100);
    assert!(lines.iter().all(|line| line["@timestamp"].as_str().is_some_and(|at| at.ends_with('Z'))));
}
