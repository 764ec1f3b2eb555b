//! Credentials that are tracked without being seen: when they expire, when they were rotated, what happened to them.
//! Knows nothing of key material, nor of who rotates.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use auth_metrics::credentials::{Credential, CredentialTracker};
//! use auth_metrics::{AuthMetrics, CredentialKind};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let tracker = CredentialTracker::new(&metrics);
//!
//! let day = Duration::from_secs(86_400);
//! let key = Credential::new(CredentialKind::SigningKey, "access_tokens")
//!     .not_after(SystemTime::now() + 90 * day)
//!     .rotation_interval(30 * day);
//! let key = tracker.declare(key)?;
//! key.activate()?;
//! key.rotate(Some(SystemTime::now() + 120 * day))?;
//!
//! let rotated = [("credential_kind", "signing_key"), ("event", "rotated")];
//! assert_eq!(metrics.snapshot().value("auth_credential_events_total", &rotated), Some(1.0));
//! # Ok(()) }
//! ```
//!
//! # What is exported
//!
//! `auth_credential_not_after_timestamp_seconds`, `…_last_rotated_timestamp_seconds` and `…_rotation_interval_seconds`, by kind
//! and slug, as far as they are known; `auth_credential_events_total` by kind. A slug is a name that an operator chose: what
//! looks like a secret, an e-mail address or a token is refused, and the error does not repeat it.
//!
//! # The life of a credential
//!
//! | from | step | to |
//! |---|---|---|
//! | – | [`declare`](CredentialTracker::declare) | [`Created`](CredentialState::Created) |
//! | `Created` | [`activate`](TrackedCredential::activate) | `Active` |
//! | `Active`, `Expired`, `Compromised` | [`rotate`](TrackedCredential::rotate): a successor takes its place | `Active` |
//! | `Active` | [`retire`](TrackedCredential::retire) | `Retired` |
//! | `Created`, `Active`, `Retired` | [`expire`](TrackedCredential::expire), or its time is over | `Expired` |
//! | `Created`, `Active`, `Retired`, `Compromised` | [`revoke`](TrackedCredential::revoke) | `Revoked` |
//! | `Created`, `Active`, `Retired`, `Expired` | [`compromise`](TrackedCredential::compromise) | `Compromised` |
//!
//! Any other step is a [`CredentialError::IllegalStep`]; it changes nothing and is counted in
//! `auth_metrics_internal_errors_total{kind="illegal_step"}`.

mod credential;
mod error;
#[cfg(feature = "jwks")]
mod jwks;
mod slug;
mod state;
mod tracked;
mod tracker;
#[cfg(feature = "x509")]
mod x509;

pub use credential::{ApiKeyRecord, Credential};
pub use error::CredentialError;
pub use slug::SecretLook;
pub use state::CredentialState;
pub use tracked::TrackedCredential;
pub use tracker::CredentialTracker;
