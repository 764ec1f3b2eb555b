//! Validators of tokens, each around another one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use async_trait::async_trait;
use auth_metrics::{AuthMethod, FailureReason, auth_metered, reason_chain, reasons};
use auth_metrics_adoption_stage::Dependency;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum TokenValidationError {
    #[error("Invalid token: {0}")]
    #[reason(transparent)]
    TokenError(#[from] jsonwebtoken::errors::Error),
    #[error("Specified key ID not found in JWKs")]
    #[reason(token_key_unknown)]
    KeyIdNotFound,
    #[error("the issuer is not known here")]
    #[reason(token_claim_mismatch)]
    UnknownIssuer,
    #[error(transparent)]
    #[reason(with = other)]
    Other(#[from] anyhow::Error),
}

reason_chain! {
    /// What a validator of somebody else says, with whatever context was added on the way.
    fn other(error: &anyhow::Error) {
        std::io::Error => reasons::io,
        jsonwebtoken::errors::Error => reasons::jsonwebtoken9,
        _ => internal_error,
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub exp: u64,
}

#[async_trait]
pub trait TokenValidator: Send + Sync {
    async fn validate_token(&self, token: &str) -> Result<Claims, TokenValidationError>;
}

/// A key, by the id that tokens name.
pub struct JwksValidator {
    keys: HashMap<String, Vec<u8>>,
}

impl JwksValidator {
    fn check(&self, token: &str) -> Result<Claims, TokenValidationError> {
        let header = decode_header(token)?;
        let key =
            header.kid.and_then(|kid| self.keys.get(&kid)).ok_or(TokenValidationError::KeyIdNotFound)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        Ok(decode::<Claims>(token, &DecodingKey::from_secret(key), &validation)?.claims)
    }
}

// Three layers of one token: all are annotated, and the outermost counts as the verification.
#[async_trait]
#[auth_metered(kind = token)]
impl TokenValidator for JwksValidator {
    #[op("validate_by_keys")]
    async fn validate_token(&self, token: &str) -> Result<Claims, TokenValidationError> {
        self.check(token)
    }
}

/// Fetches the keys of an issuer, and keeps its validator.
#[derive(Clone, Default)]
pub struct CachingOidcTokenValidator {
    pub issuer: Dependency,
    cache: Arc<Mutex<HashMap<String, Arc<JwksValidator>>>>,
}

pub const OIDC_ISSUER: &str = "https://issuer.example.com";
pub const OIDC_KEY: &[u8] = b"key of the issuer";

impl CachingOidcTokenValidator {
    async fn keys_of(&self, issuer: &str) -> anyhow::Result<Arc<JwksValidator>> {
        if let Some(cached) = self.cache.lock().unwrap().get(issuer) {
            return Ok(Arc::clone(cached));
        }
        let refused = || std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        self.issuer.call(refused).await.context("discovery of the issuer")?;
        let keys = HashMap::from([("oidc-1".to_owned(), OIDC_KEY.to_vec())]);
        let made = Arc::new(JwksValidator { keys });
        self.cache.lock().unwrap().insert(issuer.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    pub fn forget(&self) {
        self.cache.lock().unwrap().clear();
    }
}

#[auth_metered(kind = token)]
#[async_trait]
impl TokenValidator for CachingOidcTokenValidator {
    #[op("validate_oidc")]
    async fn validate_token(&self, token: &str) -> Result<Claims, TokenValidationError> {
        let issuer = unsecured_claims(token)?.iss;
        if issuer != OIDC_ISSUER {
            return Err(TokenValidationError::UnknownIssuer);
        }
        self.keys_of(&issuer).await?.validate_token(token).await
    }
}

/// Tokens of this server by its own key, and all others by their issuers.
#[derive(Clone)]
pub struct FullTokenValidator {
    local: Arc<JwksValidator>,
    pub oidc: CachingOidcTokenValidator,
}

const LOCAL_ISSUER: &str = "localhost";
const LOCAL_KEY: &[u8] = b"key of this server";

impl FullTokenValidator {
    pub fn new(oidc: CachingOidcTokenValidator) -> FullTokenValidator {
        let keys = HashMap::from([("local-1".to_owned(), LOCAL_KEY.to_vec())]);
        FullTokenValidator { local: Arc::new(JwksValidator { keys }), oidc }
    }

    pub fn sign(&self, subject: &str, seconds: i64) -> String {
        signed(LOCAL_ISSUER, "local-1", LOCAL_KEY, subject, seconds)
    }
}

#[async_trait]
#[auth_metered(kind = token, source = AuthMethod::Session)]
impl TokenValidator for FullTokenValidator {
    #[op("validate_token")]
    async fn validate_token(&self, token: &str) -> Result<Claims, TokenValidationError> {
        let issuer = unsecured_claims(token)?.iss;
        if issuer == LOCAL_ISSUER {
            return self.local.validate_token(token).await;
        }
        self.oidc.validate_token(token).await
    }
}

/// What a token says of itself, before anybody has looked at its signature.
fn unsecured_claims(token: &str) -> Result<Claims, TokenValidationError> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.insecure_disable_signature_validation();
    validation.validate_exp = false;
    Ok(decode::<Claims>(token, &DecodingKey::from_secret(b""), &validation)?.claims)
}

/// A token of whoever has the key.
pub fn signed(issuer: &str, key_id: &str, key: &[u8], subject: &str, seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let exp = now.saturating_add_signed(seconds);
    let header = Header { kid: Some(key_id.to_owned()), ..Header::default() };
    let claims = Claims { iss: issuer.to_owned(), sub: subject.to_owned(), exp };
    encode(&header, &claims, &EncodingKey::from_secret(key)).unwrap()
}
