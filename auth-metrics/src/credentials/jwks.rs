//! JSON web key sets: one credential for each key, by its place and never by its id.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{Credential, CredentialError};
use crate::taxonomy::CredentialKind;

/// Members that only private or symmetric keys have.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

impl Credential {
    /// The keys of a JSON web key set (RFC 7517), in their order: the first has the slug `slug.1`. A key for encryption
    /// (`"use": "enc"`) is an [`EncryptionKey`](CredentialKind::EncryptionKey), any other a
    /// [`SigningKey`](CredentialKind::SigningKey). It expires at its `exp`, in seconds since 1970, or with its certificates
    /// (`x5c`, with the feature `x509`); where it has neither, that is not known. Key ids are not read.
    ///
    /// # Errors
    ///
    /// [`CredentialError::KeySet`] where the document is none, has no key, or has private keys in it, which no published set
    /// may.
    ///
    /// ```
    /// use auth_metrics::credentials::Credential;
    ///
    /// # fn main() -> Result<(), auth_metrics::credentials::CredentialError> {
    /// let document = br#"{ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "x": "11qY", "exp": 4102444800 }] }"#;
    /// let keys = Credential::from_jwks("partner", document)?;
    /// assert_eq!(keys.len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn from_jwks(slug: &str, document: &[u8]) -> Result<Vec<Credential>, CredentialError> {
        let whole = |problem| CredentialError::KeySet { position: None, problem };
        let document: Value = serde_json::from_slice(document).map_err(|_| whole("is no JSON"))?;
        let keys =
            document.get("keys").and_then(Value::as_array).ok_or_else(|| whole("has no array `keys`"))?;
        if keys.is_empty() {
            return Err(whole("has no keys"));
        }
        (1..).zip(keys).map(|(position, key)| credential(slug, position, key)).collect()
    }
}

fn credential(slug: &str, position: usize, key: &Value) -> Result<Credential, CredentialError> {
    let wrong = |problem| CredentialError::KeySet { position: Some(position), problem };
    if key.get("kty").and_then(Value::as_str).is_none() {
        return Err(wrong("has no key type `kty`"));
    }
    if PRIVATE.iter().any(|member| key.get(member).is_some()) {
        return Err(wrong("is private: track the published set, without private keys"));
    }
    let kind = match key.get("use").and_then(Value::as_str) {
        Some("enc") => CredentialKind::EncryptionKey,
        _ => CredentialKind::SigningKey,
    };
    let mut credential = Credential::new(kind, format!("{slug}.{position}"));
    credential.not_after = match key.get("exp") {
        Some(exp) => {
            Some(time(exp).ok_or_else(|| wrong("has an `exp` that is no number of seconds since 1970"))?)
        }
        None => certified(key)?,
    };
    Ok(credential)
}

fn time(exp: &Value) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(exp.as_f64()?).ok()?)
}

/// When the certificates of a key expire.
#[cfg(feature = "x509")]
fn certified(key: &Value) -> Result<Option<SystemTime>, CredentialError> {
    let Some(chain) = key.get("x5c").and_then(Value::as_array) else { return Ok(None) };
    let mut pem = String::new();
    for certificate in chain.iter().filter_map(Value::as_str) {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        for line in certificate.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END CERTIFICATE-----\n");
    }
    super::x509::earliest_end(pem.as_bytes()).map(Some)
}

/// Certificates are read with the feature `x509` only.
#[cfg(not(feature = "x509"))]
#[expect(clippy::unnecessary_wraps, reason = "it is fallible with the feature")]
fn certified(_: &Value) -> Result<Option<SystemTime>, CredentialError> {
    Ok(None)
}
