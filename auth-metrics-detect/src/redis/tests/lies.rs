//! A server that lies. It may raise suspicion within limits; it never lowers any, and nothing of it panics.

use ::redis::Value;
use auth_metrics::Outcome;

use super::store::{Fake, bulk, refusal};
use super::{Replica, WALL, address};
use crate::engine::{Outgoing, Why};
use crate::redis::news;
use crate::redis::request::READS;

/// An exchange in which the server gives this answer about sources.
fn told(replica: &mut Replica, fake: &Fake, answer: Value) {
    fake.with(|server| {
        server.lie = Some(Box::new(move |answers| {
            let place = answers.len() - READS;
            answers[place] = answer.clone();
        }));
    });
    replica.turn(10.0);
}

fn rows(rows: &[(&[u8], &str)]) -> Value {
    Value::Array(rows.iter().flat_map(|(member, score)| [bulk(member.to_vec()), bulk(*score)]).collect())
}

#[test]
fn answers_that_cannot_be_right_are_refused_and_counted() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    let member = replica.engine.source_hash(&address(9)).0.to_be_bytes();
    let many: Vec<_> = (0..257_u64).map(u64::to_be_bytes).collect();
    let many: Vec<_> = many.iter().map(|member| (&member[..], "50")).collect();
    let lies = [
        rows(&[(&member, "NaN")]),
        rows(&[(&member, "inf")]),
        rows(&[(&member, "-inf")]),
        rows(&[(&member, "1e300")]),
        rows(&[(&member, "12 apples")]),
        rows(&[(&member, "")]),
        rows(&[(b"short", "12")]),
        rows(&many),
        Value::Array(vec![bulk(member)]),
        Value::Array(vec![bulk(member), Value::Int(12)]),
        Value::Array(vec![Value::Nil, Value::Nil]),
        Value::Nil,
        Value::Okay,
        Value::Int(-1),
        bulk("text"),
        refusal(),
    ];
    for (nth, lie) in (1..).zip(lies) {
        told(&mut replica, &fake, lie.clone());
        assert_eq!(replica.count("redis_refused"), nth, "{lie:?}");
        assert_eq!(replica.walk(9), 0.0, "{lie:?}");
    }
    assert_eq!(replica.count("redis_unavailable"), 0);
    assert_eq!(fake.with(|server| server.connections), 1);
}

#[test]
fn too_few_or_too_many_answers_are_refused() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    fake.with(|server| server.lie = Some(Box::new(Vec::clear)));
    replica.turn(0.0);
    fake.with(|server| server.lie = Some(Box::new(|answers| answers.truncate(3))));
    replica.turn(2.0);
    assert_eq!(replica.count("redis_refused"), 2);
}

#[test]
fn sums_raise_to_14_and_clear_nobody() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    for (nth, subject) in (0_u8..).zip(["a", "b", "c"]) {
        replica.fail(f64::from(nth) * 60.0, 9, subject);
    }
    let own = replica.walk(9);
    let member = replica.engine.source_hash(&address(9)).0.to_be_bytes();
    told(&mut replica, &fake, rows(&[(&member, "-90000")]));
    assert_eq!(replica.walk(9), own);
    told(&mut replica, &fake, rows(&[(&member, "90000")]));
    assert_eq!(replica.walk(9), 14.0);
    assert_eq!(replica.count("redis_refused"), 0);
}

#[test]
fn invented_sources_convict_nobody_and_displace_nobody() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    for source in 0..100 {
        replica.fail(f64::from(source), source, "alice");
    }
    let before: Vec<_> = (0..100).map(|source| replica.walk(source)).collect();
    for turn in 0..100_u64 {
        let members: Vec<_> = (0..256).map(|nth| crate::keys::mix(turn, nth).to_be_bytes()).collect();
        let members: Vec<_> = members.iter().map(|member| (&member[..], "40000")).collect();
        told(&mut replica, &fake, rows(&members));
    }
    assert_eq!((0..100).map(|source| replica.walk(source)).collect::<Vec<_>>(), before);
    let text = replica.metrics.encode_text();
    assert!(text.contains("auth_detections_active{detector=\"source_guessing\"} 0\n"), "{text}");
}

