//! Everything the service is made of, put together once.

use std::sync::Arc;

use auth_metrics::AuthMetrics;
use thiserror::Error;

use crate::accounts::Accounts;
use crate::limits::Limits;
use crate::login::Logins;
use crate::machines::Machines;
use crate::partner::{Partner, PartnerLogins};
use crate::passwords::{PasswordError, Passwords};
use crate::second_factor::SecondFactors;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::tokens::{KeyError, Tokens};

/// The service can't be put together.
#[derive(Debug, Error)]
pub(crate) enum AssemblyError {
    #[error("the user store can't be opened")]
    Store(#[from] StoreError),
    #[error("password hashing can't be set up: are its costs in range?")]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The authentication service, without HTTP.
pub(crate) struct Service {
    pub(crate) accounts: Accounts,
    pub(crate) logins: Logins,
    pub(crate) second_factors: SecondFactors,
    pub(crate) partner_logins: PartnerLogins,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) machines: Machines,
}

impl Service {
    /// An empty service.
    pub(crate) fn new(
        settings: &Settings,
        metrics: AuthMetrics,
        partner: Partner,
        machines: Machines,
    ) -> Result<Self, AssemblyError> {
        let store = Store::in_memory()?;
        let passwords = Passwords::new(settings)?;
        let tokens = Arc::new(Tokens::new(settings.access_life, store.clone())?);
        let sessions = Sessions::new(store.clone(), Arc::clone(&tokens), settings.refresh_life);
        let limits = Limits::new(settings, metrics);
        let patience = settings.partner_patience;
        Ok(Self {
            accounts: Accounts::new(store.clone(), passwords.clone()),
            logins: Logins::new(settings, store.clone(), passwords, limits, sessions.clone()),
            second_factors: SecondFactors::new(store.clone(), sessions.clone()),
            partner_logins: PartnerLogins::new(partner, store, sessions.clone(), patience),
            sessions,
            tokens,
            machines,
        })
    }
}
