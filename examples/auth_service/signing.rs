//! The keys that sign access tokens: one in use, those before it that still verify, and what is published of them.

use std::sync::{Arc, PoisonError, RwLock};

use auth_metrics_credentials::KeyState;
use auth_metrics_credentials::keys::KeyRing;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{DecodingKey, EncodingKey};
use thiserror::Error;

use crate::opaque::{self, RandomError};

/// A key pair can't be made.
#[derive(Debug, Error)]
#[error("a key pair for access tokens could not be made")]
pub(crate) struct KeyError;

impl From<RandomError> for KeyError {
    fn from(_: RandomError) -> Self {
        Self
    }
}

/// The id of a key that no rotator names. No other key has it.
pub(crate) fn new_id() -> Result<String, KeyError> {
    Ok(URL_SAFE_NO_PAD.encode(opaque::random_bytes::<16>()?))
}

/// One key pair.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
    public: [u8; 32],
}

impl Key {
    /// A new one of this id, gone when the process ends.
    pub(crate) fn new(id: String) -> Result<Self, KeyError> {
        let pair = SigningKey::from_bytes(&opaque::random_bytes()?);
        let public = pair.verifying_key().to_bytes();
        let der = pair.to_pkcs8_der().map_err(|_| KeyError)?;
        Ok(Self {
            id,
            signing: EncodingKey::from_ed_der(der.as_bytes()),
            verifying: DecodingKey::from_ed_der(&public),
            public,
        })
    }

    /// Its public half as a JSON web key.
    pub(crate) fn published(&self) -> serde_json::Value {
        let x = URL_SAFE_NO_PAD.encode(self.public);
        serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id, "x": x })
    }
}

/// The keys of an issuer. The newest signs; all of them verify until they are retired.
pub(crate) struct SigningKeys {
    /// The newest first.
    keys: RwLock<Vec<Arc<Key>>>,
    ring: KeyRing<String>,
}

impl SigningKeys {
    /// With one key.
    pub(crate) fn new() -> Result<Self, KeyError> {
        let key = Key::new(new_id()?)?;
        let ring = KeyRing::new(key.id.clone());
        Ok(Self { keys: RwLock::new(vec![Arc::new(key)]), ring })
    }

    /// A new key of this id signs from now on. Those before it still verify.
    pub(crate) fn rotate(&self, id: String) -> Result<(), KeyError> {
        let key = Key::new(id)?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        self.ring.rotate(key.id.clone());
        keys.insert(0, Arc::new(key));
        Ok(())
    }

    /// The key of this id verifies no more. The one that signs stays.
    pub(crate) fn retire(&self, id: &str) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if self.ring.retire(id) {
            keys.retain(|key| key.id != id);
        }
    }

    /// The key that signs now; none only if a writer died in the middle of its work.
    pub(crate) fn current(&self) -> Option<Arc<Key>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// The key of this id, if it verifies.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Key>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| key.id == id).cloned()
    }

    /// How the key of this id stands; it may be anything that a stranger wrote.
    pub(crate) fn state(&self, id: &str) -> KeyState {
        self.ring.state(id)
    }

    /// The public keys as a JSON web key set.
    pub(crate) fn key_set(&self) -> serde_json::Value {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let published: Vec<_> = keys.iter().map(|key| key.published()).collect();
        serde_json::json!({ "keys": published })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_verifies_until_it_is_retired_and_is_published_until_then() -> Result<(), KeyError> {
        let keys = SigningKeys::new()?;
        let old = keys.current().map(|key| key.id.clone()).unwrap_or_default();
        keys.rotate("next".to_owned())?;
        assert_eq!(keys.state(&old), KeyState::Previous);
        assert!(keys.find(&old).is_some() && keys.key_set().to_string().contains(&old));
        keys.retire(&old);
        assert_eq!(keys.state(&old), KeyState::Retired);
        assert!(keys.find(&old).is_none() && !keys.key_set().to_string().contains(&old));
        keys.retire("next");
        assert!(keys.current().is_some_and(|key| key.id == "next"), "the key that signs stays");
        Ok(())
    }
}
