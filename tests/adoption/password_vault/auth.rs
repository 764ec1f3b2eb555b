//! Tokens, and the guard that wants one. Both answer with texts.

use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::{Outcome as Ended, auth_metered, reason_chain};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, why};

const SECRET: &[u8] = b"secret";
const LOGIN_ISSUER: &str = "https://vault.example.com|login";

#[derive(Debug, Serialize, Deserialize)]
pub struct LoginJwtClaims {
    pub exp: u64,
    pub iss: String,
    pub sub: String,
}

#[auth_metered(op = "decode_jwt", kind = token, reason = why)]
fn decode_jwt<T: DeserializeOwned>(token: &str, issuer: &str) -> Result<T, Error> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 30;
    validation.set_issuer(&[issuer]);
    let token = token.replace(char::is_whitespace, "");
    match jsonwebtoken::decode(&token, &DecodingKey::from_secret(SECRET), &validation) {
        Ok(decoded) => Ok(decoded.claims),
        Err(error) => match *error.kind() {
            ErrorKind::InvalidToken => err!("Token is invalid"),
            ErrorKind::InvalidIssuer => err!("Issuer is invalid"),
            ErrorKind::ExpiredSignature => err!("Token has expired"),
            ErrorKind::InvalidSignature => err!("Signature is invalid"),
            _ => err!("Error decoding JWT"),
        },
    }
}

pub fn decode_login(token: &str) -> Result<LoginJwtClaims, Error> {
    decode_jwt(token, LOGIN_ISSUER)
}

/// A token of this vault, or of somebody who guesses its key.
pub fn encode_login(email: &str, seconds: i64, secret: Option<&[u8]>) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let exp = now.saturating_add_signed(seconds);
    let claims = LoginJwtClaims { exp, iss: LOGIN_ISSUER.to_owned(), sub: email.to_owned() };
    let key = EncodingKey::from_secret(secret.unwrap_or(SECRET));
    jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap()
}

/// Somebody who is logged in.
pub struct Headers {
    pub email: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Headers {
    type Error = &'static str;

    #[auth_metered(
        op = "session",
        kind = token,
        classify = by_text,
        among(missing_credentials, token_malformed, token_expired, token_signature_invalid, token_claim_mismatch),
        nested = decides,
    )]
    async fn from_request(request: &'r Request<'_>) -> Outcome<Headers, &'static str> {
        let token = match request.headers().get_one("authorization") {
            Some(header) => header.strip_prefix("Bearer ").unwrap_or(header),
            None => err_handler!("No access token provided"),
        };
        let Ok(claims) = decode_login(token) else { err_handler!("Invalid claim") };
        Outcome::Success(Headers { email: claims.sub })
    }
}

reason_chain! {
    /// The texts of `err_handler!`.
    fn refused(text: &str) {
        match text {
            "No access token provided" => missing_credentials,
            "Invalid claim" => token_malformed,
        }
    }
}

fn by_text(outcome: &Outcome<Headers, &'static str>) -> Ended {
    match outcome {
        Outcome::Error((_, text)) => Ended::Failure(refused(text)),
        _ => Ended::Success,
    }
}
