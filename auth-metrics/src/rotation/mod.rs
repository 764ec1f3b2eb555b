//! Rotation of credentials: when it is due, one try at a time, on one replica. Knows nothing of key material.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics::credentials::{Credential, CredentialTracker};
//! use auth_metrics::rotation::Rotator;
//! use auth_metrics::{AuthMetrics, CredentialKind};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let day = Duration::from_secs(86_400);
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let tracker = CredentialTracker::new(&metrics);
//! # let (origin, start) = (tokio::time::Instant::now(), SystemTime::now());
//! # let tracker = tracker.with_clock(move || start + origin.elapsed());
//! let key = Credential::new(CredentialKind::SigningKey, "access_tokens").rotation_interval(30 * day);
//! let key = tracker.declare(key)?;
//!
//! let rotation = Rotator::new(key.clone(), || async {
//!     // Make the successor here, and have it signed with from now on.
//!     Ok::<_, std::io::Error>(Some(SystemTime::now() + 90 * Duration::from_secs(86_400)))
//! })
//! .spawn();
//! # tokio::time::sleep(31 * day).await;
//!
//! let rotated = [("credential_kind", "signing_key"), ("outcome", "success")];
//! assert_eq!(metrics.snapshot().value("auth_credential_rotations_total", &rotated), Some(1.0));
//! rotation.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! # When a rotation is due
//!
//! At the earlier of `last_rotated + rotation_interval` and `not_after - lead`, brought forward by up to a tenth of the wait so
//! that many processes don't rotate at once. Nothing is ever due of a credential that has neither. Time is the tracker's
//! clock, looked at once an hour at least: a clock that was set is noticed by then, and one that was set back makes a rotation
//! later, never two of them.
//!
//! # What a try can come to
//!
//! The user's future runs in a task of its own: a panic in it is caught and one that hangs is aborted. Every try is counted in
//! `auth_credential_rotations_total` by its outcome and observed in `auth_credential_rotation_duration_seconds`; after one that
//! failed the next comes with exponential backoff. A shutdown in the middle aborts it, and counts it as `cancelled`.
//!
//! # Several replicas
//!
//! A [`Lease`] lets one of them rotate. Whoever gets it learns when the credential was last rotated, by whichever replica, and
//! does not rotate again. A replica that dies while it holds the lease may have rotated already without having said so: when
//! the lease has run out, another one tries, so a rotation happens at least once, and `rotate` must bear to be repeated.

mod lease;
mod random;
#[cfg(feature = "redis-lease")]
mod redis;
mod rotator;
mod running;
mod schedule;

pub use lease::{Grant, Lease, LeaseError, LocalLease, Term};
#[cfg(feature = "redis-lease")]
pub use redis::RedisLease;
pub use rotator::{Rotator, RotatorHandle};
