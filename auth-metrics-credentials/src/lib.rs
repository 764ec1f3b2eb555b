//! Tracks credentials that expire or are rotated: their kind, their state and the time they have left. It never sees the
//! credentials themselves.
//!
//! | part | what |
//! |---|---|
//! | [`CredentialTracker`] | credentials by a name that you choose, with gauges for expiry and rotation |
//! | `x509`, `jwks` (features) | credentials from PEM certificates and JSON web key sets |
//! | [`keys`] | the state of the key that a token names, and fetches of key sets |
//! | `rotation` (feature) | rotates a credential before it is due, in one replica |
//! | `redis-lease` (feature) | `rotation::RedisLease`: the lease in Redis |
//! | [`RecordCredentials`] | records by hand |
//!
//! The [`guide`] has a page on [credentials](guide::credentials), one on [keys](guide::keys) and one on
//! [rotation](guide::rotation). The families are listed in [`families`]. They are a [`Group`](auth_metrics::group::Group): the
//! first use attaches it to the handle.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics::AuthMetrics;
//! use auth_metrics_credentials::{Credential, CredentialKind, CredentialTracker};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let day = Duration::from_secs(86_400);
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let tracker = CredentialTracker::new(&metrics);
//!
//! let key = Credential::new(CredentialKind::SigningKey, "login")
//!     .with_not_after(SystemTime::now() + 90 * day)
//!     .with_rotation_interval(30 * day);
//! let key = tracker.declare(key)?;
//! key.activate()?;
//! // … a month later …
//! key.rotate(Some(SystemTime::now() + 90 * day))?;
//!
//! let labels = [("credential_kind", "signing_key"), ("event", "rotated")];
//! assert_eq!(metrics.snapshot().value("auth_credential_events_total", &labels), Some(1.0));
//! # Ok(()) }
//! ```
//!
//! # States
//!
//! | from | steps |
//! |---|---|
//! | created | [`activate`](TrackedCredential::activate), and the three ends |
//! | active | [`rotate`](TrackedCredential::rotate), [`rotation_failed`](TrackedCredential::rotation_failed) (both stay active), [`retire`](TrackedCredential::retire), and the three ends |
//! | retired | the three ends |
//! | expired | [`rotation_failed`](TrackedCredential::rotation_failed) (stays expired); with a rotator, replaced (active) |
//! | compromised | [`rotation_failed`](TrackedCredential::rotation_failed) (stays compromised); with a rotator, replaced (active) |
//! | revoked | none |
//!
//! The three ends are [`expire`](TrackedCredential::expire), [`revoke`](TrackedCredential::revoke) and
//! [`compromise`](TrackedCredential::compromise). *Replaced* means that a rotator (feature `rotation`) has put a successor in
//! place: the credential is active again and counts as `rotated`. A rotator ends when its credential is retired or revoked, and
//! never makes it active again.
//!
//! Any other step returns [`CredentialError::IllegalTransition`], changes nothing, and counts as `illegal_transition` in
//! `auth_metrics_internal_errors_total`.
//!
//! A credential expires by itself at its `not_after`. Every method that reads or changes its state sees that first, and so does
//! [`CredentialTracker::check`]. Once a credential has ended, you can [declare](CredentialTracker::declare) a successor of the
//! same kind and slug.
//!
//! A credential that is not valid yet stays created. Until its `not_before`, [`activate`](TrackedCredential::activate) returns
//! [`CredentialError::NotValidYet`].
//!
//! # Files and key sets that change
//!
//! A tracker knows what you read when you declared the credential. If the file is replaced, pass what you read to
//! [`CredentialTracker::renew`]. If a key set is fetched again, pass the document to [`CredentialTracker::renew_jwks`], which
//! also retires the keys that are gone.
//!
//! # Time
//!
//! A tracker reads the system's time of day, or the one that you set with
//! [`with_time_of_day`](CredentialTracker::with_time_of_day). A [`TrackedCredential`] uses the time of day of the tracker it
//! came from. A [`Credential`] reads no clock, and neither do the functions that read certificates and key sets.
//!
//! # Gauges
//!
//! The three gauges of a credential exist as soon as it is declared. They vanish when it is retired, revoked or compromised,
//! because nobody needs to be woken for its expiry then. If it expires before that, they stay until you declare a successor or
//! [forget](TrackedCredential::forget) it. A service tracks at most 64 credentials of a kind, and at most 16 keys of a key set.

pub mod families;
mod group;
// In the documentation only; the code of its pages is tested in `tests/docs`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
pub mod keys;
mod record;
#[cfg(feature = "rotation")]
pub mod rotation;
mod terms;
mod tracker;

pub use record::RecordCredentials;
pub use terms::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome};
pub use tracker::ApiKeyRecord;
#[cfg(feature = "x509")]
pub use tracker::CertificateError;
pub use tracker::Credential;
pub use tracker::CredentialError;
pub use tracker::CredentialState;
pub use tracker::CredentialTracker;
#[cfg(feature = "jwks")]
pub use tracker::KeySetError;
pub use tracker::SlugError;
pub use tracker::TrackedCredential;
