//! The second factor: time-based one-time passwords, each of which works once.

use auth_metrics::{AuthMethod, FailureReason, auth_metered, events};
use thiserror::Error;
use totp_rs::{Builder, Secret, Totp, TotpError};

use crate::opaque::Digest;
use crate::sessions::{Grant, GrantError, Sessions};
use crate::store::{Store, StoreError, now};

/// Why a code gave no session.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum SecondFactorError {
    #[error("the challenge is too old, has no tries left, or never was")]
    #[reason(mfa_expired)]
    NoChallenge,
    #[error("the code is wrong")]
    #[reason(mfa_invalid)]
    WrongCode,
    #[error("the code was right once and has been used")]
    #[reason(token_replayed)]
    UsedCode,
    #[error("the stored secret is no secret")]
    #[reason(configuration_error)]
    BadSecret,
    #[error("the challenge could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the code is right, but no session could be opened")]
    #[reason(transparent)]
    Grant(#[from] GrantError),
}

impl From<TotpError> for SecondFactorError {
    fn from(_: TotpError) -> Self {
        Self::BadSecret
    }
}

/// The usual parameters: SHA-1, six digits, 30 seconds, one step of tolerance.
pub(crate) fn authenticator(secret: &[u8]) -> Result<Totp, TotpError> {
    Builder::new().with_secret(secret).build()
}

/// The secret as authenticator apps take it.
pub(crate) fn to_text(secret: &[u8]) -> String {
    Secret::from(secret).to_base32()
}

/// Checks codes.
pub(crate) struct SecondFactors {
    store: Store,
    sessions: Sessions,
}

impl SecondFactors {
    /// On top of the store that holds the challenges.
    pub(crate) fn new(store: Store, sessions: Sessions) -> Self {
        Self { store, sessions }
    }

    /// A session for a challenge and its code.
    #[auth_metered(op = "second_factor", source = AuthMethod::Other)]
    pub(crate) async fn answer(&self, challenge: &str, code: &str) -> Result<Grant, SecondFactorError> {
        let digest = Digest::of(challenge);
        let open = self.store.try_challenge(digest).await?.ok_or(SecondFactorError::NoChallenge)?;
        // Only the challenge says whose code this is.
        events::note(|about| about.subject(&open.account));
        let time = u64::try_from(now()).unwrap_or_default();
        let step = authenticator(&open.totp_secret)?.check(code, time).ok_or(SecondFactorError::WrongCode)?;
        if !self.store.use_totp_step(&open.account, step).await? {
            return Err(SecondFactorError::UsedCode);
        }
        self.store.close_challenge(digest).await?;
        Ok(self.sessions.open(&open.account).await?)
    }
}
