use super::*;
use crate::address::{Address, Names};
use crate::episode::{Episode, Episodes, Trouble};
use crate::event::{Ending, Event, LOGIN, Truth};
use crate::hostile::Campaign;
use crate::judge::replay::Said;
use crate::time::{BEGIN, DAY, HOUR, Span};
use crate::world::Kind;

/// The fourth day, when pairs are familiar and one campaign is on.
const START: f64 = BEGIN + 4.0 * DAY;

/// Two attackers with ten guesses each, the last of which hits, one of a single guess, and two honest people.
fn planted() -> World {
    let mut names = Names::default();
    let mut events = Vec::new();
    let mut add = |at: f64, source: &str, subject: &str, ending: Ending, campaign: u8| {
        let source = names.source(Address::Ip(source.parse().expect("an address")));
        let taken = campaign > 0 && ending == Ending::SUCCESS;
        let truth = Truth { campaign, taken };
        let subject = names.subject(subject);
        events.push(Event { t: START + at, source, subject, operation: LOGIN, ending, truth });
    };
    for at in 0..10 {
        let ending = if at == 9 { Ending::SUCCESS } else { Ending::WRONG };
        add(f64::from(at) * 60.0, "203.0.113.1", &format!("u{at}"), ending, 1);
        add(f64::from(at) * 60.0 + 1.0, "2001:db8::1", &format!("v{at}"), ending, 1);
        add(f64::from(at) * 60.0 + 2.0, "192.0.2.1", "anna", Ending::SUCCESS, 0);
        add(f64::from(at) * 60.0 + 3.0, "192.0.2.2", "ben", Ending::WRONG, 0);
    }
    add(5.0, "203.0.113.9", "root", Ending::UNKNOWN, 1);
    events.sort_by(|a, b| a.t.total_cmp(&b.t));
    let span = Span { from: START + 2.0 * DAY, to: START + 2.0 * DAY + HOUR };
    let episode = Episode { trouble: Trouble::Deploy, span, ending: Ending::WRONG, share: 1.0 };
    World {
        kind: Kind::Normal,
        seed: 1,
        days: 14.0,
        names,
        events,
        campaigns: vec![Campaign { name: "planted" }],
        episodes: Episodes(vec![episode]),
    }
}

/// A verdict `at` seconds after the start, with more fields.
fn began(at: f64, detector: &str, severity: &str, more: &str) -> String {
    let t = START + at;
    format!(
        r#"{{"t":{t},"event":"began","id":{},"detector":"{detector}","severity":"{severity}","operation":"login"{more}}}"#,
        at as u64
    )
}

fn judged(lines: &[String]) -> Score {
    let mut said = Said::default();
    for line in lines {
        said.take(verdict::read(line).expect("a line"));
    }
    Judged::of(&planted(), &said).score
}

