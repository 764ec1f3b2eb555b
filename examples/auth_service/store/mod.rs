//! The user store: `SQLite` in memory, reached from async code without blocking its threads.

mod accounts;
mod challenges;
mod sessions;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::{FailureReason, Reason};
use rusqlite::{Connection, ErrorCode};
use thiserror::Error;

pub(crate) use accounts::{Account, NewAccount, Role};
pub(crate) use sessions::Rotation;

const SCHEMA: &str = "
    CREATE TABLE accounts (
        id TEXT PRIMARY KEY, password_hash TEXT NOT NULL, administrator INTEGER NOT NULL,
        disabled INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
        locked_until INTEGER NOT NULL DEFAULT 0, totp_secret BLOB, last_totp_step INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE refresh_tokens (
        digest BLOB PRIMARY KEY, session TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE challenges (
        digest BLOB PRIMARY KEY, account TEXT NOT NULL, expires INTEGER NOT NULL, tries_left INTEGER NOT NULL);";

/// Why the store could not answer. Never the fault of whoever asks.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum StoreError {
    #[error("SQLite failed")]
    #[reason(with = sqlite_reason, among(overloaded, configuration_error, dependency_unavailable, internal_error))]
    Sqlite(#[from] rusqlite::Error),
    #[error("the runtime is going down, or the query panicked")]
    #[reason(internal_error)]
    Interrupted,
}

fn sqlite_reason(error: &rusqlite::Error) -> Reason {
    match error.sqlite_error_code() {
        Some(ErrorCode::OutOfMemory) => Reason::Overloaded,
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::NotADatabase) => {
            Reason::ConfigurationError
        }
        Some(_) => Reason::DependencyUnavailable,
        None => Reason::InternalError,
    }
}

/// A handle to the one connection.
#[derive(Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// An empty store, gone when the process ends.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs `query` on a thread that may block.
    async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.connection);
        let blocking = move || query(&mut connection.lock().unwrap_or_else(PoisonError::into_inner));
        let answer = tokio::task::spawn_blocking(blocking).await.map_err(|_| StoreError::Interrupted)?;
        Ok(answer?)
    }
}

/// Seconds since 1970, as `SQLite` stores them.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// `now` plus a lifetime.
pub(crate) fn in_future(life: std::time::Duration) -> i64 {
    now().saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX))
}
