//! Access tokens: JWTs signed with Ed25519. Only their verification is metered; issuing one is part of an operation
//! that is metered already.

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::{AuthMetrics, FailureReason, auth_metered, events, reasons};
use auth_metrics_credentials::RecordCredentials;
use auth_metrics_credentials::{CredentialKind, KeyState};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::signing::{Key, SigningKeys};
use crate::store::{Store, StoreError, in_future, now};

const ISSUER: &str = "auth_service";
const AUDIENCE: &str = "auth_service";

/// What an access token says.
#[derive(Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The account.
    pub(crate) sub: String,
    /// The session.
    pub(crate) sid: String,
    iss: String,
    aud: String,
    exp: i64,
}

/// Why an access token is not accepted.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum TokenError {
    #[error("there is no access token")]
    #[reason(missing_credentials)]
    Missing,
    #[error("the access token is refused")]
    #[reason(with = reasons::jsonwebtoken11, among(
        token_malformed, token_signature_invalid, token_expired, token_not_yet_valid, token_claim_mismatch,
        token_algorithm_rejected, configuration_error, internal_error
    ))]
    Jwt(#[from] JwtError),
    #[error("the access token asks for an unknown algorithm, such as `none`")]
    #[reason(token_algorithm_rejected)]
    StrangeAlgorithm,
    #[error("the access token names a key that we do not have, or have no more")]
    #[reason(token_key_unknown)]
    UnknownKey,
    #[error("the session of the access token was ended")]
    #[reason(token_revoked)]
    Revoked,
    #[error("the session of the access token could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
}

/// An access token could not be made; it is always our own fault.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum IssueError {
    #[error("the access token could not be signed")]
    #[reason(with = reasons::jsonwebtoken11, among(configuration_error, internal_error))]
    Jwt(#[from] JwtError),
    #[error("there is no key to sign with")]
    #[reason(internal_error)]
    NoKey,
}

/// Issues and verifies access tokens.
pub(crate) struct Tokens {
    keys: Arc<SigningKeys>,
    validation: Validation,
    life: Duration,
    store: Store,
    metrics: AuthMetrics,
}

impl Tokens {
    /// Signed with these keys.
    pub(crate) fn new(keys: Arc<SigningKeys>, life: Duration, store: Store, metrics: AuthMetrics) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 0;
        Self { keys, validation, life, store, metrics }
    }

    /// A token for this account in this session.
    pub(crate) fn issue(&self, account: &str, session: &str) -> Result<String, IssueError> {
        let claims = Claims {
            sub: account.to_owned(),
            sid: session.to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: in_future(self.life),
        };
        let key = self.keys.current().ok_or(IssueError::NoKey)?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, &claims, &key.signing)?)
    }

    /// Who presents this token, if it is ours, in time and of a session that goes on.
    #[auth_metered(op = "verify_token", kind = token)]
    pub(crate) async fn verify(&self, token: Option<&str>) -> Result<Claims, TokenError> {
        let token = token.ok_or(TokenError::Missing)?;
        let key = self.key_of(token)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &self.validation)?.claims;
        events::note(|about| about.subject(&claims.sub).session(&claims.sid));
        self.note_life_left(&claims);
        if self.store.session_is_over(&claims.sid).await? {
            return Err(TokenError::Revoked);
        }
        Ok(claims)
    }

    /// Algorithm first, then key: a forger learns nothing from the order.
    fn key_of(&self, token: &str) -> Result<Arc<Key>, TokenError> {
        let header = match jsonwebtoken::decode_header(token) {
            Ok(header) => header,
            Err(error) => return Err(strange_algorithm(token).unwrap_or(TokenError::Jwt(error))),
        };
        if header.alg != Algorithm::EdDSA {
            return Err(JwtError::from(ErrorKind::InvalidAlgorithm).into());
        }
        let id = header.kid.as_deref();
        let state = id.map_or(KeyState::Unknown, |id| self.keys.state(id));
        self.metrics.record_token_key(self.metrics.service_id(), state);
        id.and_then(|id| self.keys.find(id)).ok_or(TokenError::UnknownKey)
    }

    /// Tells how early clients come for a new token, or how late.
    fn note_life_left(&self, claims: &Claims) {
        let left = u64::try_from(claims.exp.saturating_sub(now())).unwrap_or_default();
        let (service, left) = (self.metrics.service_id(), Duration::from_secs(left));
        self.metrics.record_presented_credential(service, CredentialKind::Token, left);
    }
}

/// jsonwebtoken calls `"alg": "none"` broken JSON. It is an attack, and should be counted as one.
fn strange_algorithm(token: &str) -> Option<TokenError> {
    #[derive(Deserialize)]
    struct OnlyAlgorithm {
        alg: String,
    }
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let header: OnlyAlgorithm = serde_json::from_slice(&header).ok()?;
    header.alg.parse::<Algorithm>().is_err().then_some(TokenError::StrangeAlgorithm)
}