#[test]
fn sources_are_found_by_attacks_and_not_by_notices() {
    let score = judged(&[
        began(130.0, "source_guessing", "attack", r#","source":"203.0.113.1""#),
        began(140.0, "source_burst", "notice", r#","source":"2001:db8::/64""#),
    ]);
    assert_eq!((score.due, score.found, score.noticed, score.hostile), (2, 1, 2, 3));
    assert_eq!((score.convicted, score.false_sources), (1, 0));
}

#[test]
fn ipv6_is_compared_by_its_64() {
    let score = judged(&[began(130.0, "source_guessing", "attack", r#","source":"2001:db8::/64""#)]);
    assert_eq!((score.found, score.false_sources), (1, 0));
}

#[test]
fn a_verdict_before_the_first_hostile_attempt_is_false() {
    let score = judged(&[
        began(-5.0, "source_guessing", "attack", r#","source":"203.0.113.1""#),
        began(130.0, "source_guessing", "attack", r#","source":"192.0.2.2""#),
        began(190.0, "source_guessing", "attack", r#","source":"192.0.2.2""#),
    ]);
    assert_eq!((score.found, score.false_sources, score.convicted), (0, 2, 0));
    assert!((score.per_100k(2) - 10_000.0).abs() < 1e-6, "20 honest attempts");
}

#[test]
fn networks_are_judged_by_who_is_inside() {
    let score = judged(&[
        began(130.0, "net_guessing", "attack", r#","net":"203.0.113.0/24""#),
        began(131.0, "net_guessing", "attack", r#","net":"192.0.2.0/24""#),
    ]);
    assert_eq!(score.false_nets, 1);
    assert_eq!(score.campaigns[0].first, Some((130.0, "net_guessing".to_owned())));
}

#[test]
fn a_campaign_verdict_is_false_where_nothing_is_on() {
    let score = judged(&[
        began(120.0, "campaign", "attack", ""),
        began(540.0 + 2.0 * HOUR, "campaign", "attack", ""),
        began(2.0 * DAY + 60.0, "campaign", "attack", ""),
    ]);
    assert_eq!(score.false_campaigns, 2);
    assert_eq!(score.campaigns[0].first, Some((120.0, "campaign".to_owned())));
    assert_eq!(score.troubles[0].campaigns, 1);
}

#[test]
fn a_regression_is_named_with_its_delay() {
    let score = judged(&[began(2.0 * DAY + 90.0, "regression_suspected", "notice", "")]);
    assert_eq!(score.troubles[0].delay, Some(90.0));
    assert_eq!(score.false_campaigns, 0);
}

#[test]
fn attempts_count_as_covered_while_a_verdict_is_in_force() {
    // Of source 1, attempts at 0, 60, ... 540 s. In force from 130 to 310 s: those at 180, 240, 300 s.
    let ended = format!(r#"{{"t":{},"event":"ended","id":130,"detector":"source_guessing"}}"#, START + 310.0);
    let source = began(130.0, "source_guessing", "attack", r#","source":"203.0.113.1""#);
    let score = judged(&[source.clone(), ended]);
    assert_eq!((score.coverage.attempts, score.coverage.after_source, score.coverage.after_any), (21, 3, 3));
    // From 400 s on, everything is covered: at 420, 480 and 540 s of both sources.
    let score = judged(&[source, began(400.0, "campaign", "attack", "")]);
    assert_eq!((score.coverage.after_source, score.coverage.after_any), (7, 10));
}

#[test]
fn taken_accounts_are_named_in_time_or_not_at_all() {
    let subject = |name: &str| format!(r#","subject":"{name}""#);
    let score = judged(&[
        began(540.0, "compromise_suspected", "critical", &subject("u9")),
        began(541.0 + 1.5 * HOUR, "compromise_suspected", "critical", &subject("v9")),
        began(600.0, "compromise_suspected", "critical", &subject("anna")),
        began(500.0, "compromise_suspected", "critical", &subject("v9")),
    ]);
    assert_eq!((score.taken.due, score.taken.named, score.taken.wrong), (2, 1, 2));
}

#[test]
fn probabilities_are_judged_over_unfamiliar_contacts() {
    let world = planted();
    let assessed = world.events.iter().map(|event| if event.is_hostile() { 0.95 } else { 0.0 }).collect();
    let said = Said { assessed, ..Said::default() };
    let calibration = Judged::of(&world, &said).score.calibration;
    // 21 of attackers, the first of anna, and the ten of ben, who never got in.
    assert_eq!(calibration.contacts(), 32);
    assert_eq!(calibration.sure(), Some(1.0));
    assert!((calibration.brier() - 21.0 * 0.05_f64.powi(2) / 32.0).abs() < 1e-12);
}

#[test]
fn events_that_the_program_never_saw_are_no_contacts() {
    let world = planted();
    let said = Said { assessed: vec![f64::NAN; world.events.len()], ..Said::default() };
    assert_eq!(Judged::of(&world, &said).score.calibration.contacts(), 0);
}

#[test]
fn the_baseline_bans_after_five_failures_for_ten_minutes() {
    let baseline = Judged::of(&planted(), &Said::default()).baseline;
    // Both attackers, and ben, who is honest. Their fifth failures are at 240 s: five more attempts of each follow.
    assert_eq!((baseline.found, baseline.false_sources), (2, 1));
    assert_eq!(baseline.coverage.after_source, 10);
}

#[test]
fn scores_of_several_worlds_add_up() {
    let mut pooled = judged(&[began(130.0, "source_guessing", "attack", r#","source":"203.0.113.1""#)]);
    pooled.join(judged(&[]));
    assert_eq!((pooled.worlds, pooled.due, pooled.found, pooled.campaigns.len()), (2, 4, 1, 2));
    assert!((pooled.recall() - 0.25).abs() < 1e-12);
}

#[test]
fn attempts_that_the_service_never_answered_are_no_evidence() {
    let mut world = planted();
    for event in world.events.iter_mut().filter(|event| event.is_hostile() && event.t < START + 400.0) {
        event.ending = Ending::AWAY;
    }
    let facts = Facts::of(&world);
    // Of each attacker, those at 420, 480 and 540 s are left.
    assert!(facts.sources.iter().all(|source| !source.is_due()));
    assert!((facts.started[0] - START - 420.0).abs() < 1e-6);
}

#[test]
fn people_at_an_attackers_address_excuse_who_misses_it() {
    let mut world = planted();
    let honest: Vec<Event> = world
        .events
        .iter()
        .filter(|event| event.is_hostile())
        .flat_map(|event| [Event { truth: Truth::default(), ..*event }; 2])
        .collect();
    world.events.extend(honest);
    assert!(Facts::of(&world).sources.iter().all(|source| !source.is_due()));
}

#[test]
fn a_regression_that_is_named_at_another_time_names_no_deploy() {
    let score = judged(&[
        began(60.0, "regression_suspected", "notice", ""),
        began(2.0 * DAY + 3.0 * HOUR, "regression_suspected", "notice", ""),
    ]);
    assert_eq!(score.troubles[0].delay, None);
}

#[test]
fn false_verdicts_after_an_upset_are_counted_apart() {
    let score = judged(&[
        began(130.0, "source_guessing", "attack", r#","source":"192.0.2.1""#),
        began(3.5 * DAY, "source_guessing", "attack", r#","source":"192.0.2.2""#),
        began(3.6 * DAY, "campaign", "attack", ""),
    ]);
    assert_eq!((score.false_sources, score.upset_sources), (2, 1));
    assert_eq!((score.false_campaigns, score.upset_campaigns), (1, 1));
}
