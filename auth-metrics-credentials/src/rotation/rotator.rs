//! `Rotator`: what a rotation is and when, until it is started.

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

/// Rotates one credential again and again. See the [module](super) for how.
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
        let time_of_day = credential.time_of_day().map_or_else(TimeOfDay::anchored, TimeOfDay::Function);
        let rotate = Hook::new(HookLog::new("rotate", &credential), rotate);
        let options = Options::new(time_of_day, rotate);
        Rotator { credential, options, lease: None }
    }

    /// Says the id of the credential that this process uses now, such as the `kid` of the key it signs with. Needed for
    /// [`retire`](Rotator::retire), and for [`refresh`](Rotator::refresh) to tell a successor from it.
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

    /// How long before its end the credential is rotated: a [`Duration`], or a fraction of its life.
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

    /// Up to which fraction of the wait a rotation comes earlier, by chance: from 0 to under 1.
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

    /// The wait after a failed try: any time up to `initial`, at least a tenth of it; twice that limit with each further
    /// failure, up to `cap`.
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

    /// Sets how long a try may take before it is aborted, and so each call of `refresh` and `retire`. With [`Duration::MAX`] a
    /// try may take for ever.
    ///
    /// A try that ends after its timeout counts as `timeout`, whatever it returns. If it makes a successor so late, the rotator
    /// learns of it from [`refresh`](Rotator::refresh), and without that hook not at all.
    ///
    /// A try that blocks its thread can't be aborted, and nothing else of this rotator starts before it has ended. With several
    /// threads, it is counted when its time is over. On a runtime of one thread nothing else runs meanwhile, so it is counted when
    /// it ends.
    ///
    /// When its time is over its lease is given back, so another replica may rotate while it goes on. If `rotate` can block its
    /// thread, let your store check the [fencing token](RotationContext::fencing_token).
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

    /// Sets how long a shutdown waits for a try under way; 5 seconds unless told otherwise. With [`Duration::MAX`] it waits until
    /// the try ends.
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
    /// event `retired` is counted by the replica that rotated it. With [`Duration::MAX`] it never is.
    ///
    /// With several replicas it must cover the life of a token, and the time until every replica signs with the successor: see
    /// [the module](super#overlap).
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

    /// Ends what is left of an old credential, after the [overlap](Rotator::overlap) or, without one, at once. It is called in
    /// every replica that used the old credential, so it should succeed if the credential is gone already. If it fails, panics
    /// or hangs, this counts `retire_failed` in `auth_metrics_internal_errors_total`, and it is called again after the backoff of
    /// the rotations, or the time that the call took if that is longer. The event is counted when it succeeds.
    ///
    /// It holds up no rotation: one that is due or wished for cuts it off, and it is called again afterwards.
    ///
    /// It is called only for a credential whose successor this process has used for the whole overlap, and never for the one
    /// in use. It needs [`id`](Rotator::id), and with a [`lease`](Rotator::lease) [`refresh`](Rotator::refresh) too.
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

    /// Asks the place where the credential lives which one is to be used. If it is another one than this process uses, the
    /// hook takes it into use and returns `Some` with its [id](Rotated::id). If it is the same one, the hook returns `None`, or
    /// `Some` with the same id. What it returns must be what this process uses from then on.
    ///
    /// It is called at the start, at every [look](super#looks) and before each try. Only an id that differs from the one in use
    /// makes a successor. Without ids, `Some` tells times and nothing is retired by it.
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

    /// Rotates only while this replica holds the credential's lease, whose name is `service/kind/slug`. Several rotators share
    /// one in an [`Arc`].
    ///
    /// With more than one replica you need [`refresh`](Rotator::refresh): a lease only decides who rotates; the other replicas
    /// take the new key into use in `refresh` and nowhere else. With [`retire`](Rotator::retire) it is refused without.
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

    /// Sets how long a lease outlives a holder that dies: from 100 ms to a day, 30 seconds unless told otherwise. The lease is
    /// renewed after a third of that. If it can't be renewed, the try is cancelled while a third of it is left.
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
