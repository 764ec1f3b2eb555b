//! Tracks the keys that verify tokens: the state of a key in the verifier's set, and the fetches of that set. Exports no key
//! id.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;
use std::time::SystemTime;

use crate::group::{CredentialGroup, unwinding_stops};
use crate::terms::{KeyFetch, KeyState};
use auth_metrics::AuthMetrics;

/// How many retired keys a ring remembers, unless another number is set.
const REMEMBERED: usize = 32;

/// Keeps the ids of a verifier's keys: the current key, earlier keys that are still accepted, and retired keys.
///
/// Every accepted key stays until you retire it. A ring remembers the last 32 retired keys, or as many as you
/// [set](KeyRing::remember). If there are more, it forgets the one that was retired first. That key is
/// [`Unknown`](KeyState::Unknown) from then on, like a key that was never in the set. A ring reads no clock.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::keys::KeyRing;
/// use auth_metrics_credentials::{KeyState, RecordCredentials};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let ring = KeyRing::new("2026-10".to_owned());
/// ring.rotate("2026-11".to_owned());
/// assert_eq!(ring.current(), "2026-11");
///
/// let state = ring.state("2026-10");
/// metrics.record_token_key("gateway", state);
/// assert_eq!(state, KeyState::Previous);
/// ring.retire("2026-10");
/// assert_eq!(ring.state("2026-10"), KeyState::Retired);
/// # Ok(()) }
/// ```
pub struct KeyRing<I> {
    ids: RwLock<Ids<I>>,
}

struct Ids<I> {
    current: I,
    /// The latest last.
    previous: VecDeque<I>,
    /// The latest last, and no more than `remembered`.
    retired: VecDeque<I>,
    remembered: usize,
}

impl<I> Ids<I> {
    fn remember(&mut self, retired: I) {
        self.retired.push_back(retired);
        self.forget();
    }

    fn forget(&mut self) {
        let excess = self.retired.len().saturating_sub(self.remembered);
        self.retired.drain(..excess);
    }
}

impl<I> KeyRing<I> {
    /// Makes a ring with one key, the current one.
    pub fn new(current: I) -> KeyRing<I> {
        let (previous, retired) = (VecDeque::new(), VecDeque::new());
        KeyRing { ids: RwLock::new(Ids { current, previous, retired, remembered: REMEMBERED }) }
    }

    /// Sets how many retired keys are remembered. With 0, a key is unknown as soon as it is retired.
    ///
    /// ```
    /// use auth_metrics_credentials::KeyState;
    /// use auth_metrics_credentials::keys::KeyRing;
    ///
    /// let ring = KeyRing::new(1).remember(1);
    /// ring.rotate(2);
    /// ring.rotate(3);
    /// assert!(ring.retire(&1) && ring.retire(&2));
    /// assert_eq!((ring.state(&1), ring.state(&2)), (KeyState::Unknown, KeyState::Retired));
    /// assert_eq!(ring.remembered(), 1);
    /// ```
    #[must_use]
    pub fn remember(mut self, retired: usize) -> KeyRing<I> {
        let ids = self.ids.get_mut().unwrap_or_else(PoisonError::into_inner);
        ids.remembered = retired;
        ids.forget();
        self
    }

    /// Returns how many retired keys are remembered.
    pub fn remembered(&self) -> usize {
        self.ids.read().unwrap_or_else(PoisonError::into_inner).remembered
    }

    /// Returns the id of the key that signs now.
    pub fn current(&self) -> I
    where
        I: Clone,
    {
        self.ids.read().unwrap_or_else(PoisonError::into_inner).current.clone()
    }
}

impl<I: Eq> KeyRing<I> {
    /// Makes a key the current one. The key before it is still accepted. The key may be in the ring already.
    pub fn rotate(&self, next: I) {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        if ids.current == next {
            return;
        }
        ids.previous.retain(|id| *id != next);
        ids.retired.retain(|id| *id != next);
        let before = std::mem::replace(&mut ids.current, next);
        ids.previous.push_back(before);
    }

    /// Retires a key, which is no longer accepted then. Returns `false` if the key is not an accepted one, or if it is the
    /// current one: to retire that, [rotate](KeyRing::rotate) first.
    pub fn retire<Q: PartialEq<I> + ?Sized>(&self, id: &Q) -> bool {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        let place = ids.previous.iter().position(|previous| *id == *previous);
        let retired = place.and_then(|place| ids.previous.remove(place));
        retired.map(|retired| ids.remember(retired)).is_some()
    }

    /// Retires the oldest accepted key. Returns `false` if only the current key is left.
    pub fn retire_oldest(&self) -> bool {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        let oldest = ids.previous.pop_front();
        oldest.map(|oldest| ids.remember(oldest)).is_some()
    }

