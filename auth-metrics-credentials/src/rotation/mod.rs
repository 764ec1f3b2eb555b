//! Rotates credentials before they end, one replica at a time, and counts every try.
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
//! Always say [`last_rotated`](crate::tracker::Credential::with_last_rotated), as the example does. Without it the interval
//! begins anew with each start: a process that is restarted every day would never make a weekly rotation.
//!
//! # Ids
//!
//! A rotator tells credentials apart by ids, never by times and never by counting. An id is a name that no other credential of
//! yours has or had: name your keys by it, for example as their `kid`. It is not a secret, and it is in no label, log line or
//! `Debug` output.
//!
//! - [`Rotator::id`] says which credential this process uses when the rotator starts.
//! - [`RotationContext::id`] is a new id for the successor. Each call of `rotate` gets another one, also after a failed try,
//!   after a restart and in another replica. [`Rotated::id`] overrides it, if something else names your credentials.
//! - [`RotationContext::predecessor`] is the id of the credential in use.
//! - [`Retiring::id`] is the id of the credential to retire, [`Retiring::successor`] that of the one that followed it.
//!
//! The id in use changes only in two ways: `rotate` returns `Ok`, or `refresh` returns an id that differs from it. So return
//! from both what this process really uses from then on. If the rotator was told no id at the start, the first one that it hears
//! is that of the credential in use, and no successor.
//!
//! # What is retired
//!
//! The hook [`retire`](Rotator::retire) is called for a credential only when this process has used a successor of it for the
//! whole [overlap](Rotator::overlap). It is never called for the credential in use. If a credential is taken back into use
//! during the overlap, as after a rollback, it is not retired. The overlap does not begin before the rotation is noted for the
//! other replicas, and not with a successor whose end was over when it came into use. Such a one is not noted either, whether
//! `rotate` made it or `refresh` found it. It is good as soon as it is told an end that is to come.
//!
//! Nothing but an id makes a successor. A note of another replica, a `refresh` that returns `None` or no id, and any reading of
//! a clock change the times at most. A shutdown retires nothing; what still overlapped then is yours to clean up, for example
//! by the times in your store.
//!
//! # When
//!
//! A rotation is due at the earlier of two points: the last rotation plus the credential's interval, and its end minus
//! [`before_expiry`](Rotator::before_expiry). [`jitter`](Rotator::jitter) pulls it forward, so that replicas and credentials
//! spread. A failed try is followed by the next one after a [backoff](Rotator::backoff), whether the schedule or
//! [`rotate_now`](RotatorHandle::rotate_now) asked for it. A successor that is due sooner than the first backoff waits for the
//! backoff too, which doubles while that goes on: there is no hot loop.
//!
//! Only a successor ends a row of failed tries, made here or by another replica. If `refresh` answers without an id, only the
//! end and the time of the last rotation change; the interval begins anew only if that time is later than the one before.
//!
//! # How it ends
//!
//! Each try is one count of `auth_credential_rotations_total`: `success`, `error`, `panicked`, `timeout`, or `cancelled` by a
//! shutdown or a lost lease. All but the first and last are an event `rotation_failed` too. A try begins with `refresh`, if
//! there is that hook, so a `refresh` that fails there is a failed try. If the lease is not to be had, there is no try and
//! nothing is counted here. Of two tries of a rotator the second starts when the first has ended, also if that one
//! [blocks its thread](Rotator::timeout).
//!
//! If a try that is cut off has put a successor in place already, the rotator hears of it only from `refresh`. Without that
//! hook it does not know that one, and never retires it.
//!
//! If `rotate` returns an end that has passed already, the try counts as `error` and is made again. What it made is in use
//! nevertheless, and the credential before it is kept. Where the time of day has [jumped](#time), the end has passed only if
//! it has by the steady clock too.
//!
//! No hook can make a rotator panic. If it panics all the same, it has ended: this counts as `rotator_panicked` in
//! `auth_metrics_internal_errors_total`, [`RotatorHandle::is_running`] says so, and the lease is given back.
//!
//! # What the log says
//!
//! If a hook returns an error, panics or hangs, the log has a warning with the hook, the credential and the type of the error, at
//! most one a minute for each hook. The text of an error may hold a secret, so it is never logged. To say more, return a [`HookError`],
//! whose text is from your code. Of a [`std::io::Error`] the kind is logged too. A `Box<dyn Error + Send + Sync>` is searched
//! for both, its sources included. Of a boxed error the type is that of the box: return a concrete type or a `HookError`.
//!
//! # States
//!
//! While it runs, a rotator also counts what time alone does to the credential: `expiring` and `expired`. A credential that
//! expired or is [compromised](crate::tracker::TrackedCredential::compromise) is active again with its successor; after a
//! compromise, call [`rotate_now`](RotatorHandle::rotate_now). The overlap holds then too: if the old credential must be
//! refused at once, take it out of your verifier yourself. A credential that is retired, revoked or forgotten ends its rotator,
//! and `rotate` is not called again; after a revocation, declare a new credential and start a rotator for it.
//!
//! # Time
//!
//! Waits are measured by the steady clock of tokio. Under its paused clock thirty days pass in a moment. The time of day is
//! that of the [tracker's clock](crate::tracker::CredentialTracker::with_time_of_day), if it was given one, or the system's. It
//! is used for what only it can tell, and may be wrong:
//!
//! - At the start it tells how old the credential is, by its `last_rotated`: at least zero, at most the interval.
//! - It tells how far away an end is when the rotator hears of that end. From then on the steady clock counts down, and the
//!   time of day is looked at again at least once a minute. The one that shows less decides, since a rotation too early harms
//!   less than one too late. So no clock that stands still or is set back leads past the end.
//! - If a new credential is due at once by one clock and not by the other, the one by which it is due is wrong. So a time of
//!   day that stays ahead brings one rotation forward, and not the next ones. One that goes to and fro counts from then on as
//!   behind by the width of its jumps.
//! - If it jumps by more than two seconds beside the steady clock, the rotator notices within a minute, counts `clock_jumped`
//!   in `auth_metrics_internal_errors_total` and logs a warning, at most one a minute. A jump ahead may also mean that the
//!   machine slept, so the credential counts as that much older; at most one rotation in an interval comes early by that. A
//!   jump back changes nothing: neither the interval nor the end moves away.
//!
//! `auth_credential_last_rotated_timestamp_seconds` shows the time of day at the last rotation, right or wrong. The alert
//! `AuthCredentialRotationOverdue` compares it with Prometheus' clock, and fires for a time in the future too.
//!
//! # Replicas
//!
//! With more than one replica you need [`refresh`](Rotator::refresh): a lease only decides who rotates; the other replicas take
//! the new key into use in `refresh` and nowhere else. So a rotator with a lease and a `retire` hook, and without `refresh`, is
//! refused: the other replicas would go on signing with a key that one of them retires.
//!
//! With a [`Lease`], a try starts only while this replica holds it; it is renewed while `rotate` runs, and the try is cancelled
//! if that fails. Beside the lease stands a note of the last rotation: its [fencing token](Held::fencing_token), its times and
//! the id of what it made. The note with the higher token is the newer one; the times in it put nothing in order. A replica
//! that sees a newer note than it knows counts its interval from that rotation. It takes over the end too, unless the note
//! names another credential than the one it uses: then only an earlier end counts, so it goes on to rotate before its own
//! credential ends. If a rotation can't be noted, that is tried again at each look.
//!
//! A note that is there at the start may be older than what the process was told. If it names another credential than
//! [`Rotator::id`], it has no say, and the next holder notes the one in use. If it names that one, the greater of the two ages
//! counts, and a note whose store tells no age tells none.
//!
//! If the store of the leases can't be asked, no replica rotates. That counts `lease_unavailable` in
//! `auth_metrics_internal_errors_total`, and no try.
//!
//! ## Looks
//!
//! A rotator looks at what others did: at its start, and then every minute, or with a lease after each
//! [`lease_ttl`](Rotator::lease_ttl) if that is shorter (30 seconds unless told otherwise). At a look it reads the note, and
//! then calls [`refresh`](Rotator::refresh): so a successor is found even if its holder died before it left a note, or if the
//! store of the leases is away. It calls `refresh` before each of its tries too. A `refresh` that fails at a look counts
//! `refresh_failed` in `auth_metrics_internal_errors_total`, and is called again at the next look.
//!
//! ## Overlap
//!
//! Until a replica has called `refresh` it goes on with the old credential. So that all that it signs is accepted everywhere,
//! the [overlap](Rotator::overlap) must be at least:
//!
//! - the time between two looks,
//! - plus twice the [timeout](Rotator::timeout): a call of your hooks may be under way, `retire` too, and then `refresh` may take
//!   its time,
//! - plus 15 seconds: as long may a store of the leases that gives no answer keep the rotator between two looks,
//! - plus the longest time for which a hook blocks its thread after its timeout,
//! - plus the life of the longest token.
//!
//! If `refresh` can fail for longer than that, add how long. The other way round, a token of the new key may come to a replica
//! that has not looked yet. So let the verifier ask the store for a `kid` that it does not know.

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
