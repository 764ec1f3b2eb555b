//! What replicas find together.

use auth_metrics::Outcome;

use super::store::Fake;
use super::{HALF_LIFE, Replica, WALL, address};
use crate::detection::Detection;
use crate::detector::Detector;
use crate::engine::Why;

const HALF_AN_HOUR: f64 = 1800.0;

fn convicts(told: &[Detection]) -> bool {
    told.iter()
        .any(|detection| detection.detector() == Detector::SourceGuessing && detection.until().is_none())
}

fn turn_all(replicas: &mut [Replica], at: f64) {
    for replica in replicas {
        replica.turn(at);
    }
}

/// A source that tries another account every half an hour, one after another at each replica; the attempt that convicts it.
fn guess(replicas: &mut [Replica], attempts: u32, shares: bool) -> Option<u32> {
    for nth in 0..attempts {
        let at = f64::from(nth) * HALF_AN_HOUR;
        let turn = nth as usize % replicas.len();
        if convicts(&replicas[turn].fail(at, 9, &format!("user{nth}"))) {
            return Some(nth);
        }
        if shares {
            turn_all(replicas, at + 2.0);
            turn_all(replicas, at + 4.0);
        }
    }
    None
}

#[test]
fn slow_source_that_visits_two_replicas_is_convicted_by_both_together() {
    let fake = Fake::default();
    let pair = || [Replica::new(1, &fake), Replica::new(2, &fake)];
    assert_eq!(guess(&mut pair(), 8, false), None, "neither alone");
    let together = guess(&mut pair(), 8, true);
    let one = guess(&mut [Replica::new(3, &Fake::default())], 8, false);
    assert_eq!(together, one, "no later than a replica that sees it all");
    assert!(one.is_some());
}

#[test]
fn sum_is_that_of_all_replicas_and_grows_by_nothing_else() {
    let fake = Fake::default();
    let mut replicas = [Replica::new(1, &fake), Replica::new(2, &fake), Replica::new(3, &fake)];
    for (nth, replica) in (0_u32..).zip(&replicas) {
        replica.fail(0.0, 9, &format!("user{nth}"));
    }
    let one = replicas[0].walk(9);
    for turn in 0..20 {
        turn_all(&mut replicas, f64::from(turn));
    }
    for replica in &replicas {
        assert!((replica.walk(9) - 3.0 * one).abs() < 0.05, "{} is not thrice {one}", replica.walk(9));
    }
}

#[test]
fn success_at_one_replica_lowers_the_sum_for_those_who_come_later() {
    let fake = Fake::default();
    let mut replicas = [Replica::new(1, &fake), Replica::new(2, &fake)];
    for (nth, subject) in (0_u32..).zip(["a", "b", "c"]) {
        replicas[0].fail(f64::from(nth) * 60.0, 9, subject);
    }
    let before = replicas[0].walk(9);
    replicas[0].feed(240.0, 9, "d", Outcome::Success);
    replicas[0].turn(241.0);
    let mut later = Replica::new(3, &fake);
    later.turn(242.0);
    assert!(later.walk(9) < before - 3.0, "{} of {before}", later.walk(9));
}

#[test]
fn replica_that_restarts_learns_from_the_others() {
    let fake = Fake::default();
    let mut replicas = [Replica::new(1, &fake), Replica::new(2, &fake)];
    guess(&mut replicas, 4, true);
    let [first, second] = replicas;
    drop(first);
    let mut again = Replica::new(4, &fake);
    let strangers = again.engine.assess("alice", [203, 0, 113, 9].into_ip());
    assert_eq!(strangers.why, Why::Strangers);
    again.turn(4.0 * HALF_AN_HOUR);
    assert!((again.walk(9) - second.walk(9)).abs() < 0.2, "{} and {}", again.walk(9), second.walk(9));
    let risk = again.engine.assess("alice", [203, 0, 113, 9].into_ip());
    assert!(risk.why == Why::Source && risk.probability > strangers.probability, "{risk:?}");
}

