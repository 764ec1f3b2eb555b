//! Opaque tokens: random for whoever holds them, a digest for whoever stores them.

use std::fmt;

use auth_metrics::FailureReason;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The operating system gives no random bytes.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum RandomError {
    #[error("the operating system gives no random bytes")]
    #[reason(internal_error)]
    Exhausted,
}

/// Bytes nobody can guess.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RandomError::Exhausted)?;
    Ok(bytes)
}

/// A token of 256 random bits, in URL-safe text.
pub(crate) fn random_token() -> Result<String, RandomError> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// A token on its way to a client: it is sent, never shown in a log.
pub(crate) struct ForClient(pub(crate) String);

impl fmt::Debug for ForClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ForClient(..)")
    }
}

/// What is kept of an opaque token: enough to recognise it, useless to a thief.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// The digest of a presented token. A plain hash is enough, because what it hashes is random.
    pub(crate) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(..)")
    }
}

impl ToSql for Digest {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.as_slice().to_sql()
    }
}