#[test]
fn streams_that_cannot_be_right_are_refused() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    let entry = |id: Value, value: Value| {
        Value::Array(vec![Value::Array(vec![
            bulk("key"),
            Value::Array(vec![Value::Array(vec![id, Value::Array(vec![bulk("n"), value])])]),
        ])])
    };
    let good = news::write(2, &Outgoing { pairs: vec![1], ..Outgoing::default() }).unwrap();
    let lies = [
        entry(bulk("1-1"), bulk("text")),
        entry(bulk("1-1"), Value::Nil),
        entry(bulk("1-1"), bulk(vec![0; 1 << 20])),
        entry(bulk("soon"), bulk(good.clone())),
        entry(bulk("-1-1"), bulk(good.clone())),
        entry(bulk("9".repeat(60)), bulk(good.clone())),
        entry(Value::Int(1), bulk(good)),
        Value::Array(vec![]),
        Value::Array(vec![Value::Array(vec![bulk("key")])]),
        Value::Int(1),
    ];
    for (nth, lie) in (1..).zip(lies) {
        let shown = format!("{lie:?}");
        fake.with(|server| {
            server.lie = Some(Box::new(move |answers| *answers.last_mut().unwrap() = lie.clone()));
        });
        replica.turn(2.0);
        assert_eq!(replica.count("redis_refused"), nth, "{shown:.200}");
    }
}

#[test]
fn pairs_that_a_server_invents_hide_a_source_for_eight_attempts() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    let subjects: Vec<_> = (0..40).map(|nth| format!("user{nth}")).collect();
    let source = replica.engine.source_hash(&address(9)).0;
    let pairs =
        subjects.iter().map(|name| crate::keys::mix(source, replica.engine.subject_hash(name).0)).collect();
    let news = news::write(2, &Outgoing { pairs, ..Outgoing::default() }).unwrap();
    fake.with(|server| server.stream.push((format!("{}-0", WALL * 1e3), news)));
    replica.turn(1.0);
    let there: std::net::IpAddr = [203, 0, 113, 9].into();
    assert_eq!(replica.engine.assess(&subjects[39], there).why, Why::Familiar);
    let told: Vec<_> = (0_u8..)
        .zip(&subjects)
        .flat_map(|(nth, name)| replica.fail(f64::from(nth) * 60.0, 9, name))
        .collect();
    assert!(told.iter().any(|detection| detection.detector().label() == "source_guessing"));
    assert_eq!(
        replica.engine.assess(&subjects[39], there).why,
        Why::Source,
        "evidence here is stronger than what a server says"
    );
}

#[test]
fn pairs_that_a_server_invents_excuse_no_source_with_evidence() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    for (nth, subject) in (0_u8..).zip(["a", "b"]) {
        replica.fail(f64::from(nth) * 60.0, 9, subject);
    }
    let source = replica.engine.source_hash(&address(9)).0;
    let pairs = vec![crate::keys::mix(source, replica.engine.subject_hash("c").0)];
    let news = news::write(2, &Outgoing { pairs, ..Outgoing::default() }).unwrap();
    fake.with(|server| server.stream.push((format!("{}-0", WALL * 1e3), news)));
    replica.turn(100.0);
    let before = replica.walk(9);
    replica.fail(120.0, 9, "c");
    assert!(before > 4.0 && replica.walk(9) > before + 2.0, "{} after {before}", replica.walk(9));
}

#[test]
fn flood_of_pairs_makes_nobody_a_stranger_who_succeeded_here() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    replica.feed(0.0, 9, "alice", Outcome::Success);
    for turn in 0..400_u64 {
        let pairs = (0..256).map(|nth| crate::keys::mix(turn, nth)).collect();
        let news = news::write(2, &Outgoing { pairs, ..Outgoing::default() }).unwrap();
        fake.with(|server| server.stream.push((format!("{}-{turn}", WALL * 1e3), news)));
        replica.turn(2.0);
    }
    assert_eq!(replica.engine.assess("alice", std::net::IpAddr::from([203, 0, 113, 9])).why, Why::Familiar);
    assert_eq!(replica.count("redis_refused"), 0);
}

#[test]
fn commands_that_are_refused_are_counted_as_lost() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    fake.with(|server| server.lie = Some(Box::new(|answers| answers.fill(refusal()))));
    replica.fail(0.0, 9, "alice");
    replica.turn(2.0);
    assert_eq!(replica.count("redis_refused"), 1);
    assert!(replica.count("redis_lost") > 0);
}
