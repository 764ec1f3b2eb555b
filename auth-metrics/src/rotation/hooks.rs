//! What the user brings: how to rotate, refresh and retire, and what these are told.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::told::Voice;

pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Function<C, T> = dyn FnMut(C) -> Boxed<Result<T, ()>> + Send;

/// What a call of `rotate` or `refresh` is told.
///
/// ```
/// # use auth_metrics::rotation::{Rotated, RotationContext};
/// async fn rotate(context: RotationContext) -> Result<Rotated, std::io::Error> {
///     let (name, fence) = (format!("key-{}", context.generation()), context.fencing_token());
///     // … make the key, store it under that name; the store refuses a token below the last one …
///     # drop((name, fence));
///     Ok(Rotated::without_end())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct RotationContext {
    pub(super) generation: u64,
    pub(super) attempt: u32,
    pub(super) now: SystemTime,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) fencing_token: Option<u64>,
}

impl RotationContext {
    /// The number of the credential that is to be made: the one at the rotator's start is 0, its successor 1.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Which try this is since the last success, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The rotator's time of day.
    pub fn now(&self) -> SystemTime {
        self.now
    }

    /// The end of the credential that is in use.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// When the credential that is in use was made, as far as it is known.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.last_rotated
    }

    /// With a lease: a number that rises with every holder. A store that keeps the highest it has seen can refuse a holder
    /// that was too slow to notice that it lost the lease.
    pub fn fencing_token(&self) -> Option<u64> {
        self.fencing_token
    }
}

/// A successor that is in place.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics::rotation::Rotated;
///
/// let for_a_month = Rotated::until(SystemTime::now() + Duration::from_secs(30 * 86_400));
/// assert_ne!(for_a_month, Rotated::without_end());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Rotated {
    pub(super) not_after: Option<SystemTime>,
    pub(super) at: Option<SystemTime>,
}

impl Rotated {
    /// One that is valid until then.
    pub fn until(not_after: SystemTime) -> Rotated {
        Rotated { not_after: Some(not_after), at: None }
    }

    /// One without an end: the interval alone says when the next one is due.
    pub fn without_end() -> Rotated {
        Rotated { not_after: None, at: None }
    }

    /// When it was made, where that is not now: for a successor that `refresh` finds.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics::rotation::Rotated;
    ///
    /// let made = SystemTime::now() - Duration::from_secs(600);
    /// assert_ne!(Rotated::without_end().made_at(made), Rotated::without_end());
    /// ```
    pub fn made_at(mut self, at: SystemTime) -> Rotated {
        self.at = Some(at);
        self
    }
}

/// An old credential whose overlap with its successor is over.
///
/// ```
/// # use auth_metrics::rotation::Retiring;
/// async fn retire(old: Retiring) -> Result<(), std::io::Error> {
///     let name = format!("key-{}", old.generation());
///     // … take the key of that name out of the set …
///     # drop(name);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Retiring {
    pub(super) generation: u64,
}

impl Retiring {
    /// Its number, as [`RotationContext::generation`] counts.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

/// A function of the user's. Its error is dropped: all that is logged of it is what [`Voice`] says.
pub(super) struct Hook<C, T>(Arc<Mutex<Function<C, T>>>);

impl<C: Send + 'static, T: 'static> Hook<C, T> {
    pub(super) fn new<F, Fut, E>(voice: Voice, mut function: F) -> Hook<C, T>
    where
        F: FnMut(C) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        E: 'static,
    {
        let voice = Arc::new(voice);
        let boxed = move |context| -> Boxed<Result<T, ()>> {
            let (future, voice) = (function(context), Arc::clone(&voice));
            Box::pin(async move { future.await.map_err(|error| voice.tell(&error)) })
        };
        Hook(Arc::new(Mutex::new(boxed)))
    }

    /// The call, which starts with the first poll: a panic of the function itself is one of the future's.
    pub(super) fn call(&self, context: C) -> Boxed<Result<T, ()>> {
        let function = Arc::clone(&self.0);
        Box::pin(async move {
            let future = function.lock().unwrap_or_else(PoisonError::into_inner)(context);
            future.await
        })
    }
}

impl<C, T> fmt::Debug for Hook<C, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("..")
    }
}
