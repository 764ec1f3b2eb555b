//! Keeps track of credentials that expire and are rotated: what they are, in which state, and how much time they have left.
//! Knows the handle it exports into, and never the credentials themselves.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics::credentials::{Credential, CredentialTracker};
//! use auth_metrics::{AuthMetrics, CredentialKind};
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
//! | expired | [`rotation_failed`](TrackedCredential::rotation_failed) (stays expired); with a rotator: replaced (active) |
//! | compromised | [`rotation_failed`](TrackedCredential::rotation_failed) (stays compromised); with a rotator: replaced (active) |
//! | revoked | none |
//!
//! The three ends are [`expire`](TrackedCredential::expire), [`revoke`](TrackedCredential::revoke) and
//! [`compromise`](TrackedCredential::compromise). *Replaced* means that a rotator (feature `rotation`) has put a successor in
//! place: the credential is active again, and counted as `rotated`. A rotator never makes a retired or revoked credential
//! active: it ends. Any other step is a [`CredentialError::IllegalTransition`], changes nothing,
//! and is counted as `illegal_transition` in `auth_metrics_internal_errors_total`. A credential whose `not_after` has come
//! expires by itself: whatever is asked or told of it sees that first, and so does [`CredentialTracker::check`]. One that
//! has ended makes room for a successor of the same kind and slug: [declare](CredentialTracker::declare) it.
//!
//! A credential that is not valid yet stays created: [`activate`](TrackedCredential::activate) is a
//! [`CredentialError::NotValidYet`] until then.
//!
//! # Files and key sets that change
//!
//! A credential is what was read when it was declared. If its file is replaced, or its key set fetched again, tell the tracker:
//! [`CredentialTracker::renew`] takes over what was read, and [`CredentialTracker::renew_jwks`] a whole key set, the keys
//! included that are gone.
//!
//! # Clocks
//!
//! A tracker reads one clock, the system's time of day, or what it was given by
//! [`with_time_of_day`](CredentialTracker::with_time_of_day). Whatever is asked or told of a credential reads the clock of the tracker it
//! came from. A [`Credential`] reads none, and neither does what reads certificates and key sets.
//!
//! # Gauges
//!
//! The three gauges of a credential are there from its declaration on. They vanish when it is retired, revoked or
//! compromised, since then its expiry is nothing to wake somebody for; they stay when it expires before that, until a
//! successor is declared or it is [forgotten](TrackedCredential::forget). A service has at most 64 credentials of a kind, and
//! tracks at most 16 keys of one key set.

mod api_key;
mod credential;
#[cfg(feature = "x509")]
mod digest;
mod entry;
mod error;
#[cfg(feature = "jwks")]
mod jwks;
mod renew;
#[cfg(feature = "rotation")]
mod rotator_steps;
mod slug;
mod state;
mod tracked;
mod tracker;
#[cfg(feature = "x509")]
mod x509;

pub use api_key::ApiKeyRecord;
pub use credential::Credential;
pub use error::CredentialError;
#[cfg(feature = "jwks")]
pub use jwks::KeySetError;
pub use slug::SlugError;
pub use state::CredentialState;
pub use tracked::TrackedCredential;
pub use tracker::CredentialTracker;
#[cfg(feature = "x509")]
pub use x509::CertificateError;
