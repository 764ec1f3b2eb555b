//! Second-factor challenges that wait for their code.

use rusqlite::{OptionalExtension as _, params};

use super::{Store, StoreError, now};
use crate::opaque::Digest;

/// A challenge that may still be answered.
pub(crate) struct Challenge {
    pub(crate) account: String,
    pub(crate) totp_secret: Vec<u8>,
}

impl Store {
    /// Remembers a challenge by its digest.
    pub(crate) async fn add_challenge(
        &self,
        account: &str,
        digest: Digest,
        expires: i64,
        tries: u32,
    ) -> Result<(), StoreError> {
        let account = account.to_owned();
        self.run(move |db| {
            let sql = "INSERT INTO challenges (digest, account, expires, tries_left) VALUES (?1, ?2, ?3, ?4)";
            db.execute(sql, params![digest, account, expires, tries]).map(drop)
        })
        .await
    }

    /// Takes one of the challenge's tries. `None`: unknown, too old, or no try is left.
    pub(crate) async fn try_challenge(&self, digest: Digest) -> Result<Option<Challenge>, StoreError> {
        self.run(move |db| {
            let sql = "UPDATE challenges SET tries_left = tries_left - 1
                       WHERE digest = ?1 AND tries_left > 0 AND expires > ?2";
            if db.execute(sql, params![digest, now()])? == 0 {
                return Ok(None);
            }
            let sql = "SELECT account, totp_secret FROM challenges JOIN accounts ON accounts.id = account
                       WHERE digest = ?1 AND totp_secret IS NOT NULL AND disabled = 0";
            let challenge =
                |row: &rusqlite::Row<'_>| Ok(Challenge { account: row.get(0)?, totp_secret: row.get(1)? });
            db.query_row(sql, [digest], challenge).optional()
        })
        .await
    }

    /// An answered challenge is not answered twice.
    pub(crate) async fn close_challenge(&self, digest: Digest) -> Result<(), StoreError> {
        self.run(move |db| db.execute("DELETE FROM challenges WHERE digest = ?1", [digest]).map(drop)).await
    }
}
