//! A server that goes away, hangs and comes back.

use super::Replica;
use super::store::Fake;
use crate::error::Error;
use crate::redis::Redis;
use crate::redis::link::Trouble;
use crate::{Engine, redis::request::ENTRIES_READ};

#[test]
fn replica_waits_longer_and_longer_for_a_server_that_is_away() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    fake.with(|server| server.is_away = true);
    let waits: Vec<_> = (0..6).map(|turn| replica.turn(f64::from(turn))).collect();
    assert_eq!(waits, [4, 8, 16, 30, 30, 30]);
    assert_eq!(replica.count("redis_unavailable"), 6);
    assert!(replica.fail(10.0, 9, "alice").is_empty() && replica.walk(9) > 2.0, "detection goes on");
    fake.with(|server| server.is_away = false);
    assert_eq!(replica.turn(12.0), 2);
    assert_eq!((replica.count("redis_unavailable"), replica.count("redis_lost")), (6, 0));
}

#[test]
fn what_a_server_did_not_take_is_told_when_it_is_back() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    replica.turn(0.0);
    fake.with(|server| server.is_away = true);
    for (nth, subject) in (0_u8..).zip(["a", "b", "c"]) {
        replica.fail(f64::from(nth) * 60.0, 9, subject);
        replica.turn(f64::from(nth) * 60.0);
    }
    fake.with(|server| {
        server.is_away = false;
        server.flush();
    });
    replica.turn(200.0);
    let mut other = Replica::new(2, &fake);
    other.turn(202.0);
    assert!((other.walk(9) - replica.walk(9)).abs() < 0.1);
    assert_eq!((replica.count("redis_lost"), fake.with(|server| server.connections)), (0, 3));
}

#[test]
fn what_a_server_may_have_taken_is_never_told_twice() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    fake.with(|server| server.trouble = Some(Trouble::Silent));
    for (nth, subject) in (0_u8..).zip(["a", "b", "c"]) {
        replica.fail(f64::from(nth) * 60.0, 9, subject);
    }
    let walk = replica.walk(9);
    assert_eq!(replica.turn(200.0), 4);
    assert_eq!(replica.count("redis_unavailable"), 1);
    let lost = replica.count("redis_lost");
    assert!(lost > 0, "it is counted");
    fake.with(|server| server.trouble = None);
    replica.turn(202.0);
    replica.turn(204.0);
    assert!((replica.walk(9) - walk).abs() < 0.1, "{} after {walk}", replica.walk(9));
    assert_eq!(replica.count("redis_lost"), lost);
}

#[test]
fn exchange_is_bounded_and_tells_the_largest_first() {
    let fake = Fake::default();
    let mut replica = Replica::new(1, &fake);
    replica.turn(0.0);
    assert_eq!(fake.with(|server| server.commands.len()), 4, "an idle replica only reads");
    for source in 0..200 {
        replica.fail(f64::from(source), source, "alice");
        replica.fail(f64::from(source) + 0.5, source, "bob");
    }
    replica.turn(300.0);
    let (commands, bytes) = fake.with(|server| (server.commands.clone(), server.bytes));
    assert_eq!(commands.iter().filter(|command| *command == "ZINCRBY").count(), 2 * 64);
    assert!(commands.len() < 150 && bytes < 16_384, "{} commands, {bytes} bytes", commands.len());
    let mut turns = 1;
    while fake.with(|server| server.commands.len()) > 4 {
        replica.turn(302.0);
        turns += 1;
    }
    assert!(turns < 10, "{turns}");
    assert_eq!(replica.count("redis_lost"), 0);
}

#[test]
fn replica_that_comes_late_reads_all_news_bit_by_bit() {
    let fake = Fake::default();
    let mut first = Replica::new(1, &fake);
    for nth in 0..30_u8 {
        first.feed(f64::from(nth), nth, "alice", auth_metrics::Outcome::Success);
        first.turn(f64::from(nth));
    }
    let mut late = Replica::new(2, &fake);
    for _ in 0..30_usize.div_ceil(ENTRIES_READ) {
        late.turn(40.0);
    }
    for nth in 0..30_u8 {
        let there: std::net::IpAddr = [203, 0, 113, nth].into();
        assert_eq!(late.engine.assess("alice", there).why.label(), "familiar", "{nth}");
    }
}

#[test]
fn sharing_takes_a_key_and_a_url() {
    let redis = || Redis::new("redis://127.0.0.1:1/");
    let error = Engine::builder().share(redis().unwrap()).build().unwrap_err();
    assert!(matches!(error, Error::SharingWithoutKey), "{error}");
    for url in ["", "localhost", "http://127.0.0.1/", "redis://:secret@[::1"] {
        let error = Redis::new(url).unwrap_err();
        assert!(matches!(error, Error::InvalidRedisUrl), "{url}: {error}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
    assert!(matches!(Redis::new("rediss://127.0.0.1/").unwrap_err(), Error::RedisWithoutTls));
    let shown = format!("{:?}", Redis::new("redis://:secret@127.0.0.1/").unwrap().prefix("detect"));
    assert!(shown.contains("detect") && !shown.contains("secret"), "{shown}");
}

#[test]
fn engine_that_shares_says_what_more_it_holds() {
    let [alone, shared] = [
        Engine::builder().build().unwrap(),
        Engine::builder().build_alone(crate::engine::State::share).unwrap(),
    ]
    .map(|engine| engine.bytes());
    assert!((100 << 10..=200 << 10).contains(&(shared - alone)), "{}", shared - alone);
}
