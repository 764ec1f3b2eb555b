//! The service on its sockets: how it starts, where it listens, how it stops.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics::events::{self, Field, Pseudonym, Pseudonyms, PseudonymsError};
use auth_metrics::serve::{ListenError, Listener, Server};
use auth_metrics_audit::Audit;
use auth_metrics_detect::Detector;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::args::Options;
use crate::certificate::{CertificateError, ClientCertificate};
use crate::guessed::Guessed;
use crate::http;
use crate::machines::Machines;
use crate::partner::Partner;
use crate::risk::{Finding, Found};
use crate::service::{AssemblyError, Service};
use crate::settings::Settings;
use crate::trail;
use crate::upkeep::{Upkeep, UpkeepError};

/// The `service_id` of every series.
pub(crate) const SERVICE_ID: &str = "auth_service";

/// How long a shutdown waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(5);

/// Why the service did not start, and what to do about it.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error(
        "the port of {address} is in use: stop the process that listens there, or choose another port with {argument} (0 takes a free one)"
    )]
    InUse { address: SocketAddr, argument: &'static str },
    #[error("can't listen on {address}: {cause}; choose another address with {argument}")]
    Listen { address: SocketAddr, argument: &'static str, cause: std::io::Error },
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    #[error("the metrics can't be set up: {0}")]
    Metrics(#[from] auth_metrics::Error),
    #[error("attacks can't be detected: {0}")]
    Detection(#[from] auth_metrics_detect::Error),
    #[error("there can be no audit trail: {0}")]
    Audit(#[from] auth_metrics_audit::Error),
    #[error("names can't be replaced by pseudonyms: {0}")]
    Pseudonyms(#[from] PseudonymsError),
    #[error("the metrics can't be served: {0}")]
    Exposition(#[from] ListenError),
}

/// A service that listens.
pub(crate) struct Running {
    addr: SocketAddr,
    exposition: Server,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    upkeep: Upkeep,
    metrics: AuthMetrics,
    audit: Audit,
    trail: PathBuf,
    pseudonyms: Pseudonyms,
    guessed: Arc<Guessed>,
    found: Arc<Found>,
    /// Counts this service in `auth_active_services` while it runs.
    _registration: auth_metrics::ServiceRegistration,
}

impl Running {
    /// Starts the service and, on a socket of its own, its `/metrics`.
    pub(crate) async fn start(
        settings: &Settings,
        options: Options,
        partner: Partner,
        machines: Machines,
    ) -> Result<Self, StartError> {
        let guessed = Arc::new(Guessed::default());
        let found = Arc::new(Found::new());
        let engine = found.engine()?;
        let trail = options.audit.unwrap_or_else(trail::new_folder);
        let (audit, pseudonyms) = (trail::open(&trail)?, Pseudonyms::random()?);
        let metrics = AuthMetrics::builder()
            .service_id(SERVICE_ID)
            .observe(Arc::clone(&guessed))
            .observe(engine.clone())
            .observe(audit.clone())
            .pseudonyms(pseudonyms.clone())
            .trace_context(events::trace::traceparent)
            .build()?;
        metrics.install()?;
        engine.install(&metrics)?;
        audit.install(&metrics)?;
        let (certificate, credential) = ClientCertificate::issue(settings.certificate_life)?;
        let service =
            Service::new(settings, metrics.clone(), engine, partner, certificate.clone(), machines)?;
        let service = Arc::new(service);
        let (listener, addr) = listen(options.addr).await?;
        let exposition = expose(&metrics, options.metrics_addr).await?;
        let upkeep = Upkeep::start(settings, &metrics, &service, (certificate, credential))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let proxies = settings.proxies;
        let serving = tokio::spawn(async move {
            let wait = async { drop(stopped.await) };
            let service = http::router(service, proxies).into_make_service_with_connect_info::<SocketAddr>();
            // It ends without an error: axum retries what goes wrong while it accepts.
            drop(axum::serve(listener, service).with_graceful_shutdown(wait).await);
        });
        let registration = metrics.register_service(SERVICE_ID);
        Ok(Self {
            addr,
            exposition,
            stop,
            serving,
            upkeep,
            metrics,
            audit,
            trail,
            pseudonyms,
            guessed,
            found,
            _registration: registration,
        })
    }

    /// Where the service listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where `/metrics` listens.
    pub(crate) fn metrics_addr(&self) -> SocketAddr {
        self.exposition.local_addr()
    }

    /// The service's URL, without a path.
    pub(crate) fn service_url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// The URL to scrape.
    pub(crate) fn metrics_url(&self) -> String {
        format!("http://{}/metrics", self.metrics_addr())
    }

    /// The folder of the audit trail.
    pub(crate) fn trail(&self) -> &Path {
        &self.trail
    }

    /// What the trail calls somebody.
    pub(crate) fn pseudonym(&self, name: &str) -> Pseudonym {
        self.pseudonyms.of(Field::Subject, name)
    }

    /// The pseudonym whose sign-ins were refused most, and how often. Waits for the events that are on their way.
    pub(crate) fn most_guessed(&self) -> Option<(Pseudonym, u64)> {
        self.metrics.events().flush(GRACE).then(|| self.guessed.most()).flatten()
    }

    /// What the detection engine found, the earliest first. Waits for the events that are on their way.
    pub(crate) fn found(&self) -> Vec<(Detector, Finding)> {
        if self.metrics.events().flush(GRACE) { self.found.all() } else { Vec::new() }
    }

    /// Lets requests that are under way end for a while, then closes both sockets.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        let serving = self.serving;
        let cut = serving.abort_handle();
        if tokio::time::timeout(GRACE, serving).await.is_err() {
            cut.abort();
        }
        self.upkeep.shutdown().await;
        self.exposition.shutdown().await;
        // The handle is installed, so it never drops, and nothing else delivers the last events.
        if !self.metrics.events().flush(GRACE) {
            eprintln!("auth_service: the last events did not reach their observers");
        }
        if let Err(error) = self.audit.shutdown(GRACE) {
            eprintln!("auth_service: the audit trail has no end: {error}");
        }
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |cause| no_socket(address, "--addr", cause);
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}

async fn expose(metrics: &AuthMetrics, address: SocketAddr) -> Result<Server, StartError> {
    match Listener::new(metrics).bind(address).page(true).start().await {
        Ok(listening) => Ok(listening),
        Err(ListenError::Bind { address, source }) => Err(no_socket(address, "--metrics-addr", source)),
        Err(error) => Err(error.into()),
    }
}

fn no_socket(address: SocketAddr, argument: &'static str, cause: std::io::Error) -> StartError {
    match cause.kind() {
        ErrorKind::AddrInUse => StartError::InUse { address, argument },
        _ => StartError::Listen { address, argument, cause },
    }
}
