//! Worlds that nobody would think of: whatever comes, some things hold.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_detect::{Action, Attempt, Detector, Peer, Place};

use crate::world::{Random, START, Told, Watch, address, builder};

/// Any of a handful, so that attempts meet.
fn peer(random: &mut Random, crowd: u32) -> Option<IpAddr> {
    let number = random.below(crowd);
    Some(match random.below(8) {
        0 => return None,
        1 => IpAddr::V6(
            (0x2001_0db8_u128 << 96 | u128::from(number) << 70 | u128::from(random.below(9))).into(),
        ),
        2 => IpAddr::V6((0xffff_u128 << 32 | u128::from(number)).into()),
        3 => address(0x7f00_0001),
        4 => address(0xc000_0200 + number % 250),
        _ => address(0x0a00_0000 + number * 77),
    })
}

fn outcome(random: &mut Random, hostile: u32) -> Outcome {
    if random.below(10) >= hostile {
        return Outcome::Success;
    }
    let usual = [Reason::InvalidCredentials, Reason::UnknownSubject, Reason::MfaInvalid, Reason::MfaDenied];
    let reasons = if random.once_in(3) { Reason::ALL } else { &usual };
    Outcome::Failure(reasons[random.below(reasons.len() as u32) as usize])
}

fn time(random: &mut Random, at: &mut f64) -> f64 {
    *at += match random.below(200) {
        0 => f64::from(random.below(1 << 30)),
        1 => -f64::from(random.below(1 << 14)),
        2 => return [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX][random.below(4) as usize],
        3..60 => f64::from(random.below(900)),
        60..100 => 0.0,
        _ => f64::from(random.below(4_000)) / 1e3,
    };
    *at
}

/// A world of its own for each seed.
fn world(seed: u64, attempts: u32) -> Watch {
    let mut random = Random(seed);
    let part = auth_metrics_detect::Part::ALL[random.below(9) as usize];
    let options = builder().memory(256 << 10).trusted(["192.0.2.0/25"]).new_sources(random.once_in(2));
    let options = if random.once_in(2) { options.without(part) } else { options };
    let options = if random.once_in(3) { options.conservative() } else { options };
    let degrees = |address: IpAddr| f32::from(u8::from(address.to_string().ends_with('7'))) * 90.0;
    let places =
        move |address| Some(Place { latitude: degrees(address) - 45.0, longitude: degrees(address) });
    let mut watch = Watch::of(if random.once_in(2) { options.places(places) } else { options });
    let (crowd, hostile) = (1 + random.below(400), 1 + random.below(9));
    let mut at = START;
    for _ in 0..attempts {
        let outcome = outcome(&mut random, hostile);
        let names = ["login", "mfa", "token", ""][random.below(4) as usize];
        let (subject, device) = (format!("user-{}", random.below(crowd)), format!("{}", random.below(crowd)));
        let mut attempt = Attempt::new(time(&mut random, &mut at), names, outcome).service("gateway");
        attempt
            .clone_from(&peer(&mut random, crowd).map_or(attempt, |peer| attempt.peer(Peer::Address(peer))));
        if !random.once_in(9) {
            attempt = attempt.subject(&subject);
        }
        if random.once_in(5) {
            attempt = attempt.device(&device);
        }
        if random.once_in(2) {
            attempt = attempt.took(std::time::Duration::from_micros(random.next() % 900_000));
        }
        let risk = watch.engine.assess_attempt(&attempt);
        assert!((0.0..=1.0).contains(&risk.probability), "{seed}: {risk:?}");
        assert!(risk.why.label() != "familiar" || risk.action == Action::Allow, "{seed}: {risk:?}");
        watch.feed(&attempt);
    }
    watch
}

/// Which detections are in force.
fn in_force(told: &[Told], seed: u64) -> BTreeMap<u64, &Told> {
    let (mut active, mut ids) = (BTreeMap::new(), BTreeSet::new());
    for told in told {
        if told.until.is_none() {
            assert!(ids.insert(told.id), "{seed}: an id is given twice: {told:?}");
            active.insert(told.id, told);
            continue;
        }
        let began: &Told =
            active.remove(&told.id).unwrap_or_else(|| panic!("{seed}: it never began: {told:?}"));
        assert_eq!(
            (began.detector, began.scope, &began.operation),
            (told.detector, told.scope, &told.operation),
            "{seed}"
        );
        assert!(told.until.map(f64::from_bits) >= Some(f64::from_bits(told.began)), "{seed}: {told:?}");
    }
    active
}

#[test]
fn detections_begin_and_end_once_in_any_world() {
    let mut found = BTreeSet::new();
    for seed in 0..120 {
        let watch = world(seed, 1_500);
        let active = in_force(&watch.told, seed);
        for told in &watch.told {
            assert!((0.0..=1.0).contains(&told.probability), "{seed}: {told:?}");
            assert!(!told.is_shared || told.action != Action::Block, "{seed}: {told:?}");
            assert!(!told.why.contains("NaN") && !told.why.contains("inf"), "{seed}: {told:?}");
            found.insert(told.detector);
        }
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        watch.engine.install(&metrics).unwrap();
        let snapshot = metrics.snapshot();
        for detector in Detector::ALL {
            let count = active.values().filter(|told| told.detector == *detector).count();
            let said = snapshot.value("auth_detections_active", &[("detector", detector.label())]);
            assert_eq!(said, Some(count as f64), "{seed}: {detector:?}");
        }
    }
    assert!(found.len() >= 10, "the worlds are too alike: {found:?}");
}

#[test]
fn worlds_are_told_alike_twice() {
    for seed in 500..520 {
        assert_eq!(world(seed, 600).told, world(seed, 600).told, "{seed}");
    }
}

#[test]
fn worlds_go_on_after_a_restart_as_if_there_was_none() {
    for seed in 700..712 {
        let (mut one, mut random) = (world(seed, 800), Random(seed));
        let saved = one.engine.snapshot();
        one.told.clear();
        let mut other = Watch::of(builder().memory(256 << 10).restore(saved));
        let mut straight = Watch::of(builder().memory(256 << 10).restore(one.engine.snapshot()));
        for number in 0..800 {
            let (user, peer) = (format!("user-{}", random.below(50)), address(random.below(60) << 10));
            let at = 4e9 + f64::from(number);
            let outcome = outcome(&mut random, 5);
            let attempt = Attempt::new(at, "login", outcome).peer(Peer::Address(peer)).subject(&user);
            other.feed(&attempt);
            straight.feed(&attempt);
        }
        assert_eq!(other.told, straight.told, "{seed}");
        assert_eq!(other.engine.snapshot(), straight.engine.snapshot(), "{seed}");
    }
}
