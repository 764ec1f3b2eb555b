//! Reads JSON web key sets: when their keys expire. Keeps and shows no key, no private part and no key id.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::digest::Digest;
use super::key_set_error::MOST_KEYS;
use super::x509::read_base64;
use super::{Credential, CredentialError, KeySetError, SlugError};
use crate::terms::CredentialKind;

/// The keys of a set are told apart by six digits.
const NUMBERS: u64 = 1_000_000;
impl Credential {
    /// Reads the keys of a JWKS document and returns them in its order. Reads no clock.
    ///
    /// A key expires at its `exp`, or when the first certificate of its `x5c` expires, whichever is sooner. Most key sets have
    /// neither. A key whose `use` is `enc` becomes a [`CredentialKind::EncryptionKey`], any other key a
    /// [`CredentialKind::SigningKey`]. If you fetch a set again and again, use
    /// [`CredentialTracker::renew_jwks`](super::CredentialTracker::renew_jwks).
    ///
    /// # Slugs
    ///
    /// Each key gets a slug such as `login.582931`: yours, of at most 57 bytes, and six digits. The digits come from a digest
    /// of the public key, its `kid` and its `use`. So a key keeps its slug in every fetch and every replica, wherever it is in
    /// the document. If two keys of a set have the same digits (one pair in a million), the one with the higher digest gets the
    /// next digits while both are in the set. Keys with the same digest are told apart by their order only.
    ///
    /// The digits reveal neither the key nor its id, and no private part goes into them. To find the key of a slug, look for
    /// the position of the slug in the returned list.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use auth_metrics_credentials::Credential;
    ///
    /// # fn main() -> Result<(), auth_metrics_credentials::CredentialError> {
    /// let document = r#"{"keys":[{"kty":"EC","kid":"2026-01","exp":1893456000}]}"#;
    /// let keys = Credential::from_jwks("login", document)?;
    /// assert!(keys[0].slug().starts_with("login."));
    /// assert_eq!(keys[0].not_after(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the slug is refused, if the document or one of its keys can't be read, or if it has more than 128
    /// keys.
    pub fn from_jwks(slug: &str, document: impl AsRef<[u8]>) -> Result<Vec<Credential>, CredentialError> {
        let kind = CredentialKind::SigningKey;
        let numbered = format!("{slug}.{:06}", 0);
        let check =
            |slug: &str| SlugError::check(slug).map_err(|error| CredentialError::Slug { kind, error });
        check(slug).and_then(|()| check(&numbered))?;
        read(slug, document.as_ref())
            .map_err(|error| CredentialError::KeySet { slug: slug.to_owned(), error })
    }
}

fn read(slug: &str, document: &[u8]) -> Result<Vec<Credential>, KeySetError> {
    let document: Value = serde_json::from_slice(document)
        .map_err(|error| KeySetError::NotJson { line: error.line(), column: error.column() })?;
    let keys = document.get("keys").and_then(Value::as_array).ok_or(KeySetError::NoKeys)?;
    if keys.is_empty() {
        return Err(KeySetError::Empty);
    }
    if keys.len() > MOST_KEYS {
        return Err(KeySetError::TooManyKeys { keys: keys.len() });
    }
    let set = Arc::from(slug);
    let digests: Vec<u64> = keys.iter().map(|key| key.as_object().map_or(0, digest)).collect();
    let read_one = |(position, ((key, digest), number)): (usize, ((&Value, &u64), u64))| {
        let key = key.as_object().ok_or(KeySetError::NotAKey(position))?;
        let credential = read_key(format!("{slug}.{number:06}"), key, position)?;
        Ok(Credential { digest: Some(*digest), set: Some(Arc::clone(&set)), ..credential })
    };
    (1..).zip(keys.iter().zip(&digests).zip(numbers(&digests))).map(read_one).collect()
}

/// Assigns a number to each digest, none twice, in the order of the digests, so that the order in the document does not matter.
fn numbers(digests: &[u64]) -> Vec<u64> {
    let mut by_digest: Vec<(usize, u64)> = digests.iter().copied().enumerate().collect();
    by_digest.sort_by_key(|(_, digest)| *digest);
    let (mut numbers, mut taken) = (digests.to_vec(), BTreeSet::new());
    for (place, digest) in by_digest {
        // There are more numbers than keys, so one of as many as there are keys is free.
        let mut next = (0..).zip(digests).map(|(step, _)| (digest % NUMBERS + step) % NUMBERS);
        if let Some(free) = next.find(|number| taken.insert(*number)) {
            numbers[place] = free;
        }
    }
    numbers
}

/// Digests what a key keeps from fetch to fetch: its id, its use, and the public members of its thumbprint (RFC 7638).
fn digest(key: &Map<String, Value>) -> u64 {
    let text = |member: &str| key.get(member).and_then(Value::as_str).unwrap_or_default();
    let mut digest = Digest::new();
    for member in ["kid", "use", "kty", "crv", "x", "y", "n", "e", "pub"] {
        digest.add(text(member).as_bytes());
    }
    digest.number()
}

fn read_key(slug: String, key: &Map<String, Value>, position: usize) -> Result<Credential, KeySetError> {
    let is_encryption = key.get("use").and_then(Value::as_str) == Some("enc");
    let kind = if is_encryption { CredentialKind::EncryptionKey } else { CredentialKind::SigningKey };
    let mut credential = Credential {
        not_after: time(key, position, "exp")?,
        not_before: time(key, position, "nbf")?,
        ..Credential::new(kind, slug)
    };
    for certificate in chain(key, position)? {
        let text = certificate.as_str().ok_or(KeySetError::NotAChain(position))?;
        let read = |error| KeySetError::Certificate { key: position, error };
        let validity = read_base64(text, position).map_err(read)?;
        if credential.not_after.is_none_or(|before| validity.not_after < before) {
            credential.not_after = Some(validity.not_after);
        }
        credential.not_before = credential.not_before.max(Some(validity.not_before));
    }
    Ok(credential)
}

fn chain(key: &Map<String, Value>, position: usize) -> Result<&[Value], KeySetError> {
    match key.get("x5c") {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(chain)) => Ok(chain),
        Some(_) => Err(KeySetError::NotAChain(position)),
    }
}

fn time(
    key: &Map<String, Value>,
    position: usize,
    member: &'static str,
) -> Result<Option<SystemTime>, KeySetError> {
    let value = match key.get(member) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value.as_f64(),
    };
    let since = value.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let at = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    at.map(Some).ok_or(KeySetError::NotATime { key: position, member })
}
