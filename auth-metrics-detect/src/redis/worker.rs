//! The thread that exchanges.

use std::io;
use std::sync::Weak;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Redis;
use super::exchange::Exchange;
use super::wire::Wires;
use crate::engine::{Engine, Inner};

/// It looks this often whether its engine is gone.
const GLANCE: Duration = Duration::from_secs(1);

/// Starts the thread `auth-metrics-detect-redis`. It ends with the engine.
pub(crate) fn start(engine: &Engine, redis: &Redis) -> io::Result<()> {
    let Some(exchange) = Exchange::new(engine, redis, Box::new(Wires(redis.info.clone()))) else {
        return Ok(());
    };
    let engine = engine.downgrade();
    let thread = thread::Builder::new().name("auth-metrics-detect-redis".to_owned());
    thread.spawn(move || run(exchange, &engine)).map(drop)
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
