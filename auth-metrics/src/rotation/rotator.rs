//! `Rotator`: what a rotation is and when, until it is started.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::handle::Wish;
use super::hooks::{Hook, Retiring, Rotated, RotationContext};
use super::lease::Lease;
use super::schedule::{Backoff, Lead, Schedule};
use super::subject::Subject;
use super::supervised::Taken;
use super::told::Voice;
use super::wall::Wall;
use super::worker::Worker;
use super::{NotRotated, RotatorError, RotatorHandle};
use crate::credentials::TrackedCredential;

/// Before the tracker counts a credential as `expiring`, at a third: that event means that a rotation is late.
const LEAD: f64 = 0.4;

/// Between these a lease can be renewed in time, and is another's soon after its holder died.
const SHORTEST_LEASE: Duration = Duration::from_millis(100);
const LONGEST_LEASE: Duration = Duration::from_secs(86_400);

/// What a rotator was told.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) schedule: Schedule,
    pub(super) backoff: Backoff,
    pub(super) timeout: Duration,
    pub(super) grace: Duration,
    pub(super) overlap: Option<Duration>,
    pub(super) lease_ttl: Duration,
    pub(super) wall: Wall,
    pub(super) rotate: Hook<RotationContext, Rotated>,
    pub(super) refresh: Option<Hook<RotationContext, Option<Rotated>>>,
    pub(super) retire: Option<Hook<Retiring, ()>>,
}

/// Rotates one credential again and again. See the [module](super) for how.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use auth_metrics::credentials::{Credential, CredentialTracker};
/// use auth_metrics::rotation::{Rotated, Rotator};
/// use auth_metrics::{AuthMetrics, CredentialKind, RotationOutcome};
///
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let month = Duration::from_secs(30 * 86_400);
/// let password = Credential::new(CredentialKind::Password, "database").rotation_interval(month);
/// let password = CredentialTracker::for_service(&metrics, "gateway").declare(password)?;
/// password.activate()?;
///
/// let rotate = |_| async { Ok::<_, std::io::Error>(Rotated::without_end()) };
/// let rotator = Rotator::new(password, rotate).timeout(Duration::from_secs(10)).spawn()?;
/// assert_eq!(rotator.rotate_now().await, Ok(RotationOutcome::Success)); // or in a month
/// rotator.shutdown().await;
///
/// let labels = [("credential_kind", "password"), ("outcome", "success")];
/// assert_eq!(metrics.snapshot().value("auth_credential_rotations_total", &labels), Some(1.0));
/// # Ok(()) }
/// ```
#[must_use = "a rotator does nothing until it is started"]
pub struct Rotator {
    credential: TrackedCredential,
    options: Options,
    lease: Option<Arc<dyn Lease>>,
}

impl Rotator {
    /// A rotator of a credential that is active, by a function that puts a successor in place.
    ///
    /// Unless told otherwise it rotates when two fifths of the credential's life are left, without jitter; a try has a minute,
    /// and a failed one is followed by the next after up to ten seconds, doubling to an hour.
    pub fn new<F, Fut, E>(credential: TrackedCredential, rotate: F) -> Rotator
    where
        F: FnMut(RotationContext) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Rotated, E>> + Send + 'static,
        E: 'static,
    {
        let options = Options {
            schedule: Schedule { lead: Lead::Fraction(LEAD), jitter: 0.0 },
            backoff: Backoff { initial: Duration::from_secs(10), cap: Duration::from_secs(3_600) },
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            overlap: None,
            lease_ttl: Duration::from_secs(30),
            wall: credential.clock().map_or_else(Wall::anchored, Wall::Function),
            rotate: Hook::new(Voice::new("rotate", &credential), rotate),
            refresh: None,
            retire: None,
        };
        Rotator { credential, options, lease: None }
    }

    /// How long before its end the credential is rotated: a [`Duration`], or a fraction of its life.
    ///
    /// ```
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.before_expiry(0.25) // after 30 of 40 days
    /// # }
    /// ```
    pub fn before_expiry(mut self, lead: impl Into<Lead>) -> Rotator {
        self.options.schedule.lead = lead.into();
        self
    }

