//! Clocks that are set, and times that are none.

use std::net::IpAddr;

use auth_metrics::Outcome;
use auth_metrics_detect::{Action, Attempt};

use crate::world::{self, DAY, HOUR, Random, START, SUCCESS, WRONG, Watch, den, home};

/// Attempts of honest users for six hours, one in twelve of which errs first; `change` sets the clock.
fn honest(mut change: impl FnMut(u32, f64) -> f64) -> Watch {
    let mut watch = Watch::new();
    let mut random = Random(11);
    for number in 0..10_000 {
        let at = START + f64::from(number) * 2.0;
        let (user, errs) = (random.below(500), random.once_in(12));
        let mut login = |outcome: Outcome, later: f64| {
            watch.login(change(number, at + later), home(user), &format!("user-{user}"), outcome);
        };
        if errs {
            login(WRONG, 0.0);
        }
        login(SUCCESS, f64::from(u8::from(errs)) * 7.0);
    }
    watch
}

/// A source that guesses is found, whatever the clock did before; at times from `from` on.
fn finds_a_guesser(watch: &mut Watch, from: f64) {
    // The clock was set back: so many late ones, and it is believed.
    (0..40).for_each(|user| watch.user(user, from, false));
    (0..12).for_each(|guess| {
        watch.login(from + f64::from(guess) * 60.0, den(1), &format!("user-{guess}"), WRONG)
    });
    assert!(watch.is_convicted(den(1)));
}

#[test]
fn broken_clocks_convict_nobody_and_hide_nobody() {
    let mut random = Random(1);
    let mut jitter = move |_, at: f64| at - f64::from(random.below(5_000)) / 1e3;
    let clocks: [(&str, &mut dyn FnMut(u32, f64) -> f64, f64); 8] = [
        ("up to 5 s out of order", &mut jitter, 0.0),
        ("whole seconds", &mut |_, at: f64| at.floor(), 0.0),
        ("whole minutes", &mut |_, at: f64| (at / 60.0).floor() * 60.0, 0.0),
        ("set back an hour", &mut |number, at| if number > 5_000 { at - HOUR } else { at }, -HOUR),
        ("set back to 1970", &mut |number, at| if number > 5_000 { at - START } else { at }, -START),
        ("set back every ten minutes", &mut |number, at| at - f64::from(number / 300) * 300.0, -2.0 * HOUR),
        (
            "a year ahead and back",
            &mut |number, at| if (5_000..5_040).contains(&number) { at + 365.0 * DAY } else { at },
            0.0,
        ),
        ("a year ahead once", &mut |number, at| if number == 5_000 { at + 365.0 * DAY } else { at }, 0.0),
    ];
    for (clock, change, offset) in clocks {
        let mut watch = honest(change);
        assert_eq!(watch.attacks(), [] as [&world::Told; 0], "{clock}");
        finds_a_guesser(&mut watch, START + 6.0 * HOUR + offset);
    }
}

#[test]
fn times_that_are_none_are_taken_as_now() {
    let none =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -1.0, -0.0, f64::MIN_POSITIVE];
    let mut watch = honest(|number, at| if number % 50 == 49 { none[number as usize / 50 % 3] } else { at });
    assert_eq!(watch.attacks(), [] as [&world::Told; 0]);
    finds_a_guesser(&mut watch, START + 6.0 * HOUR);
    for at in none {
        let mut watch = Watch::new();
        (0..50).for_each(|user| watch.user(user, at, user % 12 == 0));
        (0..50).for_each(|user| watch.user(user, START, false));
        watch.login(at, den(1), "user-1", WRONG);
        assert_eq!(watch.attacks(), [] as [&world::Told; 0], "{at}");
    }
}

#[test]
fn evidence_does_not_outlive_a_silence() {
    for days in [30.0, 100.0, 200.0, 300.0, 365.0, 390.0, 1_000.0] {
        let mut watch = Watch::new();
        watch.town(100, START, 10.0);
        (0..12).for_each(|guess| watch.login(START + HOUR, den(1), &format!("user-{guess}"), WRONG));
        assert!(watch.engine.assess("ann", den(1)).action > Action::Allow);
        watch.login(START + days * DAY, home(1), "user-1", SUCCESS);
        let risk = watch.engine.assess("ann", den(1));
        assert!(risk.action == Action::Allow, "{days} days: {risk:?}");
        let ended = watch.told.iter().filter(|told| told.until.is_some()).count();
        assert_eq!(ended * 2, watch.told.len(), "{days} days: {:#?}", watch.told);
    }
}

#[test]
fn silence_of_years_is_little_work() {
    let mut watch = Watch::new();
    for operation in 0..40 {
        let name = format!("operation-{operation}");
        watch.feed(&Attempt::new(START, &name, SUCCESS).subject("ann"));
    }
    // A window a minute would be ten million of them, of 25 operations each.
    for year in 1..20 {
        watch.login(START + f64::from(year) * 365.0 * DAY, den(1), "ann", SUCCESS);
    }
    assert_eq!(watch.attacks(), [] as [&world::Told; 0]);
}

#[test]
fn ends_are_never_before_beginnings() {
    let peers: Vec<IpAddr> = (0..40).map(den).collect();
    let mut watch = Watch::new();
    let mut random = Random(2);
    for number in 0..4_000_u32 {
        let jump = if random.once_in(60) { f64::from(random.below(20_000)) - 9_000.0 } else { 0.0 };
        let at = START + f64::from(number) * 20.0 + jump;
        watch.login(at, peers[number as usize % 40], &format!("user-{number}"), WRONG);
    }
    let ended: Vec<_> = watch
        .told
        .iter()
        .filter_map(|told| Some((f64::from_bits(told.began), f64::from_bits(told.until?))))
        .collect();
    assert!(ended.len() > 10 && ended.iter().all(|(began, until)| until >= began), "{ended:?}");
}
