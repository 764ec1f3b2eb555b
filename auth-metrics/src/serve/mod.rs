//! A `/metrics` listener of its own, so that the application's router never exposes them by accident.
//!
//! ```no_run
//! use auth_metrics::AuthMetrics;
//! use auth_metrics::serve::Listener;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let server = Listener::new(&metrics).start().await?; // http://127.0.0.1:9464/metrics
//! // … the service runs …
//! server.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! [`Listener::page`] adds a page for people at `/`.

mod answer;
mod body;
mod clients;
mod connection;
mod error;
mod flight;
mod host;
mod page;
mod place;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use answer::Scrape;
pub use error::ListenError;
use host::{Host, Hosts};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::handle::AuthMetrics;

/// Where the listener is unless told otherwise: loopback, the port that OpenTelemetry gives Prometheus exporters.
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);

/// A listener to be started.
///
/// A client has 5 seconds to send its request and 15 to read the one answer that a connection gives; a request head over
/// 16 KiB is refused. 64 clients are served at a time. If another one comes when all places are taken, a client that sends and
/// takes nothing for 250 ms is cut off, and one that takes its answer for over 2 seconds.
///
/// Scrapers that name `OpenMetrics` in their `Accept` header get [it](AuthMetrics::encode_openmetrics) unless they prefer the text;
/// Prometheus does. All others get the [text](AuthMetrics::encode_text).
///
/// A scrape is encoded on a blocking thread of the runtime, one at a time in each format. Clients that come while it is encoded, or
/// within 250 ms after that began, get the same answer: an attempt that ended just before a scrape may first be in the next one.
#[must_use = "a listener does nothing until it is started"]
pub struct Listener {
    metrics: AuthMetrics,
    address: SocketAddr,
    bearer_token: Option<String>,
    allowed_hosts: Vec<String>,
    page: bool,
}

impl Listener {
    /// A listener on 127.0.0.1:9464 that asks for no token.
    pub fn new(metrics: &AuthMetrics) -> Listener {
        Listener {
            metrics: metrics.clone(),
            address: DEFAULT_ADDRESS,
            bearer_token: None,
            allowed_hosts: Vec::new(),
            page: false,
        }
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

    /// Answers requests whose `Host` is this name or IP address too, whatever the port.
    ///
    /// On loopback and without a token, only `localhost`, 127.0.0.0/8, `[::1]` and the bound address are answered, and every other host
    /// with 421: a web page that has its own name resolve to 127.0.0.1 can't read the metrics. Allow the name that a proxy in front
    /// or an entry in `/etc/hosts` uses. Elsewhere every host is answered; once one is allowed, only that one and those above.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics::serve::Listener;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let server = Listener::new(&metrics).allow_host("metrics.internal").start().await?;
    /// # drop(server);
    /// # Ok(()) }
    /// ```
    pub fn allow_host(mut self, host: impl Into<String>) -> Listener {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Serves a page at `/` for people without a Grafana at hand; off by default.
    ///
    /// It shows operations, outcomes, reasons, latency, credentials and limits, and updates every two seconds. It is a self-contained
    /// document that talks only to this listener and reads `/metrics`, so it shows what a scraper sees. If you set a
    /// [bearer token](Listener::bearer_token), the page prompts for it; the document itself is served without one.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics::serve::Listener;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let server = Listener::new(&metrics).page(true).start().await?; // http://127.0.0.1:9464/
    /// # drop(server);
    /// # Ok(()) }
    /// ```
    pub fn page(mut self, page: bool) -> Listener {
        self.page = page;
        self
    }

    /// Binds the address and serves until the [`Server`] is shut down or dropped.
    ///
    /// # Errors
    ///
    /// [`ListenError::Bind`] if the address is in use or not ours, [`ListenError::InvalidBearerToken`] if no client could send
    /// the token, [`ListenError::InvalidHost`] if an allowed host is no host.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<Server, ListenError> {
        let Listener { metrics, address, bearer_token, allowed_hosts, page } = self;
        if bearer_token
            .as_deref()
            .is_some_and(|token| token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(ListenError::InvalidBearerToken);
        }
        let host = |text: String| Host::configured(&text).ok_or(ListenError::InvalidHost(text));
        let allowed = allowed_hosts.into_iter().map(host).collect::<Result<Vec<_>, _>>()?;
        let listen = |source| ListenError::Bind { address, source };
        let socket = TcpListener::bind(address).await.map_err(listen)?;
        let local_addr = socket.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(());
        let is_open = bearer_token.is_none() && local_addr.ip().to_canonical().is_loopback();
        let hosts = if is_open || !allowed.is_empty() { Hosts::Local { and: allowed } } else { Hosts::Every };
        let scrape = Arc::new(Scrape::new(metrics, bearer_token, hosts, page));
        Ok(Server { local_addr, stop, task: tokio::spawn(clients::accept(socket, scrape, stopped)) })
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.bearer_token.as_ref().map(|_| "…");
        out.debug_struct("Listener")
            .field("address", &self.address)
            .field("bearer_token", &token)
            .field("page", &self.page)
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
