//! `Rotator`: the settings of a rotator until it is started. Checks and starts nothing itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::hook_log::HookLog;
use super::hooks::{Hook, Retiring, Rotated, RotationContext};
use super::id::Id;
use super::lease::Lease;
use super::options::Options;
use super::schedule::{Backoff, Lead};
use super::time_of_day::TimeOfDay;
use crate::tracker::TrackedCredential;

/// Rotates a credential before it is due. The [module](super) explains how.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use auth_metrics_credentials::{Credential, CredentialTracker};
/// use auth_metrics_credentials::rotation::{Rotated, Rotator};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::{CredentialKind, RotationOutcome};
///
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let month = Duration::from_secs(30 * 86_400);
/// let password = Credential::new(CredentialKind::Password, "database").with_rotation_interval(month);
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
    pub(super) credential: TrackedCredential,
    pub(super) options: Options,
    pub(super) lease: Option<Arc<dyn Lease>>,
}

impl Rotator {
    /// Makes a rotator for an active credential. The function puts a successor in place.
    ///
    /// By default it rotates when two fifths of the credential's life are left, without jitter. A try may take a minute. After
    /// a failed try it waits for up to ten seconds; that limit doubles with each further failure, up to an hour.
    pub fn new<F, Fut, E>(credential: TrackedCredential, rotate: F) -> Rotator
    where
        F: FnMut(RotationContext) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Rotated, E>> + Send + 'static,
        E: 'static,
    {
        let time_of_day = credential.time_of_day().map_or_else(TimeOfDay::anchored, TimeOfDay::Function);
        let rotate = Hook::new(HookLog::new("rotate", &credential), rotate);
        let options = Options::new(time_of_day, rotate);
        Rotator { credential, options, lease: None }
    }

    /// Sets the id of the credential that this process uses now, such as the `kid` of the key that it signs with.
    /// [`retire`](Rotator::retire) needs it, and [`refresh`](Rotator::refresh) needs it to tell a successor from the credential
    /// in use.
    ///
    /// Give the id that the credential got when it was made: that of [`RotationContext::id`], or your own if you named it with
    /// [`Rotated::id`].
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # struct Key { kid: String }
    /// # fn with(rotator: Rotator, loaded: Key) -> Rotator {
    /// rotator.id(loaded.kid)
    /// # }
    /// ```
    pub fn id(mut self, id: impl Into<String>) -> Rotator {
        self.options.id = Some(Id::new(id.into()));
        self
    }

    /// Sets how long before its end the credential is rotated: a [`Duration`], or a fraction of its life.
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.before_expiry(0.25) // after 30 of 40 days
    /// # }
    /// ```
    pub fn before_expiry(mut self, lead: impl Into<Lead>) -> Rotator {
        self.options.schedule.lead = lead.into();
        self
    }

    /// Sets the fraction of the wait by which a rotation may randomly come earlier: from 0 to under 1.
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.jitter(0.1) // an interval of 10 days is one of 9 to 10
    /// # }
    /// ```
    pub fn jitter(mut self, fraction: f64) -> Rotator {
        self.options.schedule.jitter = fraction;
        self
    }

    /// Sets the wait after a failed try: a random time up to `initial`. The limit doubles with each further failure, up to
    /// `cap`. No wait is shorter than a tenth of `initial`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.backoff(Duration::from_secs(1), Duration::from_secs(600))
    /// # }
    /// ```
    pub fn backoff(mut self, initial: Duration, cap: Duration) -> Rotator {
        self.options.backoff = Backoff { initial, cap };
        self
    }

    /// Sets how long a try may take before it is aborted. The same limit holds for each call of `refresh` and `retire`. With
    /// [`Duration::MAX`] there is no limit.
    ///
    /// A try that ends after its timeout counts as `timeout`, whatever it returns. If it still makes a successor, the rotator
    /// learns of that from [`refresh`](Rotator::refresh), or never without that hook.
    ///
    /// A try that blocks its thread can't be aborted, and this rotator starts nothing else before it has ended. On a runtime
    /// with several threads, it is counted when its time is over. On a runtime with one thread, it is counted when it ends.
    ///
    /// The lease is released when the time is over, so another replica may rotate while the try goes on. If `rotate` can block
    /// its thread, let your store check the [fencing token](RotationContext::fencing_token).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.timeout(Duration::from_secs(20))
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Rotator {
        self.options.timeout = timeout;
        self
    }

    /// Sets how long a shutdown waits for a try in progress; 5 seconds by default. With [`Duration::MAX`] it waits until the
    /// try ends.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.grace(Duration::ZERO) // cancels it at once
    /// # }
    /// ```
    pub fn grace(mut self, grace: Duration) -> Rotator {
        self.options.grace = grace;
        self
    }