#[test]
fn evidence_outlives_the_period_that_it_was_written_in() {
    let fake = Fake::default();
    let mut first = Replica::new(1, &fake);
    let period = 4.0 * HALF_LIFE;
    let ends = ((WALL / period).floor() + 1.0) * period - WALL;
    for (nth, subject) in (0_u32..).zip(["a", "b", "c"]) {
        first.fail(ends - 300.0 + f64::from(nth) * 60.0, 9, subject);
    }
    first.turn(ends - 2.0);
    let mut late = Replica::new(2, &fake);
    late.turn(ends + 2.0);
    assert!((late.walk(9) - first.walk(9)).abs() < 0.1, "{} of {}", late.walk(9), first.walk(9));
}

#[test]
fn verdict_that_another_replica_told_is_no_news() {
    let fake = Fake::default();
    let mut replicas = [Replica::new(1, &fake), Replica::new(2, &fake)];
    let first: Vec<_> = (0..6_u32)
        .flat_map(|nth| replicas[0].fail(f64::from(nth) * 60.0, 9, &format!("user{nth}")))
        .collect();
    assert!(convicts(&first) && first.iter().all(|detection| !detection.is_repeated()));
    fake.with(|server| server.clock = WALL + 400.0);
    turn_all(&mut replicas, 400.0);
    let second: Vec<_> = (6..12_u32)
        .flat_map(|nth| replicas[1].fail(400.0 + f64::from(nth), 9, &format!("user{nth}")))
        .collect();
    assert!(convicts(&second), "it is in force there too");
    let of_source = second.iter().filter(|detection| detection.detector() == Detector::SourceGuessing);
    assert!(of_source.clone().count() > 0 && of_source.clone().all(Detection::is_repeated));
    replicas[1].turn(500.0);
    replicas[0].turn(501.0);
    let own = replicas[0].fail(502.0, 9, "another");
    assert!(
        own.iter().all(|detection| detection.detector() != Detector::SourceGuessing),
        "and still in force here"
    );
}

#[test]
fn pair_that_succeeded_at_one_replica_is_familiar_at_the_others() {
    let fake = Fake::default();
    let mut replicas = [Replica::new(1, &fake), Replica::new(2, &fake)];
    replicas[0].feed(0.0, 9, "alice", Outcome::Success);
    turn_all(&mut replicas, 2.0);
    let there = [203, 0, 113, 9].into_ip();
    assert_eq!(replicas[1].engine.assess("alice", there).why, Why::Familiar);
    assert_eq!(replicas[1].engine.assess("bob", there).why, Why::Strangers);
    replicas[1].fail(10.0, 9, "alice");
    assert_eq!(replicas[1].walk(9), 0.0, "she mistypes her password");
    replicas[1].feed(20.0, 9, "alice", Outcome::Success);
    replicas[1].turn(22.0);
    assert_eq!(fake.with(|server| server.stream.len()), 1, "nobody tells what others know");
}

#[test]
fn forgotten_account_is_forgotten_by_the_server() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    for source in 1..6 {
        replica.fail(f64::from(source), source, "alice");
    }
    replica.turn(10.0);
    replica.engine.forget("alice");
    replica.turn(12.0);
    let mut later = Replica::new(2, &fake);
    later.turn(14.0);
    let hash = later.engine.subject_hash("alice").0;
    assert_eq!(later.engine.owner().state.subjects.find(hash), None);
    let other = later.engine.source_hash(&address(1)).0;
    assert_eq!(later.engine.owner().state.sources.find(other), None, "too little to tell");
}

trait IntoIp {
    fn into_ip(self) -> std::net::IpAddr;
}

impl IntoIp for [u8; 4] {
    fn into_ip(self) -> std::net::IpAddr {
        self.into()
    }
}
