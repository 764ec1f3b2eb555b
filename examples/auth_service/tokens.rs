//! Access tokens: JWTs signed with Ed25519. Only their verification is metered; issuing one is part of an operation
//! that is metered already.

use std::time::Duration;

use auth_metrics::{FailureReason, Reason, auth_metered};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::opaque::{self, RandomError};
use crate::store::{Store, StoreError, in_future};

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
    #[reason(with = jwt_reason, among(
        token_malformed, token_signature_invalid, token_expired, token_not_yet_valid, token_claim_mismatch,
        token_algorithm_rejected, configuration_error, internal_error
    ))]
    Jwt(#[from] JwtError),
    #[error("the access token asks for an unknown algorithm, such as `none`")]
    #[reason(token_algorithm_rejected)]
    StrangeAlgorithm,
    #[error("the access token names a key that we do not have")]
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
#[error("the access token could not be signed")]
pub(crate) struct IssueError(
    #[reason(with = jwt_reason, among(configuration_error, internal_error))] JwtError,
);

/// What jsonwebtoken's errors mean. What a stranger can send is never a server's fault.
fn jwt_reason(error: &JwtError) -> Reason {
    match error.kind() {
        ErrorKind::InvalidToken | ErrorKind::Base64(_) | ErrorKind::Json(_) | ErrorKind::Utf8(_) => {
            Reason::TokenMalformed
        }
        ErrorKind::InvalidSignature => Reason::TokenSignatureInvalid,
        ErrorKind::ExpiredSignature => Reason::TokenExpired,
        ErrorKind::ImmatureSignature => Reason::TokenNotYetValid,
        ErrorKind::InvalidIssuer
        | ErrorKind::InvalidAudience
        | ErrorKind::InvalidSubject
        | ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_) => Reason::TokenClaimMismatch,
        ErrorKind::InvalidAlgorithm
        | ErrorKind::InvalidAlgorithmName
        | ErrorKind::MissingAlgorithm
        | ErrorKind::UnsupportedAlgorithm => Reason::TokenAlgorithmRejected,
        ErrorKind::InvalidEcdsaKey
        | ErrorKind::InvalidEddsaKey
        | ErrorKind::InvalidRsaKey(_)
        | ErrorKind::InvalidKeyFormat => Reason::ConfigurationError,
        // Signing failed, or a kind that did not exist when this was written.
        _ => Reason::InternalError,
    }
}

/// Our key pair can't be made, so the service can't start.
#[derive(Debug, Error)]
#[error("the key pair for access tokens could not be made")]
pub(crate) struct KeyError;

/// Issues and verifies access tokens.
pub(crate) struct Tokens {
    key_id: String,
    public_key: [u8; 32],
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    life: Duration,
    store: Store,
}

impl Tokens {
    /// With a key pair of its own, gone when the process ends.
    pub(crate) fn new(life: Duration, store: Store) -> Result<Self, KeyError> {
        let pair = SigningKey::from_bytes(&opaque::random_bytes()?);
        let public_key = pair.verifying_key().to_bytes();
        let der = pair.to_pkcs8_der().map_err(|_| KeyError)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 0;
        Ok(Self {
            key_id: URL_SAFE_NO_PAD.encode(opaque::random_bytes::<8>()?),
            public_key,
            signing: EncodingKey::from_ed_der(der.as_bytes()),
            verifying: DecodingKey::from_ed_der(&public_key),
            validation,
            life,
            store,
        })
    }

    /// The public key as a JSON web key set.
    pub(crate) fn key_set(&self) -> serde_json::Value {
        let x = URL_SAFE_NO_PAD.encode(self.public_key);
        serde_json::json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.key_id, "x": x }] })
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
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(IssueError)
    }

    /// Who presents this token, if it is ours, in time and of a session that goes on.
    #[auth_metered(op = "verify_token", kind = token)]
    pub(crate) async fn verify(&self, token: Option<&str>) -> Result<Claims, TokenError> {
        let token = token.ok_or(TokenError::Missing)?;
        self.check_header(token)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation)?.claims;
        if self.store.session_is_over(&claims.sid).await? {
            return Err(TokenError::Revoked);
        }
        Ok(claims)
    }

    /// Algorithm first, then key: a forger learns nothing from the order.
    fn check_header(&self, token: &str) -> Result<(), TokenError> {
        let header = match jsonwebtoken::decode_header(token) {
            Ok(header) => header,
            Err(error) => return Err(strange_algorithm(token).unwrap_or(TokenError::Jwt(error))),
        };
        if header.alg != Algorithm::EdDSA {
            return Err(JwtError::from(ErrorKind::InvalidAlgorithm).into());
        }
        if header.kid.as_deref() != Some(self.key_id.as_str()) {
            return Err(TokenError::UnknownKey);
        }
        Ok(())
    }
}

impl From<RandomError> for KeyError {
    fn from(_: RandomError) -> Self {
        Self
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
