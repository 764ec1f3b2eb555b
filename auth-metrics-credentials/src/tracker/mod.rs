//! The tracker: credentials of a service, their states and times. Knows the group that it exports into, and never sees the
//! credentials themselves.

mod api_key;
#[cfg(feature = "x509")]
mod certificate_error;
mod credential;
mod credential_tracker;
#[cfg(feature = "x509")]
mod digest;
mod entry;
mod error;
#[cfg(feature = "jwks")]
mod jwks;
#[cfg(feature = "jwks")]
mod key_set_error;
mod renew;
#[cfg(feature = "rotation")]
mod rotator_steps;
mod slug;
mod state;
mod tracked;
mod tracking;
#[cfg(feature = "x509")]
mod x509;

pub use api_key::ApiKeyRecord;
#[cfg(feature = "x509")]
pub use certificate_error::CertificateError;
pub use credential::Credential;
pub use credential_tracker::CredentialTracker;
pub use error::CredentialError;
#[cfg(feature = "jwks")]
pub use key_set_error::KeySetError;
pub use slug::SlugError;
pub use state::CredentialState;
pub use tracked::TrackedCredential;
