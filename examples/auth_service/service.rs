//! Everything the service is made of, put together once.

use std::sync::Arc;

use auth_metrics::AuthMetrics;
use auth_metrics::sources::{Providers, ProvidersError};
use auth_metrics_detect::Engine;
use thiserror::Error;

use crate::accounts::Accounts;
use crate::certificate::ClientCertificate;
use crate::limits::{LoginLimit, SignUpLimit};
use crate::login::Logins;
use crate::machines::Machines;
use crate::opaque::RandomError;
use crate::partner::{self, Partner, PartnerLogins};
use crate::passwords::{PasswordError, Passwords};
use crate::risk::Gate;
use crate::second_factor::SecondFactors;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::signing::{KeyError, SigningKeys};
use crate::store::{Store, StoreError};
use crate::tokens::Tokens;

/// The service can't be put together.
#[derive(Debug, Error)]
pub(crate) enum AssemblyError {
    #[error("the user store can't be opened")]
    Store(#[from] StoreError),
    #[error("password hashing can't be set up: are its costs in range?")]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error(transparent)]
    Providers(#[from] ProvidersError),
}

/// The authentication service, without HTTP.
pub(crate) struct Service {
    pub(crate) accounts: Accounts,
    pub(crate) logins: Logins,
    pub(crate) second_factors: SecondFactors,
    pub(crate) partner_logins: PartnerLogins,
    pub(crate) sessions: Sessions,
    pub(crate) signing: Arc<SigningKeys>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) machines: Machines,
    pub(crate) metrics: AuthMetrics,
}

impl Service {
    /// An empty service.
    pub(crate) fn new(
        settings: &Settings,
        metrics: AuthMetrics,
        engine: Engine,
        partner: Partner,
        certificate: ClientCertificate,
        machines: Machines,
    ) -> Result<Self, AssemblyError> {
        let store = Store::in_memory()?;
        let passwords = Passwords::new(settings)?;
        let signing = Arc::new(SigningKeys::new()?);
        let tokens =
            Arc::new(Tokens::new(Arc::clone(&signing), settings.access_life, store.clone(), metrics.clone()));
        let sessions = Sessions::new(store.clone(), Arc::clone(&tokens), settings.refresh_life);
        let (login_limit, sign_up_limit) =
            (LoginLimit::new(settings, &metrics), SignUpLimit::new(settings, &metrics));
        let gate = Gate::new(settings, engine, metrics.clone())?;
        let provider = Providers::new([partner::NAME])?.get(partner::NAME);
        Ok(Self {
            accounts: Accounts::new(store.clone(), passwords.clone(), sign_up_limit),
            logins: Logins::new(settings, store.clone(), passwords, login_limit, gate, sessions.clone()),
            second_factors: SecondFactors::new(store.clone(), sessions.clone()),
            partner_logins: PartnerLogins::new(
                &metrics,
                partner,
                certificate,
                store,
                sessions.clone(),
                settings.partner_patience,
                provider,
            ),
            sessions,
            signing,
            tokens,
            machines,
            metrics,
        })
    }
}
