//! Engines that share through a real `redis-server`, the one of Debian's package, which is killed in between. Ignored by plain
//! `cargo test`, run by `./check`.

use std::net::IpAddr;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_detect::{Attempt, Detection, Detector, Engine, Peer, Redis, Why};

use crate::redis_lease::server::{DEADLINE, Server};

const KEY: [u8; 16] = [7; 16];
const SOURCE: [u8; 4] = [203, 0, 113, 9];

struct Replica {
    engine: Engine,
    metrics: AuthMetrics,
}

impl Replica {
    fn new(url: &str) -> Replica {
        let redis = Redis::new(url).unwrap().prefix("test");
        let engine = Engine::builder().key(KEY).conservative().share(redis).build().unwrap();
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        engine.install(&metrics).unwrap();
        Replica { engine, metrics }
    }

    fn feed(&self, subject: &str, outcome: Outcome) -> Vec<Detection> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let peer = Peer::Address(SOURCE.into());
        let mut told = Vec::new();
        let attempt = Attempt::new(now, "login", outcome).peer(peer).subject(subject);
        self.engine.feed(&attempt, &mut |detection| told.push(detection.clone()));
        told.retain(|detection| detection.detector() == Detector::SourceGuessing);
        told
    }

    fn fail(&self, subject: &str) -> Vec<Detection> {
        self.feed(subject, Outcome::Failure(Reason::InvalidCredentials))
    }

    fn why(&self, subject: &str) -> Why {
        self.engine.assess(subject, IpAddr::from(SOURCE)).why
    }

    fn probability(&self) -> f32 {
        self.engine.assess("nobody", IpAddr::from(SOURCE)).probability
    }

    fn errors(&self, kind: &str) -> u64 {
        let text = self.metrics.encode_text();
        let line = format!("auth_detect_errors_total{{kind=\"{kind}\"}} ");
        text.lines().find_map(|text| text.strip_prefix(&line)).unwrap().parse().unwrap()
    }
}

fn wait_until(what: &str, is_done: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_done() {
        assert!(start.elapsed() < DEADLINE, "not in time: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
#[ignore = "needs redis-server; `./check` runs it"]
fn two_engines_convict_together_and_share_who_is_known() {
    let server = Server::start();
    let [one, other] = [Replica::new(&server.url()), Replica::new(&server.url())];
    one.feed("alice", Outcome::Success);
    wait_until("the pair is familiar", || other.why("alice") == Why::Familiar);
    assert_ne!(other.why("bob"), Why::Familiar);
    let before = other.probability();
    let mut told = Vec::new();
    for nth in 0..12 {
        told.extend(one.fail(&format!("user{nth}")));
    }
    assert!(told.iter().any(|detection| !detection.is_repeated()), "one of them found it");
    wait_until("the other has the evidence", || other.probability() > 0.9 && other.probability() > before);
    wait_until("the other knows the verdict", || {
        other.fail("dave").iter().chain(&other.fail("erin")).any(Detection::is_repeated)
    });
    for replica in [&one, &other] {
        let troubles = ["redis_unavailable", "redis_refused", "redis_lost"].map(|kind| replica.errors(kind));
        assert_eq!(troubles, [0; 3]);
    }
}

#[test]
#[ignore = "needs redis-server; `./check` runs it"]
fn server_stores_hashes_that_expire_and_no_identity() {
    let server = Server::start();
    let replica = Replica::new(&server.url());
    replica.feed("alice", Outcome::Success);
    for nth in 0..4 {
        replica.fail(&format!("carol{nth}"));
    }
    let keys = || server.ask::<Vec<String>>(redis::cmd("KEYS").arg("*")).unwrap();
    // Sources, networks and accounts of two periods, and the news.
    wait_until("all is told", || keys().len() == 7);
    for key in keys() {
        assert!(key.starts_with("{test:"), "{key}");
        let left: i64 = server.ask(redis::cmd("TTL").arg(&key)).unwrap();
        assert!((1..=16 * 86_400).contains(&left), "{key} is kept for {left} s");
        let stored: Vec<u8> = server.ask(redis::cmd("DUMP").arg(&key)).unwrap();
        let stored = String::from_utf8_lossy(&stored).into_owned() + &key;
        assert!(["alice", "carol", "203.0.113", "login"].iter().all(|identity| !stored.contains(identity)));
    }
}

#[test]
#[ignore = "needs redis-server; `./check` runs it"]
fn server_that_is_killed_is_counted_and_used_again_once_it_is_back() {
    let mut server = Server::start();
    let [one, other] = [Replica::new(&server.url()), Replica::new(&server.url())];
    one.feed("alice", Outcome::Success);
    wait_until("the pair is familiar", || other.why("alice") == Why::Familiar);
    server.down();
    wait_until("it is missed", || {
        one.errors("redis_unavailable") > 0 && other.errors("redis_unavailable") > 0
    });
    one.feed("bob", Outcome::Success);
    assert_eq!(one.why("bob"), Why::Familiar, "detection goes on");
    assert_eq!(other.why("alice"), Why::Familiar, "and what was learned stays");
    server.up();
    wait_until("what happened meanwhile is told", || other.why("bob") == Why::Familiar);
    assert_eq!((one.errors("redis_refused"), other.errors("redis_refused")), (0, 0));
}

#[test]
#[ignore = "needs redis-server; `./check` runs it"]
fn keys_of_another_type_are_refused_and_nothing_else() {
    let server = Server::start();
    let replica = Replica::new(&server.url());
    replica.feed("alice", Outcome::Success);
    for nth in 0..2 {
        replica.fail(&format!("carol{nth}"));
    }
    let keys = || server.ask::<Vec<String>>(redis::cmd("KEYS").arg("*")).unwrap();
    wait_until("all is told", || keys().len() == 7);
    for key in keys() {
        server.ask::<()>(redis::cmd("SET").arg(&key).arg("text")).unwrap();
    }
    wait_until("it is counted", || replica.errors("redis_refused") > 1);
    for nth in 0..12 {
        replica.fail(&format!("user{nth}"));
    }
    wait_until("what was lost is counted", || replica.errors("redis_lost") > 0);
    assert_eq!(replica.errors("redis_unavailable"), 0);
    assert!(replica.probability() > 0.9, "detection goes on");
}
