//! The thread that exchanges with other replicas, and what it does to the engine.

use std::io;
use std::sync::Weak;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::engine::{Engine, Inner};
use crate::engine::{Incoming, Outgoing, State};
use crate::export::InternalError;
use crate::redis::{Exchange, Redis, Sharing};

/// It looks this often whether its engine is gone.
const GLANCE: Duration = Duration::from_secs(1);

impl Engine {
    /// Starts the thread `auth-metrics-detect-redis`. It ends with the engine. `id` tells this replica from the others.
    pub(super) fn exchange(&self, redis: &Redis, id: u64) -> io::Result<()> {
        let owner = self.owner();
        let exchange = Exchange::new(redis, id, &owner.state.keys, owner.state.options.half_life);
        drop(owner);
        let engine = self.downgrade();
        let thread = thread::Builder::new().name("auth-metrics-detect-redis".to_owned());
        thread.spawn(move || run(exchange, &engine)).map(drop)
    }
}

fn run(mut exchange: Exchange, inner: &Weak<Inner>) {
    while let Some(engine) = Engine::upgrade(inner) {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let mut wait = exchange.turn(&engine, wall);
        drop(engine);
        while !wait.is_zero() && inner.strong_count() > 0 {
            let step = wait.min(GLANCE);
            thread::sleep(step);
            wait -= step;
        }
    }
}

impl Sharing for Engine {
    fn take_outgoing(&self) -> Option<Outgoing> {
        self.owner().guarded(State::take_outgoing)
    }

    fn put_back(&self, outgoing: &Outgoing) {
        self.owner().guarded(|state| state.put_back(outgoing));
    }

    fn take_in(&self, incoming: &Incoming) {
        self.owner().guarded(|state| state.take_in(incoming));
    }

    fn error(&self, error: InternalError) {
        self.owner().error(error);
    }
}
