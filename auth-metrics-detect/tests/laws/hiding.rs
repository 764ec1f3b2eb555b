//! Attacks while the service fails: honest failures are no attack, and nobody hides among them.

use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::{AuthMetrics, Outcome};
use auth_metrics_detect::Detector;

use crate::world::{BROKEN, HOUR, MINUTE, Random, START, SUCCESS, UNKNOWN, WRONG, Watch, builder, den, home};

/// Known users log in, and from `broken` on get `outcome` instead.
fn users(
    watch: &mut Watch,
    from: f64,
    minutes: u32,
    broken: u32,
    outcome: Outcome,
    mut also: impl FnMut(&mut Watch, u32, f64),
) {
    let mut random = Random(3);
    watch.town(400, from - 2.0 * HOUR, 15.0);
    for minute in 0..minutes {
        let at = from + f64::from(minute) * MINUTE;
        for second in 0..8 {
            let user = random.below(400);
            let outcome = if minute >= broken { outcome } else { SUCCESS };
            watch.login(at + f64::from(second), home(user), &format!("user-{user}"), outcome);
        }
        also(watch, minute, at + 30.0);
    }
}

#[test]
fn outage_and_bad_deployment_are_regressions_and_no_attack() {
    for outcome in [BROKEN, WRONG] {
        let mut watch = Watch::new();
        users(&mut watch, START, 300, 240, outcome, |_, _, _| ());
        assert!(watch.has(Detector::RegressionSuspected), "{outcome:?}");
        assert_eq!(watch.attacks(), [] as [&crate::world::Told; 0], "{outcome:?}");
    }
}

#[test]
fn source_that_guesses_in_an_outage_is_convicted() {
    for (outcome, said) in [(BROKEN, BROKEN), (WRONG, WRONG), (BROKEN, UNKNOWN)] {
        let mut watch = Watch::new();
        users(&mut watch, START, 300, 240, outcome, |watch, minute, at| {
            if minute >= 250 {
                watch.login(at, den(1), &format!("user-{minute}"), said);
            }
        });
        assert!(watch.has(Detector::RegressionSuspected), "{outcome:?}");
        assert!(watch.is_convicted(den(1)), "{outcome:?}: {:#?}", watch.told);
        // What convicts it is no campaign: that is held.
        assert!(!watch.has(Detector::Campaign), "{outcome:?}");
    }
}

#[test]
fn account_that_is_guessed_at_in_an_outage_is_named() {
    let mut watch = Watch::new();
    users(&mut watch, START, 300, 240, BROKEN, |watch, minute, at| {
        if minute >= 245 {
            watch.login(at, den(minute), "user-7", WRONG);
        }
    });
    assert!(watch.has(Detector::AccountGuessing));
}

#[test]
fn outage_without_end_hides_a_campaign_for_an_hour_at_most() {
    let mut watch = Watch::new();
    let mut sources = 0;
    users(&mut watch, START, 480, 240, BROKEN, |watch, minute, at| {
        for _ in 0..if minute >= 240 { 3 } else { 0 } {
            sources += 1;
            watch.login(at, den(sources), &format!("name-{sources}"), UNKNOWN);
        }
    });
    let began = watch
        .told
        .iter()
        .find(|told| told.detector == Detector::Campaign)
        .map(|told| f64::from_bits(told.began));
    let held = began.map(|began| (began - START) / MINUTE - 240.0);
    assert!(held.is_some_and(|minutes| (1.0..75.0).contains(&minutes)), "{held:?} minutes");
}

#[test]
fn hold_is_seen_in_a_scrape() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let mut watch = Watch::of(builder());
    users(&mut watch, now - 255.0 * MINUTE, 255, 240, BROKEN, |_, _, _| ());
    assert!(watch.has(Detector::RegressionSuspected));
    let metrics = AuthMetrics::builder()
        .service_id("gateway")
        .observe(watch.engine.clone())
        .poll_events()
        .build()
        .unwrap();
    watch.engine.install(&metrics).unwrap();
    metrics.attempt("login").subject("user-1").peer(home(1)).finish(SUCCESS);
    metrics.events().poll();
    let held = metrics.snapshot().value("auth_detect_held", &[("operation", "login")]);
    assert_eq!(held, Some(1.0));
    assert!(metrics.encode_text().contains("auth_detections_active{detector=\"regression_suspected\"} 1\n"));
}