    /// Up to which fraction of the wait a rotation comes earlier, by chance: from 0 to under 1.
    ///
    /// ```
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.jitter(0.1) // an interval of 10 days is one of 9 to 10
    /// # }
    /// ```
    pub fn jitter(mut self, fraction: f64) -> Rotator {
        self.options.schedule.jitter = fraction;
        self
    }

    /// The wait after a failed try: any time up to `initial`, at least a tenth of it; twice that limit with each further
    /// failure, up to `cap`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.backoff(Duration::from_secs(1), Duration::from_secs(600))
    /// # }
    /// ```
    pub fn backoff(mut self, initial: Duration, cap: Duration) -> Rotator {
        self.options.backoff = Backoff { initial, cap };
        self
    }

    /// Sets how long a try may take before it is aborted, and so each call of `refresh` and `retire`. With [`Duration::MAX`] a
    /// try may take for ever.
    ///
    /// A try that ends after its timeout counts as `timeout`, whatever it returns. If it makes a successor so late, the rotator
    /// learns of it from [`refresh`](Rotator::refresh), and without that hook not at all.
    ///
    /// A try that blocks its thread can't be aborted, and nothing else starts before it has ended. With several threads, it is
    /// counted when its time is over. On a runtime of one thread nothing else runs meanwhile, so it is counted when it ends.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.timeout(Duration::from_secs(20))
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Rotator {
        self.options.timeout = timeout;
        self
    }

    /// Sets how long a shutdown waits for a try under way; 5 seconds unless told otherwise. With [`Duration::MAX`] it waits until
    /// the try ends.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.grace(Duration::ZERO) // cancels it at once
    /// # }
    /// ```
    pub fn grace(mut self, grace: Duration) -> Rotator {
        self.options.grace = grace;
        self
    }

    /// Sets how long the old credential is accepted beside its successor. After that it is [retired](Rotator::retire), and the
    /// event `retired` is counted. With [`Duration::MAX`] it never is.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.overlap(Duration::from_secs(900)) // as long as the longest token lives
    /// # }
    /// ```
    pub fn overlap(mut self, overlap: Duration) -> Rotator {
        self.options.overlap = Some(overlap);
        self
    }

    /// Ends what is left of an old credential, after the [overlap](Rotator::overlap) or, without one, at once. What fails,
    /// panics or hangs is tried again with the backoff of the rotations; the event is counted when it succeeds.
    ///
    /// ```
    /// # use auth_metrics::rotation::Rotator;
    /// # async fn remove_key(generation: u64) -> Result<(), std::io::Error> { let _ = generation; Ok(()) }
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.retire(|old| remove_key(old.generation()))
    /// # }
    /// ```
    pub fn retire<F, Fut, E>(mut self, retire: F) -> Rotator
    where
        F: FnMut(Retiring) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: 'static,
    {
        self.options.retire = Some(Hook::new(Voice::new("retire", &self.credential), retire));
        self
    }

