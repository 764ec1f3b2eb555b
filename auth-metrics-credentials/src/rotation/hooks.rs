//! The user's hooks: how to rotate, refresh and retire, and what each of them gets. Logs no error of theirs itself.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::hook_log::HookLog;
use super::id::Id;
use super::runner::{Boxed, End, Runner};

type Function<C, T> = dyn FnMut(C) -> Boxed<Result<T, ()>> + Send;

/// What a call of `rotate` or `refresh` gets.
///
/// ```
/// # use auth_metrics_credentials::rotation::{Rotated, RotationContext};
/// async fn rotate(context: RotationContext) -> Result<Rotated, std::io::Error> {
///     let (kid, fence) = (context.id(), context.fencing_token());
///     // … make a key, store it under that id; the store refuses a token below the last one …
///     # let _ = (kid, fence);
///     Ok(Rotated::without_end())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct RotationContext {
    pub(super) id: Id,
    pub(super) predecessor: Option<Id>,
    pub(super) attempt: u32,
    pub(super) now: SystemTime,
    pub(super) not_after: Option<SystemTime>,
    pub(super) last_rotated: Option<SystemTime>,
    pub(super) fencing_token: Option<u64>,
}

impl RotationContext {
    /// Returns a new id for the successor. Use it as the name of the key, such as its `kid`, or name the successor yourself
    /// with [`Rotated::id`].
    ///
    /// Every call gets a different id, also after a failed try, after a restart and in another replica. An id has 28
    /// characters: lowercase hexadecimal digits and a hyphen. It is not a secret.
    ///
    /// In `refresh` it has no meaning.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Returns the id of the credential that this process uses now, or `None` if you never gave it with
    /// [`Rotator::id`](super::Rotator::id).
    pub fn predecessor(&self) -> Option<&str> {
        self.predecessor.as_ref().map(Id::as_str)
    }

    /// Returns the number of this try since the last success. The first try is 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the rotator's time of day.
    pub fn now(&self) -> SystemTime {
        self.now
    }

    /// Returns when the credential in use expires.
    pub fn not_after(&self) -> Option<SystemTime> {
        self.not_after
    }

    /// Returns when the credential in use was made, if that is known. The clock may be that of another replica.
    pub fn last_rotated(&self) -> Option<SystemTime> {
        self.last_rotated
    }

    /// Returns the fencing token of the lease: a number that rises with every holder. It is there if the rotator has a lease,
    /// in `rotate` and in the `refresh` just before it.
    ///
    /// A store that keeps the highest token it has seen can refuse a holder that has not noticed yet that it lost the lease.
    pub fn fencing_token(&self) -> Option<u64> {
        self.fencing_token
    }
}

/// Describes the credential that this process uses from now on: what `rotate` made, or what `refresh` found.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_metrics_credentials::rotation::Rotated;
///
/// let for_a_month = Rotated::until(SystemTime::now() + Duration::from_secs(30 * 86_400));
/// assert_ne!(for_a_month, Rotated::without_end());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Rotated {
    pub(super) id: Option<Id>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) at: Option<SystemTime>,
}

impl Rotated {
    /// Describes a credential that expires at this time.
    pub fn until(not_after: SystemTime) -> Rotated {
        Rotated { id: None, not_after: Some(not_after), at: None }
    }

    /// Describes a credential that never expires. Its interval alone says when the next rotation is due.
    pub fn without_end() -> Rotated {
        Rotated { id: None, not_after: None, at: None }
    }

    /// Sets its id. Without one, a successor from `rotate` gets the id of the [context](RotationContext::id), and what
    /// `refresh` finds counts as the credential in use.
    ///
    /// Give each credential its own id. If a successor has the id of the credential in use, the rotator takes over its times
    /// and retires nothing.
    ///
    /// ```
    /// use auth_metrics_credentials::rotation::Rotated;
    ///
    /// let named = Rotated::without_end().id("arn:aws:kms:eu-west-1:1:key/7");
    /// assert_ne!(named, Rotated::without_end());
    /// ```
    pub fn id(mut self, id: impl Into<String>) -> Rotated {
        self.id = Some(Id::new(id.into()));
        self
    }

    /// Sets when it was made. If `refresh` finds a credential, give the time from your store.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::rotation::Rotated;
    ///
    /// let made = SystemTime::now() - Duration::from_secs(600);
    /// assert_ne!(Rotated::without_end().made_at(made), Rotated::without_end());
    /// ```
    pub fn made_at(mut self, at: SystemTime) -> Rotated {
        self.at = Some(at);
        self
    }
}

/// Describes an old credential whose overlap with its successor is over.
///
/// ```
/// # use auth_metrics_credentials::rotation::Retiring;
/// async fn retire(old: Retiring) -> Result<(), std::io::Error> {
///     let kid = old.id();
///     // … take the key of that id out of the set, if it is still there …
///     # let _ = kid;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Retiring {
    pub(super) id: Id,
    pub(super) successor: Id,
}

impl Retiring {
    /// Returns the id of the credential to retire. It is never the one that this process uses.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Returns the id of the credential that replaced it. That one may have a successor by now.
    pub fn successor(&self) -> &str {
        self.successor.as_str()
    }
}

/// A function of the user's. Its error is dropped after [`HookLog`] has logged what may be shown of it.
pub(super) struct Hook<C, T> {
    function: Arc<Mutex<Function<C, T>>>,
    hook_log: Arc<HookLog>,
}

/// One call of a hook.
pub(super) struct Call<T> {
    future: Boxed<Result<T, ()>>,
    hook_log: Arc<HookLog>,
}

impl<C: Send + 'static, T: 'static> Hook<C, T> {
    pub(super) fn new<F, Fut, E>(hook_log: HookLog, mut function: F) -> Hook<C, T>
    where
        F: FnMut(C) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        E: 'static,
    {
        let hook_log = Arc::new(hook_log);
        let for_errors = Arc::clone(&hook_log);
        let boxed = move |context| -> Boxed<Result<T, ()>> {
            let (future, hook_log) = (function(context), Arc::clone(&for_errors));
            Box::pin(async move { future.await.map_err(|error| hook_log.tell(&error)) })
        };
        Hook { function: Arc::new(Mutex::new(boxed)), hook_log }
    }

    /// Makes a call, which starts with the first poll: a panic of the function itself is one of the future's.
    pub(super) fn call(&self, context: C) -> Call<T> {
        let function = Arc::clone(&self.function);
        let future = Box::pin(async move {
            let future = function.lock().unwrap_or_else(PoisonError::into_inner)(context);
            future.await
        });
        Call { future, hook_log: Arc::clone(&self.hook_log) }
    }
}

impl<T: Send + 'static> Call<T> {
    /// Runs the call, and logs a panic or a timeout.
    pub(super) async fn run(
        self,
        runner: &mut Runner,
        timeout: Duration,
        interrupt: impl Future<Output = ()>,
    ) -> End<Result<T, ()>> {
        let end = runner.run(self.future, timeout, interrupt).await;
        match end {
            End::Panicked => self.hook_log.say("it panicked"),
            End::TimedOut => self.hook_log.say("it took longer than its timeout"),
            End::Value(_) | End::Interrupted => {}
        }
        end
    }
}

impl<C, T> fmt::Debug for Hook<C, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("..")
    }
}
