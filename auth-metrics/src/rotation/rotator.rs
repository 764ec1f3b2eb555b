//! `Rotator`: how a credential is to be rotated, and the handle of one that runs.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::running::Running;
use super::schedule::Schedule;
use super::{Lease, LocalLease};
use crate::credentials::TrackedCredential;

/// What a try gives: when the successor expires; none if the try failed.
pub(super) type Try = Pin<Box<dyn Future<Output = Option<Option<SystemTime>>> + Send>>;
pub(super) type Rotate = Box<dyn FnMut() -> Try + Send>;
pub(super) type Retire = Box<dyn FnMut() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Longer is as good as for ever, and can be added to any point in time.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Rotates a credential before it is due, for as long as it runs; see the [module](super).
#[must_use = "nothing is rotated until `spawn` or `run` is called"]
pub struct Rotator<L = LocalLease> {
    pub(super) credential: TrackedCredential,
    pub(super) rotate: Rotate,
    pub(super) schedule: Schedule,
    pub(super) timeout: Duration,
    pub(super) overlap: Option<(Duration, Retire)>,
    pub(super) lease: L,
    pub(super) lease_ttl: Duration,
}

impl Rotator {
    /// Rotates this credential by what `rotate` does: it makes the successor, puts it in use, and returns when it expires, or
    /// `None` if it does not. An error is counted, and its text is not looked at: log it where it comes up.
    pub fn new<F, R, E>(credential: TrackedCredential, mut rotate: F) -> Rotator
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = Result<Option<SystemTime>, E>> + Send + 'static,
    {
        let rotate = move || {
            let rotation = rotate();
            Box::pin(async move { rotation.await.ok() }) as Try
        };
        Rotator {
            credential,
            rotate: Box::new(rotate),
            schedule: Schedule::default(),
            timeout: Duration::from_secs(60),
            overlap: None,
            lease: LocalLease::default(),
            lease_ttl: Duration::from_secs(30),
        }
    }
}

impl<L: Lease> Rotator<L> {
    /// How long before `not_after` it is due. Default: a third of the credential's life, at most 30 days.
    pub fn lead(mut self, lead: Duration) -> Rotator<L> {
        self.schedule.lead = Some(lead);
        self
    }

    /// Which part of the wait may be left out by chance, from 0 to 1. Default: 0.1.
    pub fn jitter(mut self, part: f64) -> Rotator<L> {
        self.schedule.jitter = if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) };
        self
    }

    /// How long to wait after a first failure, and at most: it doubles with each. Default: 1 s and 5 min; at least a
    /// millisecond.
    pub fn backoff(mut self, first: Duration, most: Duration) -> Rotator<L> {
        let first = first.clamp(Duration::from_millis(1), LONGEST);
        (self.schedule.first_backoff, self.schedule.most_backoff) = (first, most.clamp(first, LONGEST));
        self
    }

    /// How long a try may take. Default: 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Rotator<L> {
        self.timeout = timeout.min(LONGEST);
        self
    }

    /// How long what was rotated away stays accepted: after that `retire` is called, once for each rotation in their order, and
    /// the event `retired` counted. Without this nothing is retired.
    pub fn overlap<F, R>(mut self, overlap: Duration, mut retire: F) -> Rotator<L>
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.overlap = Some((overlap.min(LONGEST), Box::new(move || Box::pin(retire()))));
        self
    }

    /// Who says which replica may rotate, and how long it is held without a renewal. Default: a [`LocalLease`] of its own.
    pub fn lease<M: Lease>(self, lease: M, ttl: Duration) -> Rotator<M> {
        let Rotator { credential, rotate, schedule, timeout, overlap, .. } = self;
        let lease_ttl = ttl.clamp(Duration::from_millis(3), LONGEST);
        Rotator { credential, rotate, schedule, timeout, overlap, lease, lease_ttl }
    }

    /// Rotates in a task of the present runtime, until the handle is shut down or dropped. A credential that was only created
    /// is activated.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn(self) -> RotatorHandle {
        let (stop, stopped) = oneshot::channel();
        let wanted = Arc::new(Notify::new());
        let running = Running::new(self, Arc::clone(&wanted));
        let stopped = async move {
            // The handle dropped its end, or sent: both end it.
            let _ = stopped.await;
        };
        RotatorHandle { stop: Some(stop), wanted, task: Some(tokio::spawn(running.run(stopped))) }
    }

    /// Rotates here until `stop` ends, or the credential was retired, revoked or forgotten. A try that runs then is aborted.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        Running::new(self, Arc::new(Notify::new())).run(stop).await;
    }
}

impl<L> fmt::Debug for Rotator<L> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Rotator");
        debug.field("credential", &self.credential).field("schedule", &self.schedule).finish_non_exhaustive()
    }
}

/// A rotator that runs; dropping it ends it.
#[derive(Debug)]
#[must_use = "the rotator ends when its handle drops"]
pub struct RotatorHandle {
    stop: Option<oneshot::Sender<()>>,
    wanted: Arc<Notify>,
    task: Option<JoinHandle<()>>,
}

impl RotatorHandle {
    /// Rotates as soon as possible, whether it is due or not: as an answer to a compromise. A try that fails is repeated.
    pub fn rotate_now(&self) {
        self.wanted.notify_one();
    }

    /// Ends it, and waits until it has ended; a try that runs is aborted and counted as cancelled.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            // It ends by itself and does not panic.
            let _ = task.await;
        }
    }
}