    /// Returns the state of a key.
    pub fn state<Q: PartialEq<I> + ?Sized>(&self, id: &Q) -> KeyState {
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        if *id == ids.current {
            KeyState::Current
        } else if ids.previous.iter().any(|previous| *id == *previous) {
            KeyState::Previous
        } else if ids.retired.iter().any(|retired| *id == *retired) {
            KeyState::Retired
        } else {
            KeyState::Unknown
        }
    }
}

impl<I> fmt::Debug for KeyRing<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

/// Meters the fetches of a key set, with any HTTP client.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::keys::KeyFetches;
///
/// # async fn get(_: &str) -> Result<String, std::io::Error> { Ok("2026-10".to_owned()) }
/// # fn read_keys(document: &str) -> Result<String, std::io::Error> { Ok(document.to_owned()) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let fetches = KeyFetches::new(&metrics);
/// let fetch = async {
///     let document = get("https://idp.example/jwks.json").await?;
///     // Read it here: a page that is no key set is a failed fetch then.
///     read_keys(&document)
/// };
/// let keys = fetches.fetch(fetch).await?;
/// # assert_eq!(keys, "2026-10");
/// assert_eq!(metrics.snapshot().value("auth_key_fetches_total", &[("result", "success")]), Some(1.0));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct KeyFetches {
    metrics: AuthMetrics,
    group: Arc<CredentialGroup>,
    service_id: String,
    /// If none, the system's.
    time_of_day: Option<Arc<dyn Fn() -> SystemTime + Send + Sync>>,
}

impl KeyFetches {
    /// Makes a meter for the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> KeyFetches {
        KeyFetches::for_service(metrics, metrics.service_id())
    }

    /// Makes a meter for a service. Its counts are exported at zero at once, so that the first failed fetch shows as an
    /// increase.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> KeyFetches {
        let group = CredentialGroup::of(metrics);
        group.expect_fetches(metrics, service_id);
        KeyFetches { metrics: metrics.clone(), group, service_id: service_id.to_owned(), time_of_day: None }
    }

    /// Sets the function that returns the time of day, for tests. Without it, or if it panics, the system's is read.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::keys::KeyFetches;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let fetches = KeyFetches::new(&metrics).with_time_of_day(|| SystemTime::UNIX_EPOCH + Duration::from_secs(7));
    /// fetches.fetch(async { Ok::<_, std::io::Error>("{}") }).await?;
    /// let last = metrics.snapshot().value("auth_key_last_success_timestamp_seconds", &[]);
    /// assert_eq!(last, Some(7.0));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_time_of_day(self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> KeyFetches {
        KeyFetches { time_of_day: Some(Arc::new(now)), ..self }
    }

    fn now(&self) -> SystemTime {
        let shown = self.time_of_day.as_ref().and_then(|now| unwinding_stops(|| now()));
        shown.unwrap_or_else(SystemTime::now)
    }

    /// Runs one fetch, counts it and returns its result. Parse the document inside the future; if you parse it afterwards, an
    /// error page counts as a successful fetch.
    ///
    /// An error or a panic counts as `error`. A future that is dropped before its end, for example by a timeout, counts as
    /// `cancelled`, even while something else unwinds. A success also sets `auth_key_last_success_timestamp_seconds` to the
    /// system's time of day, or the one that you [set](KeyFetches::with_time_of_day).
    ///
    /// # Errors
    ///
    /// Returns the error of the fetch.
    ///
    /// # Panics
    ///
    /// Panics if the fetch does.
    pub async fn fetch<T, E>(&self, fetch: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let mut ending = Ending { fetches: self, result: KeyFetch::Cancelled };
        let mut fetch = pin!(fetch);
        poll_fn(|context| {
            // If this poll unwinds, it is the fetch that panicked. A drop between polls is a cancellation.
            ending.result = KeyFetch::Error;
            let polled = fetch.as_mut().poll(context);
            ending.result = match &polled {
                Poll::Pending => KeyFetch::Cancelled,
                Poll::Ready(Ok(_)) => KeyFetch::Success,
                Poll::Ready(Err(_)) => KeyFetch::Error,
            };
            polled
        })
        .await
    }
}

/// Counts a fetch, whatever its end.
struct Ending<'a> {
    fetches: &'a KeyFetches,
    result: KeyFetch,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let KeyFetches { metrics, group, service_id, .. } = self.fetches;
        group.count_fetch(metrics, service_id, self.result, || self.fetches.now());
    }
}

impl fmt::Debug for KeyFetches {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("KeyFetches").field("service_id", &self.service_id).finish_non_exhaustive()
    }
}