    /// Sets how long the old credential is accepted beside its successor. After that it is [retired](Rotator::retire), and the
    /// replica that rotated it counts the event `retired`. With [`Duration::MAX`] it is never retired.
    ///
    /// With several replicas, the overlap must cover the life of a token and the time until every replica signs with the
    /// successor. [The module](super#overlap) shows how to compute it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// let (token_life, look, timeout, store) = (900, 30, 60, 15);
    /// rotator.overlap(Duration::from_secs(token_life + look + 2 * timeout + store))
    /// # }
    /// ```
    pub fn overlap(mut self, overlap: Duration) -> Rotator {
        self.options.overlap = Some(overlap);
        self
    }

    /// Sets the hook that removes an old credential after the [overlap](Rotator::overlap), or at once without one. It needs
    /// [`id`](Rotator::id), and with a [`lease`](Rotator::lease) also [`refresh`](Rotator::refresh).
    ///
    /// It is called only for a credential whose successor this process has used for the whole overlap, and never for the one in
    /// use. Every replica that used the old credential calls it, so it should succeed if the credential is gone already.
    ///
    /// The event `retired` is counted when the hook succeeds. If it fails, panics or hangs, that counts as `retire_failed` in
    /// `auth_metrics_internal_errors_total`. It is then called again after the backoff of the rotations, or after the time that
    /// the call took if that is longer.
    ///
    /// It does not delay a rotation: if one becomes due or is requested, the hook is interrupted and called again afterwards.
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # async fn remove_key(kid: String) -> Result<(), std::io::Error> { let _ = kid; Ok(()) }
    /// # fn with(rotator: Rotator, current: &str) -> Rotator {
    /// rotator.id(current).retire(|old| remove_key(old.id().to_owned()))
    /// # }
    /// ```
    pub fn retire<F, Fut, E>(mut self, retire: F) -> Rotator
    where
        F: FnMut(Retiring) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: 'static,
    {
        self.options.retire = Some(Hook::new(HookLog::new("retire", &self.credential), retire));
        self
    }

    /// Sets the hook that loads the current credential from the place where it is stored. If that is a different one than this
    /// process uses, the hook takes it into use and returns `Some` with its [id](Rotated::id). If it is the same one, the hook
    /// returns `None`, or `Some` with the same id. This process must use what the hook returns from then on.
    ///
    /// It is called at the start, at every [look](super#looks) and before each try. Only an id that differs from the one in use
    /// makes a successor. Without an id, `Some` only updates the times, and nothing is retired.
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::{Rotated, Rotator};
    /// # struct Stored { kid: String, not_after: std::time::SystemTime }
    /// # async fn load() -> Result<Stored, std::io::Error> { Err(std::io::ErrorKind::NotFound.into()) }
    /// # fn sign_with(_: &Stored) {}
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.refresh(|used| async move {
    ///     let stored = load().await?;
    ///     if used.predecessor() == Some(stored.kid.as_str()) {
    ///         return Ok(None);
    ///     }
    ///     sign_with(&stored);
    ///     Ok::<_, std::io::Error>(Some(Rotated::until(stored.not_after).id(stored.kid)))
    /// })
    /// # }
    /// ```
    pub fn refresh<F, Fut, E>(mut self, refresh: F) -> Rotator
    where
        F: FnMut(RotationContext) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Rotated>, E>> + Send + 'static,
        E: 'static,
    {
        self.options.refresh = Some(Hook::new(HookLog::new("refresh", &self.credential), refresh));
        self
    }

    /// Sets the lease: this replica rotates only while it holds the lease named `service/kind/slug`. Several rotators can share
    /// a lease in an [`Arc`].
    ///
    /// With more than one replica you need [`refresh`](Rotator::refresh). A lease only decides who rotates; the other replicas
    /// take the new key into use in `refresh` and nowhere else. A rotator with a lease and [`retire`](Rotator::retire) can't
    /// start without it.
    ///
    /// ```
    /// # use auth_metrics_credentials::rotation::{LocalLease, Rotator};
    /// # fn with(one: Rotator, other: Rotator) {
    /// let lease = LocalLease::new();
    /// let (one, other) = (one.lease(lease.clone()), other.lease(lease));
    /// # }
    /// ```
    pub fn lease(mut self, lease: impl Lease) -> Rotator {
        self.lease = Some(Arc::new(lease));
        self
    }

    /// Sets how long a lease outlives a holder that dies: from 100 ms to a day, by default 30 seconds. The lease is renewed
    /// after a third of that. If it can't be renewed, the try is cancelled when a third of it is left.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use auth_metrics_credentials::rotation::Rotator;
    /// # fn with(rotator: Rotator) -> Rotator {
    /// rotator.lease_ttl(Duration::from_secs(10))
    /// # }
    /// ```
    pub fn lease_ttl(mut self, ttl: Duration) -> Rotator {
        self.options.lease_ttl = ttl;
        self
    }
}

impl fmt::Debug for Rotator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Rotator").field("options", &self.options).finish_non_exhaustive()
    }
}
