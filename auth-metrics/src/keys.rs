//! Keys that verify tokens: how a key stands in the verifier's set, and how its fetches go. Key ids stay in memory.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::sync::{PoisonError, RwLock};
use std::thread;

use crate::metrics::AuthMetrics;
use crate::taxonomy::{KeyFetch, KeyState};

/// How many retired keys are remembered; one before them is unknown again.
const RETIRED: usize = 32;

/// The keys of a verifier by their ids: the current one, those before it that are still accepted, and retired ones.
///
/// ```
/// use auth_metrics::keys::KeyRing;
/// use auth_metrics::{AuthMetrics, KeyState};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let ring = KeyRing::new("2026-10".to_owned());
/// ring.rotate("2026-11".to_owned());
///
/// let state = ring.state("2026-10");
/// metrics.record_token_key("gateway", state);
/// assert_eq!(state, KeyState::Previous);
/// ring.retire();
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
    retired: VecDeque<I>,
}

impl<I: Eq> KeyRing<I> {
    /// A set of one key.
    pub fn new(current: I) -> KeyRing<I> {
        KeyRing { ids: RwLock::new(Ids { current, previous: VecDeque::new(), retired: VecDeque::new() }) }
    }

    /// A new key signs from now on; the one before it is still accepted. A key that is in the set already moves there.
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

    /// The oldest key that is still accepted is so no longer; false if there is none beside the current one.
    pub fn retire(&self) -> bool {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        let Some(oldest) = ids.previous.pop_front() else { return false };
        if ids.retired.len() == RETIRED {
            ids.retired.pop_front();
        }
        ids.retired.push_back(oldest);
        true
    }

    /// How a key stands in the set.
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

/// Meters the fetches of a key set, whoever makes them.
///
/// ```
/// use auth_metrics::AuthMetrics;
/// use auth_metrics::keys::KeyFetches;
///
/// # async fn get(_: &str) -> Result<String, std::io::Error> { Ok("{}".to_owned()) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let fetches = KeyFetches::new(&metrics);
/// let document = fetches.fetch(get("https://idp.example/jwks.json")).await?;
/// # let _ = document;
/// assert_eq!(metrics.snapshot().value("auth_key_fetches_total", &[("result", "success")]), Some(1.0));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct KeyFetches {
    metrics: AuthMetrics,
    service_id: String,
}

impl KeyFetches {
    /// Of the handle's own service.
    pub fn new(metrics: &AuthMetrics) -> KeyFetches {
        KeyFetches::for_service(metrics, metrics.service_id())
    }

    /// Of a service. The counts are exported at zero from here on, so that the first fetch that fails is seen as a rise.
    pub fn for_service(metrics: &AuthMetrics, service_id: &str) -> KeyFetches {
        metrics.expect_key_fetches(service_id);
        KeyFetches { metrics: metrics.clone(), service_id: service_id.to_owned() }
    }

    /// Runs one fetch, the reading of the document included, and gives its result back. An error or a panic counts as
    /// `error`; a future that is dropped before its end, as by a timeout, as `cancelled`.
    ///
    /// # Errors
    ///
    /// Those of the fetch.
    ///
    /// # Panics
    ///
    /// If the fetch does.
    pub async fn fetch<T, E>(&self, fetch: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let mut ending = Ending { fetches: self, result: None };
        let result = fetch.await;
        ending.result = Some(if result.is_ok() { KeyFetch::Success } else { KeyFetch::Error });
        result
    }
}

/// Counts a fetch, whatever its end.
struct Ending<'a> {
    fetches: &'a KeyFetches,
    result: Option<KeyFetch>,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let unfinished = if thread::panicking() { KeyFetch::Error } else { KeyFetch::Cancelled };
        let KeyFetches { metrics, service_id } = self.fetches;
        metrics.record_key_fetch(service_id, self.result.unwrap_or(unfinished));
    }
}
