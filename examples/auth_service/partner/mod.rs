//! Signing in through a partner's identity service: the one call in this program that is slow, sometimes fails, and is
//! long enough for a client to lose patience in the middle of it.

mod keys;
mod stand_in;

use std::time::Duration;

use auth_metrics::sources::Provider;
use auth_metrics::{AuthMetrics, FailureReason, auth_metered, events};
use thiserror::Error;
use tokio::time::timeout;

use crate::certificate::ClientCertificate;
use crate::sessions::{Grant, GrantError, Sessions};
use crate::store::{Store, StoreError};
use keys::PartnerKeys;
pub(crate) use stand_in::Partner;

/// The `source` of these logins, as configuration would name it.
pub(crate) const NAME: &str = "partner";

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
    #[error("our certificate has expired")]
    #[reason(configuration_error)]
    OurCertificate,
    #[error("what the partner says is not signed by one of its keys")]
    #[reason(token_signature_invalid)]
    NotSigned,
    #[error("the account could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the partner says yes, but no session could be opened")]
    #[reason(transparent)]
    Grant(#[from] GrantError),
}

/// Signs people in on the partner's word.
pub(crate) struct PartnerLogins {
    partner: Partner,
    keys: PartnerKeys,
    certificate: ClientCertificate,
    store: Store,
    sessions: Sessions,
    patience: Duration,
    provider: Provider,
}

impl PartnerLogins {
    /// Waits for the partner as long as `patience` says.
    pub(crate) fn new(
        metrics: &AuthMetrics,
        partner: Partner,
        certificate: ClientCertificate,
        store: Store,
        sessions: Sessions,
        patience: Duration,
        provider: Provider,
    ) -> Self {
        let keys = PartnerKeys::new(metrics, partner.clone());
        Self { partner, keys, certificate, store, sessions, patience, provider }
    }

    /// A session for a code from the partner, which asks for second factors itself. A client that hangs up in here drops
    /// this future: `cancelled`.
    #[auth_metered(op = "partner_login", source = self.provider)]
    pub(crate) async fn login(&self, code: &str) -> Result<Grant, PartnerError> {
        let redeemed = timeout(self.patience, self.partner.redeem(code, &self.certificate)).await;
        let assertion = redeemed.map_err(|_| PartnerError::TooSlow)??;
        let name = self.keys.subject(&assertion).await?;
        events::note(|about| about.subject(&name));
        let account = self.store.account(&name).await?.filter(|account| !account.disabled);
        let account = account.ok_or(PartnerError::NoAccount)?;
        Ok(self.sessions.open(&account.id).await?)
    }
}
