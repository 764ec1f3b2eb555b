//! Rotates credentials before they end, one replica at a time, and counts every try.
//!
//! ```no_run
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics::credentials::{Credential, CredentialTracker};
//! use auth_metrics::rotation::{Rotated, Rotator};
//! use auth_metrics::{AuthMetrics, CredentialKind};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! const DAY: Duration = Duration::from_secs(86_400);
//!
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let key = CredentialTracker::for_service(&metrics, "gateway").declare(
//!     Credential::new(CredentialKind::SigningKey, "jwt")
//!         .not_after(SystemTime::now() + 30 * DAY)
//!         .rotation_interval(7 * DAY),
//! )?;
//! key.activate()?;
//! let rotator = Rotator::new(key, |context| async move {
//!     // … make the key of generation `context.generation()`, sign with it from now on …
//!     Ok::<_, std::io::Error>(Rotated::until(context.now() + 30 * DAY))
//! })
//! .overlap(Duration::from_secs(3_600))
//! .retire(|old| async move {
//!     // … the key of generation `old.generation()` verifies no more …
//!     # drop(old);
//!     Ok::<_, std::io::Error>(())
//! })
//! .spawn()?;
//! // … the service runs …
//! rotator.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! # When
//!
//! A rotation is due at the earlier of two points: the last rotation plus the credential's interval, and its end minus
//! [`before_expiry`](Rotator::before_expiry). [`jitter`](Rotator::jitter) pulls it forward, so that replicas and credentials
//! spread. A failed try is followed by the next one after a [backoff](Rotator::backoff), and so is a successor that is due at
//! once: there is no hot loop.
//!
//! # How it ends
//!
//! Each try is one count of `auth_credential_rotations_total`: `success`, `error`, `panicked`, `timeout`, or `cancelled` by a
//! shutdown or a lost lease. All but the first and last are an event `rotation_failed` too. Of two tries of a rotator the
//! second starts when the first has ended, also if that one [blocks its thread](Rotator::timeout).
//!
//! A rotator that panics itself, as no hook can make it, has ended. This counts as `rotator_panicked` in
//! `auth_metrics_internal_errors_total`, [`RotatorHandle::is_running`] says so, and the lease is given back.
//!
//! # What the log says
//!
//! If a hook returns an error, the log has a warning with the hook, the credential and the type of the error, at most one a
//! minute for each hook. The text of an error may hold a secret, so it is never logged. To say more, return a [`HookError`],
//! whose text is from your code. Of a [`std::io::Error`] the kind is logged too. A `Box<dyn Error + Send + Sync>` is searched
//! for both, its sources included.
//!
//! # Time
//!
//! The time of day is that of the [tracker's clock](crate::credentials::CredentialTracker::with_clock), if it was given one.
//! If not, it is the system's when the rotator was made, plus tokio's time since: under tokio's paused clock thirty days pass
//! in a moment. If the system's clock is set, or the machine sleeps, the rotator notices within a minute.
//!
//! While it runs it also counts, at that time, what time alone does to the credential: `expiring` and `expired`. A credential
//! that expired before a rotation succeeded is active again with its successor; one that is retired or forgotten ends its
//! rotator.
//!
//! # Replicas
//!
//! With a [`Lease`], a try starts only while this replica holds it; it is renewed while `rotate` runs, and the try is cancelled
//! if that fails. Beside the lease stands the last rotation: a replica that sees a newer one than its own calls
//! [`refresh`](Rotator::refresh), takes over the times and does not rotate again. A holder that dies between `rotate` and that
//! note leaves none: so a replica asks `refresh` before each of its tries too.

mod dice;
mod error;
mod handle;
mod hooks;
mod later;
mod lease;
mod overlap;
mod rotator;
mod runner;
mod schedule;
mod subject;
mod supervised;
mod tenure;
mod told;
mod trial;
mod tries;
mod wall;
mod worker;

pub use error::{NotRotated, RotatorError};
pub use handle::RotatorHandle;
pub use hooks::{Retiring, Rotated, RotationContext};
#[cfg(feature = "redis-lease")]
pub use lease::RedisLease;
pub use lease::{Held, Lease, LeaseError, LeaseFuture, LocalLease, Rotation};
pub use rotator::Rotator;
pub use schedule::Lead;
pub use told::HookError;
