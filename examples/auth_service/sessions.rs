//! Sessions: an access token to work with, a refresh token to go on, and an end.

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::{AuthMethod, FailureReason, auth_metered, events};
use serde::Serialize;
use thiserror::Error;

use crate::opaque::{self, Digest, RandomError};
use crate::store::{Rotation, Store, StoreError, in_future};
use crate::tokens::{Claims, IssueError, Tokens};

/// What a client gets when it is signed in.
#[derive(Serialize)]
pub(crate) struct Grant {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// A session could not be opened: always our own fault.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum GrantError {
    #[error("no secret could be made")]
    #[reason(transparent)]
    Random(#[from] RandomError),
    #[error("the session could not be stored")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the access token could not be signed")]
    #[reason(transparent)]
    Token(#[from] IssueError),
}

/// Why a refresh token is not accepted.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum RefreshError {
    #[error("there is no refresh token")]
    #[reason(missing_credentials)]
    Missing,
    #[error("the refresh token was never issued")]
    #[reason(session_invalid)]
    Unknown,
    #[error("the refresh token was used before")]
    #[reason(token_replayed)]
    Replayed,
    #[error("the refresh token is too old")]
    #[reason(token_expired)]
    Expired,
    #[error("the session of the refresh token was ended")]
    #[reason(token_revoked)]
    Revoked,
    #[error("the refresh token could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the refresh token is right, but the session could not go on")]
    #[reason(transparent)]
    Grant(#[from] GrantError),
}

/// Opens, continues and ends sessions.
#[derive(Clone)]
pub(crate) struct Sessions {
    store: Store,
    tokens: Arc<Tokens>,
    refresh_life: Duration,
}

impl Sessions {
    /// On top of a store and a signer.
    pub(crate) fn new(store: Store, tokens: Arc<Tokens>, refresh_life: Duration) -> Self {
        Self { store, tokens, refresh_life }
    }

    /// Opens a session for somebody whose identity is proven.
    pub(crate) async fn open(&self, account: &str) -> Result<Grant, GrantError> {
        let session = opaque::random_token()?;
        self.store.open_session(&session, account).await?;
        // For the attempt that opens it, whichever way of signing in that is.
        events::note(|about| about.subject(account).session(&session));
        self.grant(account, &session).await
    }

    /// Trades a refresh token for new tokens; each one works once.
    #[auth_metered(op = "refresh", source = AuthMethod::Session)]
    pub(crate) async fn refresh(&self, token: Option<&str>) -> Result<Grant, RefreshError> {
        let digest = Digest::of(token.ok_or(RefreshError::Missing)?);
        match self.store.rotate(digest).await? {
            Rotation::Rotated { session, account } => {
                events::note(|about| about.subject(&account).session(&session));
                Ok(self.grant(&account, &session).await?)
            }
            Rotation::Replayed => Err(RefreshError::Replayed),
            Rotation::Revoked => Err(RefreshError::Revoked),
            Rotation::Expired => Err(RefreshError::Expired),
            Rotation::Unknown => Err(RefreshError::Unknown),
        }
    }

    /// Ends the session of this token. `false`: somebody else ended it in the meantime.
    #[auth_metered(op = "logout", kind = authorization, false_is = session_invalid, subject = &claims.sub, session = &claims.sid)]
    pub(crate) async fn logout(&self, claims: &Claims) -> Result<bool, StoreError> {
        self.store.end_session(&claims.sid).await
    }

    async fn grant(&self, account: &str, session: &str) -> Result<Grant, GrantError> {
        let refresh_token = opaque::random_token()?;
        let expires = in_future(self.refresh_life);
        self.store.add_refresh_token(session, Digest::of(&refresh_token), expires).await?;
        Ok(Grant { access_token: self.tokens.issue(account, session)?, refresh_token })
    }
}
