//! Ten thousand requests through an `AttemptLayer` and the authentication layers of others. A third of the clients hang up in the
//! middle. What is counted is what was planned, to the unit.

mod axum;
mod tonic;
mod tower;

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::Arc;

use auth_metrics::AuthMetrics;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const REQUESTS: usize = 10_000;

/// Clients that send at the same time.
const CLIENTS: usize = 16;

/// The operation of every layer here.
const OP: &str = "gate";

fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

/// What the operation had counted: successes, and failures by their reasons.
#[track_caller]
fn counted(metrics: &AuthMetrics) -> BTreeMap<&'static str, u64> {
    let snapshot = metrics.snapshot();
    let gate = snapshot.operations().find(|operation| operation.name() == OP).unwrap();
    let failures = gate.reasons().map(|(reason, count)| (reason.label(), count));
    let counted = failures.chain([("success", gate.succeeded())]).filter(|(_, count)| *count > 0);
    let counted: BTreeMap<_, _> = counted.collect();
    assert_eq!((gate.started(), gate.in_flight()), (counted.values().sum(), 0), "the law");
    counted
}

/// What a client does with a request.
#[derive(Clone, Copy)]
enum Turn {
    HangUp,
    /// Sends one of several requests and reads the answer.
    Send(usize),
}

fn turn(request: usize, kinds: usize) -> Turn {
    if request.is_multiple_of(3) { Turn::HangUp } else { Turn::Send(request / 3 % kinds) }
}

/// What is counted if each of these requests, in turn, has the outcome with this name.
fn planned(outcomes: &[&'static str]) -> BTreeMap<&'static str, u64> {
    let mut planned = BTreeMap::new();
    for request in 0..REQUESTS {
        let outcome = match turn(request, outcomes.len()) {
            Turn::HangUp => "cancelled",
            Turn::Send(kind) => outcomes[kind],
        };
        *planned.entry(outcome).or_default() += 1;
    }
    planned
}

/// Handlers that hang until their client does, and how each learns of the other.
struct Line {
    /// By client: its request has reached the handler.
    reached: Vec<Semaphore>,
    /// A handler was dropped.
    dropped: Semaphore,
}

impl Line {
    fn new() -> Arc<Line> {
        let reached = (0..CLIENTS).map(|_| Semaphore::new(0)).collect();
        Arc::new(Line { reached, dropped: Semaphore::new(0) })
    }

    /// The handler, which never answers.
    async fn hang(&self, client: usize) {
        let _dropped = Dropped(&self.dropped);
        self.reached[client].add_permits(1);
        pending::<()>().await;
    }

    /// Hangs up as soon as the request has reached the handler.
    async fn hang_up<T>(&self, client: usize, request: impl Future<Output = T>) {
        tokio::select! {
            reached = self.reached[client].acquire() => reached.unwrap().forget(),
            _ = request => panic!("a request that hangs was answered"),
        }
    }

    /// Waits until every handler whose client hung up was dropped.
    async fn all_hung_up(&self) {
        let hung_up = (0..REQUESTS).filter(|request| matches!(turn(*request, 1), Turn::HangUp)).count();
        self.dropped.acquire_many(hung_up as u32).await.unwrap().forget();
    }
}

struct Dropped<'a>(&'a Semaphore);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

/// Sends all requests. `send` gets the number of the client and its turn.
async fn send_all<F: Future<Output = ()> + Send + 'static>(
    kinds: usize,
    send: impl Fn(usize, Turn) -> F + Clone + Send + 'static,
) {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let send = send.clone();
        clients.spawn(async move {
            for request in (client..REQUESTS).step_by(CLIENTS) {
                send(client, turn(request, kinds)).await;
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
}
