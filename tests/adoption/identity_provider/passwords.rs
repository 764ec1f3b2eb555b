//! Hashes of passwords: argon2 on a thread that may block, and `anyhow` for whatever happens there.

use anyhow::Context as _;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use auth_metrics::{auth_metered, reason_chain, reasons};

#[derive(Clone, Default)]
pub struct PasswordManager;

impl PasswordManager {
    /// With the least memory and time, so that a test does not wait for it.
    pub fn hash(&self, password: &str) -> anyhow::Result<String> {
        let params = Params::new(8, 1, 1, None).map_err(anyhow::Error::msg)?;
        let salt = SaltString::encode_b64(b"salt of a test").map_err(anyhow::Error::msg)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(argon2.hash_password(password.as_bytes(), &salt).map_err(anyhow::Error::msg)?.to_string())
    }

    /// For logins. Whoever checks a password for anything else calls `verify`, since that is no login.
    #[auth_metered(op = "verify_password", reason = why)]
    pub async fn verify_login(&self, hash: String, password: String) -> anyhow::Result<()> {
        self.verify(hash, password).await
    }

    pub async fn verify(&self, hash: String, password: String) -> anyhow::Result<()> {
        let verify = move || {
            let parsed = PasswordHash::new(&hash).context("the hash can't be read")?;
            Argon2::default().verify_password(password.as_bytes(), &parsed)?;
            anyhow::Ok(())
        };
        tokio::task::spawn_blocking(verify).await.context("the thread died")?
    }
}

reason_chain! {
    fn why(error: &anyhow::Error) {
        argon2::password_hash::Error => reasons::password_hash05,
        _ => internal_error,
    }
}
