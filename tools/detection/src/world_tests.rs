use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use super::*;
use crate::address::{Net, Unit};
use crate::event::{LOGIN, Outcome, write_csv};
use crate::judge::facts::Facts;

static NORMAL: LazyLock<World> = LazyLock::new(|| World::new(Kind::Normal, 1));
static BENIGN: LazyLock<World> = LazyLock::new(|| World::new(Kind::Benign, 1));

fn csv(world: &World) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_csv(&world.events, &world.names, &mut bytes).expect("memory");
    bytes
}

fn unit<'a>(world: &'a World, event: &Event) -> &'a Unit {
    &world.names.units[world.names.unit_of[event.source as usize] as usize]
}

/// The hostile events of a campaign.
fn of<'a>(world: &'a World, name: &str) -> Vec<&'a Event> {
    let campaign = 1 + world.campaigns.iter().position(|campaign| campaign.name == name).expect(name);
    world.events.iter().filter(|event| usize::from(event.truth.campaign) == campaign).collect()
}

fn units(world: &World, events: &[&Event]) -> BTreeSet<Unit> {
    events.iter().map(|event| unit(world, event).clone()).collect()
}

#[test]
fn a_seed_gives_the_same_bytes() {
    let bytes = csv(&World::new(Kind::Washing, 3));
    assert_eq!(bytes, csv(&World::new(Kind::Washing, 3)));
    assert_ne!(bytes, csv(&World::new(Kind::Washing, 4)));
}

#[test]
fn the_normal_world_has_its_size() {
    let facts = Facts::of(&NORMAL);
    let honest = NORMAL.honest_attempts();
    assert!((330_000..400_000).contains(&honest), "{honest}");
    assert_eq!(NORMAL.campaigns.len(), 11);
    let due = facts.sources.iter().filter(|source| source.is_due()).count();
    assert!((1_900..2_150).contains(&due), "{due}");
    assert!((60..160).contains(&facts.taken.len()), "{}", facts.taken.len());
}

#[test]
fn attacks_begin_after_three_days_and_times_ascend() {
    assert!(NORMAL.events.windows(2).all(|pair| pair[0].t <= pair[1].t));
    let first = NORMAL.events.iter().find(|event| event.is_hostile()).expect("attacks");
    assert!(first.t >= BEGIN + 3.0 * DAY);
}

#[test]
fn campaigns_are_what_their_names_say() {
    let world = &*NORMAL;
    let smouldering = of(world, "smouldering");
    assert_eq!((smouldering.len(), units(world, &smouldering).len()), (600, 300));
    for (name, length) in [("/24 walk", 24), ("IPv6 /48 walk", 48)] {
        let units = units(world, &of(world, name));
        let nets: BTreeSet<Net> = units.iter().filter_map(Net::around).collect();
        assert!(nets.len() == 1 && units.len() >= 200, "{name} {length}");
    }
    let one: BTreeSet<u32> = of(world, "distributed").iter().map(|event| event.subject).collect();
    assert_eq!(one.len(), 1);
    let inside = of(world, "inside the largest NAT");
    let nat = inside[0].source;
    let honest = world.events.iter().filter(|event| event.source == nat && !event.is_hostile());
    let people: BTreeSet<u32> = honest.map(|event| event.subject).collect();
    assert!(people.len() > 100, "{}", people.len());
}

#[test]
fn stuffing_hits_about_one_in_a_hundred() {
    let stuffing = of(&NORMAL, "stuffing");
    let hits = stuffing.iter().filter(|event| event.truth.taken).count() as f64 / stuffing.len() as f64;
    assert!((0.006..0.015).contains(&hits), "{hits}");
    assert!(NORMAL.events.iter().all(|event| event.is_hostile() || !event.truth.taken));
}

#[test]
fn the_benign_world_has_trouble_and_no_attack() {
    assert!(BENIGN.events.iter().all(|event| !event.is_hostile()));
    for episode in &BENIGN.episodes.0 {
        let inside: Vec<_> = BENIGN.events.iter().filter(|event| episode.span.contains(event.t)).collect();
        let hit = inside.iter().filter(|event| event.ending == episode.ending).count();
        assert!(inside.len() > 300 && hit as f64 > 0.6 * inside.len() as f64, "{episode:?}");
    }
}

#[test]
fn most_logins_are_familiar_after_three_days_and_some_are_not() {
    let mut known = BTreeSet::new();
    let (mut familiar, mut all) = (0_u32, 0_u32);
    for event in BENIGN.events.iter().filter(|event| event.operation == LOGIN) {
        let pair = (unit(&BENIGN, event), event.subject);
        if event.t > BEGIN + 3.0 * DAY {
            all += 1;
            familiar += u32::from(known.contains(&pair));
        }
        if event.ending.outcome == Outcome::Success {
            known.insert(pair);
        }
    }
    let share = f64::from(familiar) / f64::from(all);
    assert!((0.7..0.95).contains(&share), "{share}");
}

