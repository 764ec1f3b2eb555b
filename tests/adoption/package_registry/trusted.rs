//! Tokens of a build service, which are given for one of the registry.

use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::auth_metered;
use axum::extract::State;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::errors::{AppResult, unexpected_claim};
use crate::{ApiToken, App};

const ISSUER: &str = "https://builds.example.com";
const KEY: &[u8] = b"key of the build service";

#[derive(Debug, Serialize, Deserialize)]
pub struct BuildClaims {
    pub iss: String,
    pub aud: String,
    pub exp: u64,
    pub repository: String,
}

#[auth_metered(op = "verify_build", kind = token)]
fn verify(jwt: &str) -> Result<BuildClaims, jsonwebtoken::errors::Error> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&["registry"]);
    Ok(decode::<BuildClaims>(jwt, &DecodingKey::from_secret(KEY), &validation)?.claims)
}

#[auth_metered(op = "exchange_token", kind = token)]
pub async fn exchange(State(app): State<App>, jwt: String) -> AppResult<String> {
    let claims = verify(&jwt)?;
    if claims.repository != "alice/crate" {
        return Err(unexpected_claim("no crate trusts this repository"));
    }
    let token = ApiToken { user: "alice".to_owned(), expired: false, scopes: vec!["publish"], locked: false };
    app.put("short-lived", token);
    Ok("short-lived".to_owned())
}

/// A token of a build, of whoever has the key.
pub fn signed(audience: &str, repository: &str, seconds: i64, key: Option<&[u8]>) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = BuildClaims {
        iss: ISSUER.to_owned(),
        aud: audience.to_owned(),
        exp: now.saturating_add_signed(seconds),
        repository: repository.to_owned(),
    };
    encode(&Header::default(), &claims, &EncodingKey::from_secret(key.unwrap_or(KEY))).unwrap()
}
