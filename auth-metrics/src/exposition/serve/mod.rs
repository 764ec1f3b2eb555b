//! A `/metrics` listener of its own, so that the application's router never exposes them by accident.
//!
//! ```no_run
//! use auth_metrics::AuthMetrics;
//! use auth_metrics::serve::Listener;
//!
//! # async fn run() -> Result<(), auth_metrics::Error> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let server = Listener::new(&metrics).start().await?; // http://127.0.0.1:9464/metrics
//! // … the service runs …
//! server.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! With the feature `page` there is a page at `/` for people without a Grafana at hand: operations, outcomes, reasons, latency,
//! credentials and limits, every two seconds. It is one document that asks nobody but this listener. It reads `/metrics`, so it shows
//! what a scraper sees; with a [bearer token](Listener::bearer_token) it asks for that, and the document alone is there
//! without it.

mod answer;
mod connection;
#[cfg(feature = "page")]
mod page;

use std::collections::VecDeque;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use answer::Scrape;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::metrics::{AuthMetrics, Error};

/// Where the listener is unless told otherwise: loopback, the port that OpenTelemetry gives Prometheus exporters.
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);

/// How many clients are served at the same time.
const CONNECTIONS: usize = 64;

/// How long others wait, when all places are taken, before the oldest client is cut off.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a shutdown waits for answers that are under way.
const GRACE: Duration = Duration::from_secs(5);

/// A listener to be started.
///
/// A client has 5 seconds to send its request and 15 to read the one answer that a connection gives; a request head over
/// 16 KiB is refused. 64 clients are served at a time; when all places are taken, one that takes over 2 seconds is cut off.
#[must_use = "a listener does nothing until it is started"]
pub struct Listener {
    metrics: AuthMetrics,
    address: SocketAddr,
    bearer_token: Option<String>,
}

impl Listener {
    /// A listener on 127.0.0.1:9464 that asks for no token.
    pub fn new(metrics: &AuthMetrics) -> Listener {
        Listener { metrics: metrics.clone(), address: DEFAULT_ADDRESS, bearer_token: None }
    }

    /// Listens on another address; port 0 takes a free one.
    ///
    /// Failure reasons tell a stranger about your users: off loopback, ask for a token or filter in front.
    pub fn bind(mut self, address: impl Into<SocketAddr>) -> Listener {
        self.address = address.into();
        self
    }

    /// Asks every client for `Authorization: Bearer` and this token, compared in constant time. Its length is not hidden.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Listener {
        self.bearer_token = Some(token.into());
        self
    }

    /// Binds the address and serves until the [`Server`] is shut down or dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if the address is in use or not ours, [`Error::InvalidBearerToken`] if no client could send
    /// the token.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<Server, Error> {
        let Listener { metrics, address, bearer_token } = self;
        if bearer_token
            .as_deref()
            .is_some_and(|token| token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(Error::InvalidBearerToken);
        }
        let listen = |source| Error::Listen { address, source };
        let socket = TcpListener::bind(address).await.map_err(listen)?;
        let local_addr = socket.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(());
        let scrape = Arc::new(Scrape::new(metrics, bearer_token));
        Ok(Server { local_addr, stop, task: tokio::spawn(accept(socket, scrape, stopped)) })
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.bearer_token.as_ref().map(|_| "…");
        out.debug_struct("Listener")
            .field("address", &self.address)
            .field("bearer_token", &token)
            .finish_non_exhaustive()
    }
}

/// A listener that serves. Dropping it stops it without waiting.
#[derive(Debug)]
#[must_use = "the listener stops when this is dropped"]
pub struct Server {
    local_addr: SocketAddr,
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    /// The address it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Stops listening, lets answers under way end for up to five seconds, and returns when the socket is closed.
    pub async fn shutdown(self) {
        let Server { stop, task, .. } = self;
        drop(stop);
        // It ends by itself; a panic in it was reported by the runtime.
        drop(task.await);
    }
}

/// A client that is being served, and since when.
struct Client {
    since: Instant,
    connection: AbortHandle,
}

/// Takes one client after another until the server's side of `stopped` is gone.
async fn accept(socket: TcpListener, scrape: Arc<Scrape>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<Client> = VecDeque::new();
    loop {
        oldest_first.retain(|client| !client.connection.is_finished());
        let accepted = tokio::select! {
            biased;
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => continue,
            () = room(&oldest_first) => {
                oldest_first.pop_front().inspect(|oldest| oldest.connection.abort());
                continue;
            }
            accepted = socket.accept(), if oldest_first.len() < CONNECTIONS => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: give those in use the time to be closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let connection = connections.spawn(connection::serve(stream, Arc::clone(&scrape), stopped.clone()));
        oldest_first.push_back(Client { since: Instant::now(), connection });
    }
    drop(socket);
    let all = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done after that is cut off when the set drops.
    drop(tokio::time::timeout(GRACE, all).await);
}

/// Comes back when the oldest client has to make room for others: a scraper is not kept waiting by those who don't read.
async fn room(oldest_first: &VecDeque<Client>) {
    match oldest_first.front().filter(|_| oldest_first.len() >= CONNECTIONS) {
        Some(oldest) => tokio::time::sleep_until(oldest.since + PATIENCE).await,
        None => std::future::pending().await,
    }
}
