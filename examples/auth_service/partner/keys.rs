//! The partner's public keys: fetched when one is missing, and kept.

use std::sync::{PoisonError, RwLock};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::keys::KeyFetches;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::stand_in::Assertion;
use super::{Partner, PartnerError};

pub(super) struct PartnerKeys {
    partner: Partner,
    fetches: KeyFetches,
    known: RwLock<JwkSet>,
}

impl PartnerKeys {
    pub(super) fn new(metrics: &AuthMetrics, partner: Partner) -> Self {
        let known = RwLock::new(JwkSet { keys: Vec::new() });
        Self { partner, fetches: KeyFetches::new(metrics), known }
    }

    /// Whom the partner speaks of, if it is the partner who speaks.
    pub(super) async fn subject(&self, assertion: &str) -> Result<String, PartnerError> {
        let header = jsonwebtoken::decode_header(assertion).map_err(|_| PartnerError::NotSigned)?;
        let id = header.kid.ok_or(PartnerError::NotSigned)?;
        let key = match self.known(&id) {
            Some(key) => key,
            None => self.fetched(&id).await?,
        };
        let decoded = jsonwebtoken::decode::<Assertion>(assertion, &key, &Validation::new(Algorithm::EdDSA));
        decoded.map(|decoded| decoded.claims.sub).map_err(|_| PartnerError::NotSigned)
    }

    /// Fetching is metered, reading what came included.
    async fn fetched(&self, id: &str) -> Result<DecodingKey, PartnerError> {
        let fetch = async {
            let document = self.partner.key_set().await?;
            serde_json::from_str::<JwkSet>(&document).map_err(|_| PartnerError::Unreachable)
        };
        let set = self.fetches.fetch(fetch).await?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = set;
        self.known(id).ok_or(PartnerError::NotSigned)
    }

    fn known(&self, id: &str) -> Option<DecodingKey> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        DecodingKey::from_jwk(known.find(id)?).ok()
    }
}
