//! `Exchange`: tells a server what is new here, and takes in what others told, again and again.

use std::time::Duration;

use ::redis::Value;

use super::link::{Connect, Link, Sharing, Trouble};
use super::names::Names;
use super::request::{self, Place};
use super::wire::Wires;
use super::{Redis, answers};
use crate::engine::Outgoing;
use crate::export::InternalError;
use crate::keys::Keys;

/// How often, and how long it waits after trouble at most.
const EVERY: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(30);

/// The exchange of one engine with one server.
pub(crate) struct Exchange {
    names: Names,
    replica: u64,
    connect: Box<dyn Connect>,
    link: Option<Box<dyn Link>>,
    place: Place,
    wait: Duration,
}

impl Exchange {
    /// Makes the exchange of a replica with that id, key and half-life.
    pub(crate) fn new(redis: &Redis, replica: u64, keys: &Keys, half_life: f64) -> Exchange {
        let names = Names::new(&redis.prefix, keys, half_life);
        let connect = Box::new(Wires(redis.info.clone()));
        Exchange { names, replica, connect, link: None, place: Place::default(), wait: EVERY }
    }

    /// Connects in another way.
    #[cfg(test)]
    pub(super) fn through(mut self, connect: impl Connect + 'static) -> Exchange {
        self.connect = Box::new(connect);
        self
    }

    /// Exchanges once, at a time in seconds since 1970; how long to wait then. The engine is not locked while the server answers.
    pub(crate) fn turn(&mut self, engine: &dyn Sharing, wall: f64) -> Duration {
        let had_trouble = self.wait > EVERY;
        match self.try_turn(engine, wall) {
            Ok(()) => {
                if had_trouble {
                    log::info!("auth-metrics-detect: Redis answers again");
                }
                self.wait = EVERY;
            }
            Err(trouble) => {
                self.link = None;
                self.wait = (self.wait * 2).min(LONGEST);
                let kind = match trouble {
                    Trouble::Closed | Trouble::Silent => InternalError::RedisUnavailable,
                    Trouble::Refused => InternalError::RedisRefused,
                };
                if !had_trouble {
                    log::warn!(
                        "auth-metrics-detect: Redis is away or gives wrong answers; replicas share nothing until it is back"
                    );
                }
                engine.error(kind);
            }
        }
        self.wait
    }

    fn try_turn(&mut self, engine: &dyn Sharing, wall: f64) -> Result<(), Trouble> {
        if self.link.is_none() {
            self.link = Some(self.connect.connect()?);
            // The server may be another one, and know less or more.
            self.place = Place::default();
        }
        let Some(outgoing) = engine.take_outgoing() else { return Ok(()) };
        lose(engine, outgoing.lost);
        match self.ask(&outgoing, wall) {
            Ok(answers) => {
                self.take_in(engine, &answers, wall);
                Ok(())
            }
            Err(Trouble::Closed) => {
                engine.put_back(&outgoing);
                Err(Trouble::Closed)
            }
            // Told twice it would count twice, and convict somebody who is innocent.
            Err(trouble) => {
                lose(engine, outgoing.len());
                Err(trouble)
            }
        }
    }

    fn ask(&mut self, outgoing: &Outgoing, wall: f64) -> Result<Vec<Value>, Trouble> {
        let commands = request::write(&self.names, self.replica, outgoing, &self.place, wall);
        let Some(link) = &mut self.link else { return Err(Trouble::Closed) };
        link.ask(&commands)
    }

    fn take_in(&mut self, engine: &dyn Sharing, answers: &[Value], wall: f64) {
        let read = answers::read(answers, &self.names, self.replica, &mut self.place, wall);
        engine.take_in(&read.incoming);
        if read.is_refused {
            engine.error(InternalError::RedisRefused);
        }
        lose(engine, read.refused_writes);
    }
}

/// Counts what was lost.
fn lose(engine: &dyn Sharing, lost: u64) {
    for _ in 0..lost {
        engine.error(InternalError::RedisLost);
    }
}
