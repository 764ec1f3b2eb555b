//! Argon2 in a bounded number of blocking threads. Not metered itself: a check of a password is part of `login`, and
//! an authentication inside an authentication would count twice in `service_auth_*`.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use auth_metrics::{FailureReason, Reason};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::settings::Settings;

/// A password could be neither hashed nor checked.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum PasswordError {
    #[error("argon2 failed")]
    #[reason(with = hash_reason, among(overloaded, configuration_error, internal_error))]
    Hash(#[from] password_hash::Error),
    #[error("a stored password hash can't be read")]
    #[reason(internal_error)]
    Record,
    #[error("the runtime is going down, or the hash panicked")]
    #[reason(internal_error)]
    Interrupted,
}

fn hash_reason(error: &password_hash::Error) -> Reason {
    match error {
        password_hash::Error::OutOfMemory => Reason::Overloaded,
        password_hash::Error::ParamInvalid { .. } | password_hash::Error::ParamsInvalid => {
            Reason::ConfigurationError
        }
        // A stored record that is damaged, or a library at fault: ours to fix either way.
        _ => Reason::InternalError,
    }
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    argon2: Arc<Argon2<'static>>,
    slots: Arc<Semaphore>,
    /// Checked when no account has the given name, so that the answer takes as long as for one that exists.
    decoy: Arc<str>,
}

impl Passwords {
    /// As costly as the settings say.
    pub(crate) fn new(settings: &Settings) -> Result<Self, PasswordError> {
        let params = Params::new(settings.hash_memory_kib, settings.hash_passes, 1, None)
            .map_err(|_| password_hash::Error::ParamsInvalid)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = argon2.hash_password(b"nobody has this password")?.to_string();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { argon2: Arc::new(argon2), slots: Arc::new(Semaphore::new(cores)), decoy: decoy.into() })
    }

    /// The text to store for a new password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let (argon2, password) = (Arc::clone(&self.argon2), password.to_owned());
        self.in_slot(move || Ok(argon2.hash_password(password.as_bytes())?.to_string())).await
    }

    /// Whether the password is right; without a stored hash it never is, and takes as long.
    pub(crate) async fn matches(&self, password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
        let exists = stored.is_some();
        let (argon2, password) = (Arc::clone(&self.argon2), password.to_owned());
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        self.in_slot(move || {
            let record = PasswordHash::new(&stored).map_err(|_| PasswordError::Record)?;
            match argon2.verify_password(password.as_bytes(), &record) {
                Ok(()) => Ok(exists),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// One hash per core at a time; who hangs up while waiting takes no slot.
    async fn in_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| PasswordError::Interrupted)?;
        let blocking = move || {
            let _slot = slot;
            work()
        };
        tokio::task::spawn_blocking(blocking).await.map_err(|_| PasswordError::Interrupted)?
    }
}
