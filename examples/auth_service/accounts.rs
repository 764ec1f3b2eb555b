//! Accounts: sign-up, and what may be done to them.

use auth_metrics::{FailureReason, auth_metered};
use thiserror::Error;

use crate::limits::{LimitError, SignUpLimit};
use crate::opaque::{self, RandomError};
use crate::passwords::{PasswordError, Passwords};
use crate::store::{NewAccount, Role, Store, StoreError};
use crate::tokens::Claims;

const SHORTEST_PASSWORD: usize = 12;
const LONGEST_TEXT: usize = 128;

/// Why nobody was signed up.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum SignUpError {
    #[error("a name or a password we do not take")]
    #[reason(malformed_request)]
    Unfit,
    #[error("the name has an owner")]
    #[reason(policy_denied)]
    NameTaken,
    #[error("too many sign-ups at once")]
    #[reason(transparent)]
    Limit(#[from] LimitError),
    #[error("no secret for the second factor could be made")]
    #[reason(transparent)]
    Random(#[from] RandomError),
    #[error("the password could not be hashed")]
    #[reason(transparent)]
    Password(#[from] PasswordError),
    #[error("the account could not be stored")]
    #[reason(transparent)]
    Store(#[from] StoreError),
}

/// What needs a permission.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    /// Reading one's own account.
    ReadOwnAccount,
    /// Disabling any account.
    DisableAccount,
}

/// Signs people up and manages their accounts.
pub(crate) struct Accounts {
    store: Store,
    passwords: Passwords,
    limit: SignUpLimit,
}

impl Accounts {
    /// On top of a store.
    pub(crate) fn new(store: Store, passwords: Passwords, limit: SignUpLimit) -> Self {
        Self { store, passwords, limit }
    }

    /// Makes an account, and the secret of its second factor if it wants one. Nobody proves an identity here, so the
    /// kind is not `authentication`: `service_auth_*` stays what it says.
    #[auth_metered(op = "sign_up", kind = authorization, subject = id)]
    pub(crate) async fn sign_up(
        &self,
        id: &str,
        password: &str,
        totp_secret: Option<Vec<u8>>,
    ) -> Result<(), SignUpError> {
        if !fits(id) || !(SHORTEST_PASSWORD..=LONGEST_TEXT).contains(&password.len()) {
            return Err(SignUpError::Unfit);
        }
        self.limit.admit()?;
        let password_hash = self.passwords.hash(password).await?;
        let new = NewAccount { id: id.to_owned(), password_hash, totp_secret };
        if self.store.add_account(new).await? { Ok(()) } else { Err(SignUpError::NameTaken) }
    }

    /// Whether somebody in this role may do this.
    #[auth_metered(op = "authorize", kind = authorization, false_is = permission_denied, subject = &claims.sub, session = &claims.sid)]
    pub(crate) fn may(claims: &Claims, role: Role, action: Action) -> bool {
        match action {
            Action::ReadOwnAccount => true,
            Action::DisableAccount => role == Role::Administrator,
        }
    }

    /// The rule that may come and is only observed so far: nobody shuts an account out alone.
    pub(crate) fn four_eyes_would_allow(action: Action) -> bool {
        match action {
            Action::ReadOwnAccount => true,
            Action::DisableAccount => false,
        }
    }

    /// What this account may do.
    pub(crate) async fn role(&self, id: &str) -> Result<Role, StoreError> {
        self.store.role(id).await
    }

    /// Shuts an account out, for an administrator.
    pub(crate) async fn disable(&self, id: &str) -> Result<(), StoreError> {
        self.store.disable_account(id).await
    }
}

/// A secret for an authenticator app.
pub(crate) fn totp_secret() -> Result<Vec<u8>, SignUpError> {
    Ok(opaque::random_bytes::<20>()?.to_vec())
}

fn fits(id: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty() && id.len() <= LONGEST_TEXT && id.chars().all(known)
}
