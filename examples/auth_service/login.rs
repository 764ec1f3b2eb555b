//! Signing in with a password.

use std::net::IpAddr;
use std::time::Duration;

use auth_metrics::{AuthMethod, FailureReason, auth_metered};
use auth_metrics_detect::Action;
use thiserror::Error;

use crate::limits::{LimitError, LoginLimit};
use crate::opaque::{self, Digest, ForClient, RandomError};
use crate::passwords::{PasswordError, Passwords};
use crate::risk::{Asker, Gate, GateError};
use crate::sessions::{Grant, GrantError, Sessions};
use crate::settings::Settings;
use crate::store::{Account, Store, StoreError, in_future};

const CODES_PER_CHALLENGE: u32 = 3;

/// What a client sends to sign in, and where it comes from.
pub(crate) struct LoginRequest<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
    pub(crate) client: Option<IpAddr>,
    /// The answer to an earlier challenge.
    pub(crate) proof: Option<&'a str>,
}

/// Why a login gave no session. A client learns none of this but the proof of work, the second factor and the rate limit.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum LoginError {
    #[error("no name or no password")]
    #[reason(missing_credentials)]
    Missing,
    #[error(transparent)]
    #[reason(transparent)]
    Gate(#[from] GateError),
    #[error("too many logins for this name")]
    #[reason(transparent)]
    Limit(#[from] LimitError),
    #[error("no account has this name")]
    #[reason(unknown_subject)]
    UnknownAccount,
    #[error("the password is wrong")]
    #[reason(invalid_credentials)]
    WrongPassword,
    #[error("the account is locked after too many wrong passwords")]
    #[reason(account_locked)]
    Locked,
    #[error("an administrator shut the account")]
    #[reason(account_disabled)]
    Disabled,
    #[error("the password is right, but the risk is too high for an account without a second factor")]
    #[reason(policy_denied)]
    TooRisky,
    #[error("the password is right; a code must follow")]
    #[reason(mfa_required)]
    SecondFactor { challenge: ForClient },
    #[error("the password could not be checked")]
    #[reason(transparent)]
    Password(#[from] PasswordError),
    #[error("no challenge could be made")]
    #[reason(transparent)]
    Random(#[from] RandomError),
    #[error("the account could not be looked up")]
    #[reason(transparent)]
    Store(#[from] StoreError),
    #[error("the password is right, but no session could be opened")]
    #[reason(transparent)]
    Grant(#[from] GrantError),
}

/// Checks passwords.
pub(crate) struct Logins {
    store: Store,
    passwords: Passwords,
    limit: LoginLimit,
    gate: Gate,
    sessions: Sessions,
    lock_after: u32,
    lock_for: Duration,
    challenge_life: Duration,
}

impl Logins {
    /// On top of everything a login needs.
    pub(crate) fn new(
        settings: &Settings,
        store: Store,
        passwords: Passwords,
        limit: LoginLimit,
        gate: Gate,
        sessions: Sessions,
    ) -> Self {
        let Settings { lock_after, lock_for, challenge_life, .. } = *settings;
        Self { store, passwords, limit, gate, sessions, lock_after, lock_for, challenge_life }
    }

    /// A session for a name and its password, once the risk is known. Waiting is no part of the attempt, so its latency stays that of
    /// a login.
    pub(crate) async fn sign_in(&self, request: LoginRequest<'_>) -> Result<Grant, LoginError> {
        let advice = self.gate.advice(request.name, request.client);
        self.gate.slow_down(advice).await;
        self.login(&request, advice).await
    }

    /// A hash is computed for every name that gets this far, so that one that does not exist is not told by its quick answer.
    #[auth_metered(op = "login", source = AuthMethod::Password, subject = request.name, peer = request.client)]
    async fn login(&self, request: &LoginRequest<'_>, advice: Action) -> Result<Grant, LoginError> {
        let LoginRequest { name, password, client, proof } = *request;
        if name.is_empty() || password.is_empty() {
            return Err(LoginError::Missing);
        }
        // Before the limit: who guesses can't use up what its owner may do.
        self.gate.admit(advice, Asker { name, client }, proof)?;
        self.limit.admit(name)?;
        let account = self.store.account(name).await?;
        let stored = account.as_ref().map(|account| account.password_hash.as_str());
        let right = self.passwords.matches(password, stored).await?;
        let account = self.usable(account, right).await?;
        self.store.forget_failures(&account.id).await?;
        if account.totp_secret.is_some() {
            return Err(LoginError::SecondFactor { challenge: self.challenge(&account.id).await? });
        }
        if advice >= Action::StepUp {
            return Err(LoginError::TooRisky);
        }
        Ok(self.sessions.open(&account.id).await?)
    }

    /// Forgets the names that the rate limit need not remember.
    pub(crate) fn forget_idle_names(&self) {
        self.limit.forget_idle_names();
    }

    /// The account, unless something stands against it.
    async fn usable(&self, account: Option<Account>, right: bool) -> Result<Account, LoginError> {
        let account = account.ok_or(LoginError::UnknownAccount)?;
        if account.disabled {
            return Err(LoginError::Disabled);
        }
        if account.locked {
            return Err(LoginError::Locked);
        }
        if !right {
            self.store.count_failure(&account.id, self.lock_after, self.lock_for).await?;
            return Err(LoginError::WrongPassword);
        }
        Ok(account)
    }

    async fn challenge(&self, account: &str) -> Result<ForClient, LoginError> {
        let challenge = opaque::random_token()?;
        let expires = in_future(self.challenge_life);
        self.store.add_challenge(account, Digest::of(&challenge), expires, CODES_PER_CHALLENGE).await?;
        Ok(ForClient(challenge))
    }
}
