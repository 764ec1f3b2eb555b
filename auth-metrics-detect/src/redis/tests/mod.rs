//! Replicas that share through a server of the test's own.

mod lies;
mod life;
mod sockets;
mod store;
mod together;

use auth_metrics::{AuthMetrics, Outcome, Reason};

use super::Redis;
use super::exchange::Exchange;
use crate::attach::Engine;
use crate::attempt::{Attempt, Peer};
use crate::detection::Detection;
use crate::export::DetectGroup;
use store::{Fake, WALL};

const KEY: [u8; 16] = [7; 16];
const HALF_LIFE: f64 = 108_000.0;

/// An engine that shares, and its exchange, which the test turns by hand.
struct Replica {
    engine: Engine,
    exchange: Exchange,
    metrics: AuthMetrics,
}

impl Replica {
    fn new(id: u64, fake: &Fake) -> Replica {
        let builder = Engine::builder().key(KEY).conservative();
        let engine = builder.build_alone(crate::engine::State::share).unwrap();
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        let board = DetectGroup::attach(&metrics, engine.bytes()).unwrap();
        engine.owner().attach(board, metrics.downgrade());
        let redis = Redis::new("redis://127.0.0.1/").unwrap();
        let exchange = Exchange::new(&redis, id, &engine.owner().state.keys, HALF_LIFE).through(fake.clone());
        Replica { engine, exchange, metrics }
    }

    /// Exchanges, so many seconds after the tests began; how long it would wait then.
    fn turn(&mut self, at: f64) -> u64 {
        self.exchange.turn(&self.engine, WALL + at).as_secs()
    }

    fn feed(&self, at: f64, source: u8, subject: &str, outcome: Outcome) -> Vec<Detection> {
        let attempt = Attempt::new(WALL + at, "login", outcome).peer(address(source)).subject(subject);
        let mut told = Vec::new();
        self.engine.feed(&attempt, &mut |detection| told.push(detection.clone()));
        told
    }

    fn fail(&self, at: f64, source: u8, subject: &str) -> Vec<Detection> {
        self.feed(at, source, subject, Outcome::Failure(Reason::InvalidCredentials))
    }

    /// The evidence about a source.
    fn walk(&self, source: u8) -> f32 {
        let hash = self.engine.source_hash(&address(source)).0;
        let owner = self.engine.owner();
        let state = &owner.state;
        state.sources.find(hash).map_or(0.0, |index| state.sources.evidence(index, state.clock.now))
    }

    /// How often a trouble was counted.
    fn count(&self, kind: &str) -> u64 {
        let text = self.metrics.encode_text();
        let line = format!("auth_detect_errors_total{{kind=\"{kind}\"}} ");
        text.lines().find_map(|text| text.strip_prefix(&line)).unwrap().parse().unwrap()
    }
}

fn address(source: u8) -> Peer<'static> {
    Peer::Address([203, 0, 113, source].into())
}
