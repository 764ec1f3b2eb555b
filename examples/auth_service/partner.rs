//! Signing in through a partner's identity service: the one call in this program that is slow, sometimes fails, and is
//! long enough for a client to lose patience in the middle of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auth_metrics::{FailureReason, Method, auth_metered};
use thiserror::Error;
use tokio::time::{sleep, timeout};

use crate::opaque::{self, Digest, RandomError};
use crate::sessions::{Grant, GrantError, Sessions};
use crate::store::{Store, StoreError};

/// Why the partner's word gave no session.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum PartnerError {
    #[error("the partner knows no such code, or it was redeemed before")]
    #[reason(invalid_credentials)]
    UnknownCode,
    #[error("the partner vouches for somebody we do not know, or have shut out")]
    #[reason(account_disabled)]
    NoAccount,
    #[error("the partner can't be reached")]
    #[reason(dependency_unavailable)]
    Unreachable,
    #[error("the partner takes too long")]
    #[reason(timeout)]
    TooSlow,
    #[error("the account could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the partner says yes, but no session could be opened")]
    #[reason(transparent)]
    Grant(#[from] GrantError),
}

/// A stand-in for another company's identity service: slow as they are, down for one call in 29, stuck for one in 31.
#[derive(Clone, Default)]
pub(crate) struct Partner {
    codes: Arc<Mutex<HashMap<Digest, String>>>,
    calls: Arc<AtomicU64>,
}

impl Partner {
    /// What the partner's own login page does: it hands a one-time code to a person that it knows.
    pub(crate) fn sign_in(&self, account: &str) -> Result<String, RandomError> {
        let code = opaque::random_token()?;
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.insert(Digest::of(&code), account.to_owned());
        Ok(code)
    }

    /// Whose code this is. Deliberately slow.
    async fn redeem(&self, code: &str) -> Result<String, PartnerError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(Duration::from_millis(60 + call * 37 % 120)).await;
        if call.is_multiple_of(29) {
            return Err(PartnerError::Unreachable);
        }
        if call.is_multiple_of(31) {
            sleep(Duration::from_secs(60)).await;
        }
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.remove(&Digest::of(code)).ok_or(PartnerError::UnknownCode)
    }
}

/// Signs people in on the partner's word.
pub(crate) struct PartnerLogins {
    partner: Partner,
    store: Store,
    sessions: Sessions,
    patience: Duration,
}

impl PartnerLogins {
    /// Waits for the partner as long as `patience` says.
    pub(crate) fn new(partner: Partner, store: Store, sessions: Sessions, patience: Duration) -> Self {
        Self { partner, store, sessions, patience }
    }

    /// A session for a code from the partner, which asks for second factors itself. A client that hangs up in here drops
    /// this future: `cancelled`.
    #[auth_metered(op = "partner_login", source = Method::Oidc)]
    pub(crate) async fn login(&self, code: &str) -> Result<Grant, PartnerError> {
        let redeemed = timeout(self.patience, self.partner.redeem(code)).await;
        let name = redeemed.map_err(|_| PartnerError::TooSlow)??;
        let account = self.store.account(&name).await?.filter(|account| !account.disabled);
        let account = account.ok_or(PartnerError::NoAccount)?;
        Ok(self.sessions.open(&account.id).await?)
    }
}