#[test]
fn homes_share_an_ipv6_48() {
    let mut homes: BTreeMap<Net, BTreeSet<&Unit>> = BTreeMap::new();
    for event in &BENIGN.events {
        let unit = unit(&BENIGN, event);
        if let (Unit::V6(_), Some(net)) = (unit, Net::around(unit)) {
            homes.entry(net).or_default().insert(unit);
        }
    }
    let hundreds = homes.values().filter(|units| units.len() >= 200).count();
    assert!(hundreds >= 5, "{hundreds}");
}

#[test]
fn the_harsh_world_errs_twice_as_often() {
    let failures = |world: &World| {
        let login = |event: &&Event| event.operation == LOGIN && !event.is_hostile();
        let all = world.events.iter().filter(login).count() as f64;
        world.events.iter().filter(login).filter(|event| event.ending.is_failure()).count() as f64 / all
    };
    let (normal, harsh) = (failures(&NORMAL), failures(&World::new(Kind::Harsh, 1)));
    assert!(harsh > 1.5 * normal, "{normal} {harsh}");
}

#[test]
fn a_seed_repeats_its_numbers_for_ever() {
    let mut random = stream(1, "pinned");
    let drawn: Vec<u64> = (0..3).map(|_| random.bits()).collect();
    assert_eq!(drawn, PINNED);
    assert_ne!(stream(2, "pinned").bits(), PINNED[0]);
    assert_ne!(stream(1, "other").bits(), PINNED[0]);
}

const PINNED: [u64; 3] = [13_207_415_974_920_593_355, 5_238_338_899_134_048_385, 6_794_036_807_018_738_867];

#[test]
fn drifting_constants_stay_within_a_half() {
    let published = Rates::published();
    let mut random = stream(1, "drift");
    let drifted = Rates::published().drifted(&mut random);
    assert_ne!(drifted, published);
    assert!((0.5..1.5).contains(&(drifted.typo / published.typo)));
    assert!(drifted.typo_again < 0.9);
}

#[test]
fn expired_and_migrated_people_are_unfamiliar() {
    let expiry = World::new(Kind::Expiry, 1);
    let week = Span::new(7.0, 6.0, 42.0);
    let failures = |world: &World| {
        world.events.iter().filter(|event| week.contains(event.t) && event.ending.is_failure()).count()
    };
    assert!(failures(&expiry) > failures(&BENIGN) + 1_500);
    let migrated = World::new(Kind::Migrated, 1);
    let new = migrated.names.subjects.iter().filter(|name| name.starts_with("migrated.")).count();
    assert_eq!(new, 20_000);
}

#[test]
fn a_flood_has_its_sources_and_its_slow_guesser() {
    let world = World::new(Kind::Flood, 1);
    let flood = of(&world, "table flood");
    assert!(units(&world, &flood).len() > 299_000);
    let slow = of(&world, "slow guesser in a flood");
    assert_eq!(units(&world, &slow).len(), 1);
    assert!(slow.windows(2).all(|pair| pair[1].t - pair[0].t > 40.0 * 60.0));
}

#[test]
fn the_long_tail_has_its_shape() {
    let world = World::new(Kind::Tail, 1);
    let mut counts: HashMap<&Unit, usize> = HashMap::new();
    for event in world.events.iter().filter(|event| event.is_hostile()) {
        *counts.entry(unit(&world, event)).or_default() += 1;
    }
    let share = |most: usize| counts.values().filter(|&&count| count <= most).count() as f64 / 1_240.0;
    assert_eq!(counts.len(), 1_240);
    assert!((0.34..0.45).contains(&share(1)), "{}", share(1));
    assert!((0.52..0.63).contains(&share(4)), "{}", share(4));
    let guesses: usize = counts.values().sum();
    assert!((11_000..23_000).contains(&guesses), "{guesses}");
}

#[test]
fn every_other_attack_happens() {
    for kind in [
        Kind::Ramp,
        Kind::Washing,
        Kind::Nat,
        Kind::Outage,
        Kind::Otp,
        Kind::Push,
        Kind::Forgery,
        Kind::Replay,
    ] {
        let world = World::new(kind, 2);
        assert_eq!(world.campaigns.len(), 1, "{}", kind.name());
        assert!(world.events.iter().filter(|event| event.is_hostile()).count() >= 75, "{}", kind.name());
    }
}

#[test]
fn washers_log_in_to_accounts_of_their_own() {
    let world = World::new(Kind::Washing, 1);
    let washing = of(&world, "washing with own accounts");
    let own: BTreeSet<u32> = washing
        .iter()
        .filter(|event| event.ending.outcome == Outcome::Success)
        .map(|event| event.subject)
        .collect();
    assert_eq!((own.len(), units(&world, &washing).len()), (100, 10));
    assert!(washing.iter().all(|event| !event.truth.taken));
}

#[test]
fn a_proxy_hides_all_clients() {
    let world = World::new(Kind::Proxy, 1);
    let sources: BTreeSet<u32> = world.events.iter().map(|event| event.source).collect();
    assert_eq!(sources.len(), 1);
}