    /// Asks the place where the credential lives whether it has a successor already; if so, this replica uses it from now on,
    /// and does not rotate. Called before each try, and when another replica has noted a rotation. An answer that is no newer than
    /// what is known, by when it was made or else by its end, is taken as none.
    ///
    /// ```
    /// # use auth_metrics::rotation::{Rotated, Rotator};
    /// # struct Stored { made: std::time::SystemTime, not_after: std::time::SystemTime }
    /// # async fn load() -> Result<Stored, std::io::Error> { Err(std::io::ErrorKind::NotFound.into()) }
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.refresh(|known| async move {
    ///     let stored = load().await?; // and use it from now on
    ///     let newer = Some(stored.not_after) > known.not_after();
    ///     Ok::<_, std::io::Error>(newer.then(|| Rotated::until(stored.not_after).made_at(stored.made)))
    /// })
    /// # }
    /// ```
    pub fn refresh<F, Fut, E>(mut self, refresh: F) -> Rotator
    where
        F: FnMut(RotationContext) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Rotated>, E>> + Send + 'static,
        E: 'static,
    {
        self.options.refresh = Some(Hook::new(Voice::new("refresh", &self.credential), refresh));
        self
    }

    /// Rotates only while this replica holds the credential's lease, whose name is `service/kind/slug`. Several rotators share
    /// one in an [`Arc`].
    ///
    /// ```
    /// # use auth_metrics::rotation::{LocalLease, Rotator};
    /// # fn with(one: Rotator, other: Rotator) {
    /// let lease = LocalLease::new();
    /// let (one, other) = (one.lease(lease.clone()), other.lease(lease));
    /// # }
    /// ```
    pub fn lease(mut self, lease: impl Lease) -> Rotator {
        self.lease = Some(Arc::new(lease));
        self
    }

    /// Sets how long a lease outlives a holder that dies: from 100 ms to a day, 30 seconds unless told otherwise. The lease is
    /// renewed after a third of that. If it can't be renewed, the try is cancelled while a third of it is left.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.lease_ttl(Duration::from_secs(10))
    /// # }
    /// ```
    pub fn lease_ttl(mut self, ttl: Duration) -> Rotator {
        self.options.lease_ttl = ttl;
        self
    }

    /// Starts it in a task of its own.
    ///
    /// If that task panics, as on a runtime without timers, the rotator has ended: this counts as `rotator_panicked` in
    /// `auth_metrics_internal_errors_total`, the [handle](RotatorHandle::is_running) says so, and the lease is given back.
    ///
    /// # Errors
    ///
    /// What makes no sense in what it was told, as [`RotatorError`] says; or there is no tokio runtime here.
    pub fn spawn(self) -> Result<RotatorHandle, RotatorError> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| RotatorError::NoRuntime)?;
        let (wishes, asked) = mpsc::channel(16);
        let (stop, stopped) = watch::channel(false);
        let (end, ending) = watch::channel(None);
        let (worker, taken) = self.worker(asked, stopped)?;
        Ok(RotatorHandle { wishes, stop, ending, task: runtime.spawn(worker.supervised(taken, end)) })
    }

    /// Runs it here until `shutdown` is over, and then as [`RotatorHandle::shutdown`] says.
    ///
    /// ```no_run
    /// # async fn run(rotator: auth_metrics::rotation::Rotator) -> Result<(), auth_metrics::rotation::RotatorError> {
    /// # async fn interrupted() {}
    /// rotator.run(interrupted()).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`spawn`](Rotator::spawn), and [`RotatorError::Panicked`] if it panicked.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), RotatorError> {
        tokio::runtime::Handle::try_current().map_err(|_| RotatorError::NoRuntime)?;
        let (_wishes, asked) = mpsc::channel(1);
        let (stop, stopped) = watch::channel(false);
        let (end, ending) = watch::channel(None);
        let (worker, taken) = self.worker(asked, stopped)?;
        let mut work = pin!(worker.supervised(taken, end));
        tokio::select! {
            () = &mut work => {}
            () = shutdown => {
                stop.send_replace(true);
                work.await;
            }
        }
        let panicked = *ending.borrow() == Some(NotRotated::Panicked);
        if panicked { Err(RotatorError::Panicked) } else { Ok(()) }
    }

    fn worker(
        self,
        wished: mpsc::Receiver<Wish>,
        stopped: watch::Receiver<bool>,
    ) -> Result<(Worker, Option<Arc<Taken>>), RotatorError> {
        let Rotator { credential, options, lease } = self;
        options.schedule.check()?;
        options.backoff.check()?;
        if options.timeout.is_zero() {
            return Err(RotatorError::InvalidTimeout);
        }
        if !(SHORTEST_LEASE..=LONGEST_LEASE).contains(&options.lease_ttl) {
            return Err(RotatorError::InvalidLeaseTtl);
        }
        let subject = Subject::new(credential);
        if !subject.is_in_use() {
            return Err(RotatorError::NotInUse);
        }
        if !subject.has_a_time() {
            return Err(RotatorError::NothingToGoBy);
        }
        let taken = lease.map(|lease| Arc::new(Taken::new(lease)));
        let lease = taken.clone().map(|taken| taken as Arc<dyn Lease>);
        Ok((Worker::new(subject, options, lease, wished, stopped), taken))
    }
}

impl fmt::Debug for Rotator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Rotator").field("options", &self.options).finish_non_exhaustive()
    }
}
