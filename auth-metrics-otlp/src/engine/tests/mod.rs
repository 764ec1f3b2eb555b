//! Worlds of servers that accept, refuse, hang and forget, under a clock that the tests move.

mod backoff;
mod hostile;
mod moments;
mod random;
mod receiver;
mod restarts;
mod scraped;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Clock};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;

use super::{Engine, Moment, Outcome};
use crate::encode::Encoder;
use crate::export::PushGroup;
use crate::names::Names;
use crate::setup::Temporality;
use crate::transport::{Answer, Transport, Why};
use receiver::Receiver;

const TIMEOUT: Duration = Duration::from_secs(10);

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Take,
    /// It takes the request, and the answer is lost.
    TakeAndLose,
    /// It takes the request but for this many points.
    TakeBut(usize),
    /// The connection breaks before it took anything.
    Lose,
    Away,
    Busy(u64),
    Refuse,
}

/// A server that does what it is told, one act for each request, and then takes everything.
#[derive(Clone, Default)]
struct Scripted {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    acts: Vec<Act>,
    receiver: Receiver,
    /// Each request, and whether it was taken.
    requests: Vec<ExportMetricsServiceRequest>,
}

impl Scripted {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn then(&self, acts: &[Act]) {
        self.with(|state| state.acts.extend(acts));
    }

    fn last(&self) -> ExportMetricsServiceRequest {
        self.with(|state| state.requests.last().unwrap().clone())
    }
}

impl Transport for Scripted {
    fn send(&mut self, request: &ExportMetricsServiceRequest, _: Duration) -> Answer {
        self.with(|state| {
            let act = if state.acts.is_empty() { Act::Take } else { state.acts.remove(0) };
            state.requests.push(request.clone());
            let accepted = |rejected| Answer::Accepted { rejected, is_readable: true };
            match act {
                Act::Take => accepted(state.receiver.take(request, 0)),
                Act::TakeBut(points) => accepted(state.receiver.take(request, points)),
                Act::TakeAndLose => {
                    state.receiver.take(request, 0);
                    Answer::Unknown(Why::TimedOut)
                }
                Act::Lose => Answer::Unknown(Why::Broken),
                Act::Away => Answer::Unavailable { after: None, why: Why::NoConnection },
                Act::Busy(seconds) => {
                    let after = Some(Duration::from_secs(seconds));
                    Answer::Unavailable { after, why: Why::Status(503) }
                }
                Act::Refuse => Answer::Refused(Why::Status(400)),
            }
        })
    }
}

/// A handle, a server and the push between them, at a time.
struct World {
    metrics: AuthMetrics,
    server: Scripted,
    engine: Engine,
    now: Moment,
}

const BEGAN: Moment = Moment { since_1970: 1_800_000_000_000_000_000, monotonic: Duration::ZERO };

impl World {
    fn new(temporality: Temporality) -> World {
        // An attempt takes no time unless a test says so.
        let builder = AuthMetrics::builder().service_id("gateway").clock(Clock::from_fn(|| Duration::ZERO));
        World::of(builder.build().unwrap(), temporality)
    }

    fn of(metrics: AuthMetrics, temporality: Temporality) -> World {
        let server = Scripted::default();
        let counts = PushGroup::start(&metrics, "otlp").unwrap();
        let encoder = Encoder { temporality, names: Names::Scrape, resource: Vec::new() };
        let engine = Engine::new(encoder, Box::new(server.clone()), counts, (BEGAN, 7));
        World { metrics, server, engine, now: BEGAN }
    }

    fn wait(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.since_1970 += u64::try_from(time.as_nanos()).unwrap();
    }

    fn push(&mut self) -> Outcome {
        self.wait(Duration::from_secs(1));
        self.engine.push(|| Some(self.metrics.snapshot()), self.now, TIMEOUT)
    }
}
