//! Accounts: who exists, their password hash, their lock and their second factor.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, params};

use super::{Store, StoreError, in_future, now};

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Reads its own data.
    Member,
    /// May disable accounts as well.
    Administrator,
}

/// An account as login sees it.
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) password_hash: String,
    pub(crate) disabled: bool,
    pub(crate) locked: bool,
    pub(crate) totp_secret: Option<Vec<u8>>,
}

/// What sign-up writes.
pub(crate) struct NewAccount {
    pub(crate) id: String,
    pub(crate) password_hash: String,
    pub(crate) totp_secret: Option<Vec<u8>>,
}

impl Store {
    /// Adds an account; the very first one is the administrator. `false`: the name is taken.
    pub(crate) async fn add_account(&self, new: NewAccount) -> Result<bool, StoreError> {
        self.run(move |db| {
            let sql = "INSERT OR IGNORE INTO accounts (id, password_hash, administrator, totp_secret)
                       SELECT ?1, ?2, NOT EXISTS (SELECT 1 FROM accounts), ?3";
            Ok(db.execute(sql, params![new.id, new.password_hash, new.totp_secret])? == 1)
        })
        .await
    }

    /// The account of that name, if there is one.
    pub(crate) async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        let id = id.to_owned();
        self.run(move |db| {
            let sql = "SELECT password_hash, disabled, locked_until, totp_secret FROM accounts WHERE id = ?1";
            db.prepare_cached(sql)?
                .query_row([&id], |row| {
                    Ok(Account {
                        id: id.clone(),
                        password_hash: row.get(0)?,
                        disabled: row.get(1)?,
                        locked: row.get::<_, i64>(2)? > now(),
                        totp_secret: row.get(3)?,
                    })
                })
                .optional()
        })
        .await
    }

    /// What the account may do. A name that does not exist may do what a member may.
    pub(crate) async fn role(&self, id: &str) -> Result<Role, StoreError> {
        let id = id.to_owned();
        self.run(move |db| {
            let sql = "SELECT administrator FROM accounts WHERE id = ?1";
            let administrator = db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            Ok(if administrator == Some(true) { Role::Administrator } else { Role::Member })
        })
        .await
    }

    /// Counts a wrong password and locks the account when there were too many.
    pub(crate) async fn count_failure(&self, id: &str, after: u32, lock: Duration) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.run(move |db| {
            let sql = "UPDATE accounts SET failures = (failures + 1) % ?2,
                       locked_until = CASE WHEN failures + 1 >= ?2 THEN ?3 ELSE locked_until END WHERE id = ?1";
            db.prepare_cached(sql)?.execute(params![id, after, in_future(lock)]).map(drop)
        })
        .await
    }

    /// Forgets the wrong passwords before a right one.
    pub(crate) async fn forget_failures(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.run(move |db| {
            db.prepare_cached("UPDATE accounts SET failures = 0 WHERE id = ?1")?.execute([id]).map(drop)
        })
        .await
    }

    /// Nobody signs in to this account any more, and its sessions are over.
    pub(crate) async fn disable_account(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.run(move |db| {
            db.execute("UPDATE accounts SET disabled = 1 WHERE id = ?1", [&id])?;
            db.execute("UPDATE sessions SET revoked = 1 WHERE account = ?1", [&id]).map(drop)
        })
        .await
    }

    /// Uses up a one-time password's step. `false`: this step or a later one was used before.
    pub(crate) async fn use_totp_step(&self, id: &str, step: u64) -> Result<bool, StoreError> {
        let (id, step) = (id.to_owned(), i64::try_from(step).unwrap_or(i64::MAX));
        self.run(move |db| {
            let sql = "UPDATE accounts SET last_totp_step = ?2 WHERE id = ?1 AND last_totp_step < ?2";
            Ok(db.execute(sql, params![id, step])? == 1)
        })
        .await
    }
}
