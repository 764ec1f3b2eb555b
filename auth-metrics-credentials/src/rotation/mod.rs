//! Rotates credentials before they expire, in one replica at a time, and counts every try. Makes and stores no credential
//! itself: that is what your hooks do.
//!
//! ```no_run
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics_credentials::{Credential, CredentialTracker};
//! use auth_metrics_credentials::rotation::{Rotated, Rotator};
//! use auth_metrics::AuthMetrics;
//! use auth_metrics_credentials::CredentialKind;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! const DAY: Duration = Duration::from_secs(86_400);
//!
//! let made = SystemTime::now() - 2 * DAY; // what your store says of the key in use
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let key = CredentialTracker::for_service(&metrics, "gateway").declare(
//!     Credential::new(CredentialKind::SigningKey, "jwt")
//!         .with_not_after(made + 30 * DAY)
//!         .with_last_rotated(made)
//!         .with_rotation_interval(7 * DAY),
//! )?;
//! key.activate()?;
//! let rotator = Rotator::new(key, |context| async move {
//!     let kid = context.id().to_owned();
//!     // … make a key, store it under `kid`, sign with it from now on …
//!     # drop(kid);
//!     Ok::<_, std::io::Error>(Rotated::until(context.now() + 30 * DAY))
//! })
//! .id("2026-10") // the `kid` that this process signs with now
//! .overlap(Duration::from_secs(3_600))
//! .retire(|old| async move {
//!     // … the key `old.id()` verifies no more …
//!     # drop(old);
//!     Ok::<_, std::io::Error>(())
//! })
//! .spawn()?;
//! // … the service runs …
//! rotator.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! Always set [`last_rotated`](crate::Credential::with_last_rotated), as the example does. Without it, the
//! interval starts anew with the process, and a process that is restarted every day would never make a weekly rotation.
//!
//! Run one rotator per credential and process. A second one is not refused: both would rotate the credential.
//!
//! # Ids
//!
//! A rotator tells credentials apart by their ids, never by times and never by counting. An id is a name that none of your
//! other credentials has or had. Name your keys by it, for example as their `kid`. An id is not a secret, and it appears in no
//! label, log line or `Debug` output.
//!
//! - [`Rotator::id`] sets the id of the credential that this process uses when the rotator starts.
//! - [`RotationContext::id`] is a new id for the successor. Each call of `rotate` gets a different one, also after a failed
//!   try, after a restart and in another replica. If something else names your credentials, override it with [`Rotated::id`].
//! - [`RotationContext::predecessor`] is the id of the credential in use.
//! - [`Retiring::id`] is the id of the credential to retire, [`Retiring::successor`] the id of the one that replaced it.
//!
//! The id in use changes in two ways only: `rotate` returns `Ok`, or `refresh` returns a different id. So return from both
//! hooks what this process really uses from then on. If you set no id at the start, the first id that the rotator gets is that
//! of the credential in use, not of a successor.
//!
//! # What is retired
//!
//! The hook [`retire`](Rotator::retire) is called for a credential only after this process has used a successor of it for the
//! whole [overlap](Rotator::overlap). It is never called for the credential in use. If a credential comes back into use during
//! the overlap, for example after a rollback, it is not retired.
//!
//! The overlap begins only once the rotation is noted for the other replicas. It does not begin with a successor that had
//! expired when it came into use, whether `rotate` made it or `refresh` found it. Such a successor is not noted either. It
//! counts as good as soon as the rotator gets a future end for it.
//!
//! Only an id makes a successor. A note of another replica, a `refresh` that returns `None` or no id, and any reading of a
//! clock change at most the times. A shutdown retires nothing. You clean up what still overlapped then, for example by the
//! times in your store.
//!
//! # When
//!
//! A rotation is due at the earlier of two points: the last rotation plus the credential's interval, and its end minus
//! [`before_expiry`](Rotator::before_expiry). [`jitter`](Rotator::jitter) moves it earlier by a random time, so that replicas
//! and credentials spread out.
//!
//! A failed try is followed by another one after a [backoff](Rotator::backoff), whether the schedule or
//! [`rotate_now`](RotatorHandle::rotate_now) asked for it. If a successor is due sooner than the first backoff, it waits for
//! the backoff too, which doubles while that goes on. So there is no hot loop.
//!
//! Only a successor ends a row of failed tries, whether it is made here or by another replica. If `refresh` returns no id, only
//! the end and the time of the last rotation change. The interval starts anew only if that time is later than the one before.
//!
//! # How it ends
//!
//! Each try counts once in `auth_credential_rotations_total`: as `success`, `error`, `panicked`, `timeout`, or `cancelled` by a
//! shutdown or a lost lease. All but the first and the last also count as the event `rotation_failed`. A try begins with
//! `refresh`, if there is that hook, so a `refresh` that fails there is a failed try. If another replica holds the lease, there
//! is no try, and nothing is counted here. A rotator never makes two tries at once, even if the first one [blocks its
//! thread](Rotator::timeout).
//!
//! If a try is aborted after it has put a successor in place, the rotator learns of that only from `refresh`. Without that hook
//! it never knows of that successor, and never retires it.
//!
//! If `rotate` returns an end that has passed, the try counts as `error` and is made again. The successor is in use
//! nevertheless, and the credential before it is kept. If the time of day has [jumped](#time), the end has passed only if it
//! has by the steady clock too.
//!
//! No hook can make a rotator panic. If it panics all the same, it ends. That counts as `rotator_panicked` in
//! `auth_metrics_internal_errors_total`, [`RotatorHandle::is_running`] returns `false`, and the lease is released.
//!
//! # What the log says
//!
//! If a hook returns an error, panics or hangs, a warning is logged with the hook, the credential and the type of the error, at
//! most once a minute for each hook. The text of an error may hold a secret, so it is never logged. To log more, return a
//! [`HookError`], whose text comes from your code. For a [`std::io::Error`] the kind is logged too.
//!
//! A `Box<dyn Error + Send + Sync>` and its sources are searched for both. The type that is logged is then that of the box, so
//! return a concrete type or a `HookError`.
//!
//! # States
//!
//! While it runs, a rotator also counts what time alone does to the credential: `expiring` and `expired`. A credential that
//! expired or is [compromised](crate::TrackedCredential::compromise) becomes active again with its successor.
//! After a compromise, call [`rotate_now`](RotatorHandle::rotate_now). The overlap applies then too: if the old credential must
//! be refused at once, remove it from your verifier yourself.
//!
//! If a credential is retired, revoked or forgotten, its rotator ends and does not call `rotate` again. After a revocation,
//! declare a new credential and start a rotator for it.
//!
//! # Time
//!
//! Waits are measured by tokio's steady clock. With its clock paused, thirty days pass in a moment. The time of day is the
//! [tracker's](crate::CredentialTracker::with_time_of_day), if you set one, or the system's. It is used for what
//! only it can tell, and it may be wrong:
//!
//! - At the start it gives the age of the credential, by its `last_rotated`: at least zero, at most the interval.
//! - When the rotator gets an end, the time of day says how far away that is. From then on the steady clock counts down, and
//!   the time of day is checked again at least once a minute. The clock that shows less time decides, because a rotation that
//!   is too early does less harm than one that is too late. So a clock that stops or is set back never makes the rotator miss
//!   the end.
//! - If a new credential is due at once by one clock and not by the other, the clock by which it is due is wrong. So a time of
//!   day that stays ahead brings one rotation forward, and not the next ones. A time of day that jumps back and forth is read
//!   from then on as earlier by the width of its jumps.
//! - If the time of day jumps by more than two seconds beside the steady clock, the rotator notices within a minute, counts
//!   `clock_jumped` in `auth_metrics_internal_errors_total`, and logs a warning, at most one a minute. After a jump ahead the
//!   machine may have slept, so the credential counts as that much older. At most one rotation in an interval comes early
//!   because of that. A jump back changes nothing: neither the interval nor the end moves away.
//!
//! `auth_credential_last_rotated_timestamp_seconds` shows the time of day at the last rotation, right or wrong. The alert
//! `AuthCredentialRotationOverdue` compares it with Prometheus' clock, and also fires for a time in the future.
//!
//! # Replicas
//!
//! With more than one replica you need [`refresh`](Rotator::refresh). A lease only decides who rotates; the other replicas take
//! the new key into use in `refresh` and nowhere else. So a rotator with a lease and a `retire` hook can't start without
//! `refresh`: the other replicas would keep signing with a key that one of them retires.
//!
//! With a [`Lease`], a try starts only while this replica holds the lease. The lease is renewed while `rotate` runs, and if
//! that fails, the try is cancelled. A note of the last rotation is kept with the lease: its [fencing
//! token](Held::fencing_token), its times and the id of the new credential. Of two notes, the one with the higher token is
//! newer; notes are never ordered by their times.
//!
//! A replica that sees a newer note than it knows counts its interval from that rotation. It also takes over the end, unless
//! the note names a different credential than the one it uses. In that case only an earlier end counts, so the replica still
//! rotates before its own credential ends. If a rotation can't be noted, the rotator tries again at each look.
//!
//! A note that exists at the start may be older than what you told the rotator. If it names a different credential than
//! [`Rotator::id`], it is ignored, and the next holder notes the credential in use. If it names the same one, the greater of
//! the two ages counts, as far as the store of the note knows an age.
//!
//! If the store of the leases can't be reached, no replica rotates. That counts as `lease_unavailable` in
//! `auth_metrics_internal_errors_total`, and not as a try.
//!
//! ## Looks
//!
//! A rotator looks at what other replicas did: at its start, and then every minute. With a lease, it looks after each
//! [`lease_ttl`](Rotator::lease_ttl) if that is shorter (30 seconds by default). At a look it reads the note and then calls
//! [`refresh`](Rotator::refresh). So it finds a successor even if the holder died before it left a note, or if the store of the
//! leases is down. It also calls `refresh` before each of its tries. If `refresh` fails at a look, that counts as
//! `refresh_failed` in `auth_metrics_internal_errors_total`, and `refresh` is called again at the next look.
//!
//! ## Overlap
//!
//! A replica uses the old credential until it has called `refresh`. So that everything it signs is accepted everywhere, the
//! [overlap](Rotator::overlap) must be at least the sum of these:
//!
//! - the time between two looks,
//! - twice the [timeout](Rotator::timeout): one of your hooks, even `retire`, may be running, and then `refresh` may take its
//!   time,
//! - 15 seconds: that long a store of the leases that does not answer can delay the rotator between two looks,
//! - the longest time for which a hook blocks its thread after its timeout,
//! - the life of the longest-lived token.
//!
//! If `refresh` can fail for longer than that, add that time. In the other direction, a token of the new key may reach a
//! replica that has not looked yet. So let the verifier ask the store for a `kid` that it does not know.

mod current;
mod deadline;
mod discovery;
mod error;
mod handle;
mod held_lease;
mod hook_log;
mod hooks;
mod id;
mod jitter;
mod lease;
mod options;
mod outcome_guard;
mod overlap;
mod requests;
mod rotate;
mod rotator;
mod runner;
mod schedule;
mod start;
mod stop;
mod supervisor;
mod time_left;
mod time_of_day;
mod tracked;
mod worker;

pub use error::{NotRotated, RotatorError};
pub use handle::RotatorHandle;
pub use hook_log::HookError;
pub use hooks::{Retiring, Rotated, RotationContext};
#[cfg(feature = "redis-lease")]
pub use lease::RedisLease;
pub use lease::{Held, Lease, LeaseError, LeaseFuture, LocalLease, Rotation};
pub use rotator::Rotator;
pub use schedule::Lead;
