//! Sessions and their refresh tokens. Only digests of tokens are stored.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Store, StoreError, now};
use crate::opaque::Digest;

/// What became of a refresh token that somebody presented.
pub(crate) enum Rotation {
    /// Fresh: it is used now, and its session goes on.
    Rotated { session: String, account: String },
    /// Used before: somebody has a copy, so the whole session is over.
    Replayed,
    /// Its session was ended.
    Revoked,
    /// Too old.
    Expired,
    /// Never issued.
    Unknown,
}

struct Presented {
    session: String,
    account: String,
    expires: i64,
    used: bool,
    revoked: bool,
}

impl Store {
    /// Opens a session.
    pub(crate) async fn open_session(&self, session: &str, account: &str) -> Result<(), StoreError> {
        let (session, account) = (session.to_owned(), account.to_owned());
        self.run(move |db| {
            let sql = "INSERT INTO sessions (id, account) VALUES (?1, ?2)";
            db.prepare_cached(sql)?.execute([session, account]).map(drop)
        })
        .await
    }

    /// Remembers a refresh token of the session by its digest.
    pub(crate) async fn add_refresh_token(
        &self,
        session: &str,
        digest: Digest,
        expires: i64,
    ) -> Result<(), StoreError> {
        let session = session.to_owned();
        self.run(move |db| {
            let sql = "INSERT INTO refresh_tokens (digest, session, expires) VALUES (?1, ?2, ?3)";
            db.prepare_cached(sql)?.execute(params![digest, session, expires]).map(drop)
        })
        .await
    }

    /// Uses a refresh token up, in one transaction, so that of two at once only one gets through.
    pub(crate) async fn rotate(&self, digest: Digest) -> Result<Rotation, StoreError> {
        self.run(move |db| {
            let transaction = db.transaction()?;
            let rotation = rotate(&transaction, digest)?;
            transaction.commit()?;
            Ok(rotation)
        })
        .await
    }

    /// Whether the session was ended, or never was.
    pub(crate) async fn session_is_over(&self, session: &str) -> Result<bool, StoreError> {
        let session = session.to_owned();
        self.run(move |db| {
            let sql = "SELECT revoked FROM sessions WHERE id = ?1";
            Ok(db.prepare_cached(sql)?.query_row([session], |row| row.get(0)).optional()?.unwrap_or(true))
        })
        .await
    }

    /// Ends a session. `false`: it was over already.
    pub(crate) async fn end_session(&self, session: &str) -> Result<bool, StoreError> {
        let session = session.to_owned();
        self.run(move |db| {
            let sql = "UPDATE sessions SET revoked = 1 WHERE id = ?1 AND revoked = 0";
            Ok(db.prepare_cached(sql)?.execute([session])? == 1)
        })
        .await
    }
}

fn rotate(db: &Connection, digest: Digest) -> rusqlite::Result<Rotation> {
    let sql = "SELECT sessions.id, account, expires, used, revoked FROM refresh_tokens
               JOIN sessions ON sessions.id = session WHERE digest = ?1";
    let presented = db.prepare_cached(sql)?.query_row([digest], presented).optional()?;
    Ok(match presented {
        None => Rotation::Unknown,
        Some(token) if token.used => {
            db.execute("UPDATE sessions SET revoked = 1 WHERE id = ?1", [token.session])?;
            Rotation::Replayed
        }
        Some(token) if token.revoked => Rotation::Revoked,
        Some(token) if token.expires <= now() => Rotation::Expired,
        Some(token) => {
            db.execute("UPDATE refresh_tokens SET used = 1 WHERE digest = ?1", [digest])?;
            Rotation::Rotated { session: token.session, account: token.account }
        }
    })
}

fn presented(row: &rusqlite::Row<'_>) -> rusqlite::Result<Presented> {
    Ok(Presented {
        session: row.get(0)?,
        account: row.get(1)?,
        expires: row.get(2)?,
        used: row.get(3)?,
        revoked: row.get(4)?,
    })
}
