//! A stand-in for another company's identity service.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::PartnerError;
use crate::certificate::ClientCertificate;
use crate::opaque::{self, Digest, RandomError};
use crate::signing::{KeyError, SigningKeys, new_id};
use crate::store::in_future;

/// How long the partner's word holds.
const WORD: Duration = Duration::from_secs(60);

/// What the partner says of somebody.
#[derive(Serialize, Deserialize)]
pub(super) struct Assertion {
    pub(super) sub: String,
    exp: i64,
}

/// The other company: slow, with a new key every 64 codes. When it is in trouble it is down for one call in 29, stuck for one in
/// 31, and one fetch of its keys in three fails.
#[derive(Clone)]
pub(crate) struct Partner {
    codes: Arc<Mutex<HashMap<Digest, String>>>,
    calls: Arc<AtomicU64>,
    fetches: Arc<AtomicU64>,
    keys: Arc<SigningKeys>,
    in_trouble: Arc<AtomicBool>,
}

impl Partner {
    /// With a key of its own.
    pub(crate) fn new() -> Result<Self, KeyError> {
        Ok(Self {
            codes: Arc::default(),
            calls: Arc::default(),
            fetches: Arc::default(),
            keys: Arc::new(SigningKeys::new()?),
            in_trouble: Arc::default(),
        })
    }

    /// Puts it in trouble, or out of it.
    pub(crate) fn set_in_trouble(&self, in_trouble: bool) {
        self.in_trouble.store(in_trouble, Ordering::Relaxed);
    }

    /// Whether this call is one of those that meet trouble.
    fn meets_trouble(&self, call: u64, every: u64) -> bool {
        call.is_multiple_of(every) && self.in_trouble.load(Ordering::Relaxed)
    }

    /// What the partner's own login page does: it hands a one-time code to a person that it knows.
    pub(crate) fn sign_in(&self, account: &str) -> Result<String, RandomError> {
        let code = opaque::random_token()?;
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.insert(Digest::of(&code), account.to_owned());
        Ok(code)
    }

    /// Whose code this is, signed. Deliberately slow.
    pub(super) async fn redeem(
        &self,
        code: &str,
        certificate: &ClientCertificate,
    ) -> Result<String, PartnerError> {
        if !certificate.is_valid() {
            return Err(PartnerError::OurCertificate);
        }
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(Duration::from_millis(60 + call * 37 % 120)).await;
        if self.meets_trouble(call, 29) {
            return Err(PartnerError::Unreachable);
        }
        if self.meets_trouble(call, 31) {
            sleep(Duration::from_secs(60)).await;
        }
        if call.is_multiple_of(64) {
            let rotated = new_id().and_then(|id| self.keys.rotate(id));
            rotated.map_err(|KeyError| PartnerError::Unreachable)?;
        }
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let account = codes.remove(&Digest::of(code)).ok_or(PartnerError::UnknownCode)?;
        self.signed(account).ok_or(PartnerError::Unreachable)
    }

    /// The partner's key set, as one would get it from its URL.
    pub(super) async fn key_set(&self) -> Result<String, PartnerError> {
        let fetch = self.fetches.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(Duration::from_millis(5)).await;
        if self.meets_trouble(fetch, 3) {
            return Err(PartnerError::Unreachable);
        }
        Ok(self.keys.key_set().to_string())
    }

    fn signed(&self, sub: String) -> Option<String> {
        let key = self.keys.current()?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &Assertion { sub, exp: in_future(WORD) }, &key.signing).ok()
    }
}
