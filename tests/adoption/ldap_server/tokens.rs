//! Tokens of sessions, by the crate jwt.

use std::collections::HashSet;
use std::sync::RwLock;
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::error::ErrorUnauthorized;
use auth_metrics::{auth_metered, reason_chain};
use hmac::{Hmac, Mac as _};
use jwt::{AlgorithmType, Header, SignWithKey as _, VerifyWithKey as _};
use serde::{Deserialize, Serialize};
use sha2::Sha512;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JwtClaims {
    pub exp: u64,
    pub user: String,
    pub groups: Vec<String>,
}

/// What a token says, once it is verified.
#[derive(Clone)]
pub struct ValidationResults {
    pub user: String,
    groups: Vec<String>,
}

impl ValidationResults {
    pub fn is_admin(&self) -> bool {
        self.groups.iter().any(|group| group == "admin")
    }

    pub fn can_read(&self, name: &str) -> bool {
        self.is_admin() || self.user == name
    }
}

pub struct Tokens {
    key: Hmac<Sha512>,
    blacklist: RwLock<HashSet<String>>,
}

impl Tokens {
    pub fn new(key: &[u8]) -> Tokens {
        Tokens { key: Hmac::new_from_slice(key).unwrap(), blacklist: RwLock::default() }
    }

    pub fn create_jwt(&self, user: &str, is_admin: bool, seconds: i64) -> String {
        let groups = if is_admin { vec!["admin".to_owned()] } else { Vec::new() };
        let exp = now().saturating_add_signed(seconds);
        let claims = JwtClaims { exp, user: user.to_owned(), groups };
        let header = Header { algorithm: AlgorithmType::Hs512, ..Header::default() };
        jwt::Token::new(header, claims).sign_with_key(&self.key).unwrap().as_str().to_owned()
    }

    pub fn log_out(&self, token: &str) {
        self.blacklist.write().unwrap().insert(token.to_owned());
    }

    /// Whether the key signed it. The function below throws this error away.
    #[auth_metered(op = "verify_jwt", kind = token)]
    fn verify(&self, token: &str) -> Result<JwtClaims, jwt::Error> {
        let token: jwt::Token<Header, JwtClaims, _> = token.verify_with_key(&self.key)?;
        Ok(token.claims().clone())
    }

    #[auth_metered(op = "check_token", kind = token, reason = why, nested = decides)]
    pub fn check_if_token_is_valid(&self, token: &str) -> Result<ValidationResults, actix_web::Error> {
        let claims = self.verify(token).map_err(|_| ErrorUnauthorized("Invalid JWT"))?;
        if claims.exp < now() {
            return Err(ErrorUnauthorized("Expired JWT"));
        }
        if self.blacklist.read().unwrap().contains(token) {
            return Err(ErrorUnauthorized("JWT was logged out"));
        }
        Ok(ValidationResults { user: claims.user, groups: claims.groups })
    }
}

reason_chain! {
    fn why(error: &actix_web::Error) {
        match error.to_string().as_str() {
            "Expired JWT" => token_expired,
            "JWT was logged out" => token_revoked,
            "Invalid JWT" => token_malformed,
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A token that somebody else signed.
pub fn forged(user: &str) -> String {
    let key: Hmac<Sha512> = Hmac::new_from_slice(b"guessed").unwrap();
    let claims = JwtClaims { exp: now() + 60, user: user.to_owned(), groups: Vec::new() };
    let header = Header { algorithm: AlgorithmType::Hs512, ..Header::default() };
    jwt::Token::new(header, claims).sign_with_key(&key).unwrap().as_str().to_owned()
}
