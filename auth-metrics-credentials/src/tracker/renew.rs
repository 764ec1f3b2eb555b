//! Renews credentials that are read again: from a file that was replaced, a store, or a key set that was fetched. Reads none of
//! these itself.

use std::time::SystemTime;

use super::credential::{check_not_after, check_not_before};
#[cfg(feature = "jwks")]
use super::error::MOST_OF_SET;
use super::{Credential, CredentialError, CredentialState, CredentialTracker, TrackedCredential};
use crate::terms::CredentialEvent;

impl CredentialTracker {
    /// Updates a tracked credential with what you have read again from a file, a store or a configuration. Call it whenever
    /// that may have changed, for example on a timer.
    ///
    /// | what is tracked under this kind and slug | what happens |
    /// |---|---|
    /// | nothing | the credential is [declared](CredentialTracker::declare) |
    /// | the same credential | if its times or its interval differ, they are updated |
    /// | any, and what you read has expired | the times are updated, so that it counts as `expired`, and an error is returned |
    /// | a different credential, created | its times are updated |
    /// | a different credential, active | its times are updated and it counts as `rotated`, now or at the `last_rotated` that you read |
    /// | a different credential, retired | an error is returned, as from [`rotate`](TrackedCredential::rotate) |
    /// | a different credential that has ended | the credential is declared as its successor, in the state created |
    ///
    /// Credentials that were read from documents, such as certificates, are the same if the contents of the documents are. Any
    /// other credential is different if its `not_after` differs, or if its `last_rotated` is at least a second later than the
    /// one that is known. If you read the same as the last time, it is the same credential, even if it was
    /// [rotated](TrackedCredential::rotate) in between: its times stay as they were set then. If you read no rotation interval,
    /// it keeps the one it has.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::{Credential, CredentialState, CredentialTracker};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # fn reload(tracker: &CredentialTracker, path: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// // Whenever the certificate is loaded:
    /// let ingress = tracker.renew(Credential::from_pem("ingress", std::fs::read(path)?)?)?;
    /// if ingress.state() == CredentialState::Created {
    ///     ingress.activate()?;
    /// }
    /// # Ok(()) }
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/api/credentials/data/without_end.pem");
    /// # let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// # let tracker = CredentialTracker::new(&metrics);
    /// # (0..2).try_for_each(|_| reload(&tracker, path))?;
    /// # assert_eq!(tracker.iter().count(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`declare`](CredentialTracker::declare), and an error if the tracked credential is retired or if
    /// the successor of an active one is not valid yet. Nothing changes then, with one exception: if the times that you read
    /// have passed, the tracked credential counts as expired. The error says so once; the next call with the same times returns
    /// the expired credential.
    pub fn renew(&self, credential: Credential) -> Result<TrackedCredential, CredentialError> {
        if let Some(known) = self.get(credential.kind, &credential.slug)
            && known.take_over(&credential, self.tracking.now())?
        {
            return Ok(known);
        }
        let again = credential.clone();
        match self.declare(credential) {
            // Somebody else was faster.
            Err(CredentialError::AlreadyDeclared { .. }) => self.renew(again),
            done => done,
        }
    }
}

impl TrackedCredential {
    /// Takes over what was read again. Returns `false` if this one makes room for it.
    fn take_over(&self, read: &Credential, now: SystemTime) -> Result<bool, CredentialError> {
        let Ok(mut record) = self.look_at(now) else { return Ok(false) };
        let (is_rotation, state) = (record.is_succeeded_by(read), record.state);
        if record.knows(read) {
            return Ok(true);
        }
        if state.has_ended() {
            let is_longer = state == CredentialState::Expired && !record.ends_with(read);
            return Ok(!is_rotation && !is_longer);
        }
        read.check_but_its_end(now)?;
        let in_time = check_not_after(self.kind(), self.slug(), read.not_after, now);
        if is_rotation && state == CredentialState::Retired {
            return Err(self.refuse(record, CredentialEvent::Rotated));
        }
        let is_rotation = is_rotation && state == CredentialState::Active && in_time.is_ok();
        if is_rotation {
            check_not_before(self.kind(), self.slug(), read.not_before, now)?;
        }
        if read.rotation_interval.is_some() {
            self.tracking.expect_rotations(self.kind());
        }
        record.renew(read, now, is_rotation);
        self.export(&record);
        if is_rotation {
            self.tracking.count(self.kind(), self.slug(), CredentialEvent::Rotated);
        }
        self.watch(&mut record, now);
        in_time.map(|()| true)
    }
}

#[cfg(feature = "jwks")]
impl CredentialTracker {
    /// Updates the tracked keys of a key set that you have fetched, each as [`renew`](CredentialTracker::renew) does, with the
    /// slugs of [`Credential::from_jwks`]. Returns the keys that are tracked now, in the order of the document.
    ///
    /// - A new key is declared and counts as `activated`, because whoever publishes a key uses it. If it is not valid yet, the
    ///   first call after its `nbf` activates it.
    /// - An expired key that is not tracked is skipped. A tracked one counts as expired.
    /// - A key that is no longer in the set counts as `retired` if it was active, and is [forgotten](TrackedCredential::forget).
    ///   Nobody accepts it any longer, so nobody needs to be woken for its expiry.
    /// - At most 16 keys of a set are tracked, so that it leaves room for the other credentials of the service. If the set has
    ///   more, the keys that are tracked already stay, and the first of the others fill the room that is left.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics_credentials::CredentialTracker;
    /// use auth_metrics_credentials::keys::KeyFetches;
    ///
    /// # async fn get(_: &str) -> Result<String, std::io::Error> { Ok(r#"{"keys":[{"kty":"OKP","kid":"a"}]}"#.to_owned()) }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let (tracker, fetches) = (CredentialTracker::new(&metrics), KeyFetches::new(&metrics));
    /// // On a timer. The document is read inside the fetch, so that a page that is no key set is a failed fetch:
    /// let fetch = async {
    ///     let document = get("https://idp.example/jwks.json").await?;
    ///     Ok::<_, Box<dyn std::error::Error>>(tracker.renew_jwks("login", document)?)
    /// };
    /// let keys = fetches.fetch(fetch).await?;
    /// assert_eq!(keys.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the slug is refused or the document can't be read; nothing changes then. If a key can't be updated,
    /// returns the first such error, after it has updated the other keys.
    pub fn renew_jwks(
        &self,
        slug: &str,
        document: impl AsRef<[u8]>,
    ) -> Result<Vec<TrackedCredential>, CredentialError> {
        let keys = Credential::from_jwks(slug, document)?;
        let is_there = |known: &TrackedCredential| {
            keys.iter().any(|key| (key.kind, key.slug()) == (known.kind(), known.slug()))
        };
        let of_this_set = self.iter().filter(|known| known.entry.set.as_deref() == Some(slug));
        of_this_set.filter(|known| !is_there(known)).for_each(|gone| gone.leave());
        let (mut renewed, mut refused) = (Vec::new(), None);
        for key in keys {
            match self.check_room_in_set(slug, &key).and_then(|()| self.renew(key)) {
                Ok(tracked) => {
                    tracked.use_if_valid();
                    renewed.push(tracked);
                }
                Err(CredentialError::NotAfterPast { kind, slug, .. }) => {
                    renewed.extend(self.get(kind, &slug));
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        refused.map_or(Ok(renewed), Err)
    }

    /// Checks whether its set has room for a key, or tracks it already.
    fn check_room_in_set(&self, set: &str, key: &Credential) -> Result<(), CredentialError> {
        let is_of_set = |known: &TrackedCredential| known.entry.set.as_deref() == Some(set);
        if self.get(key.kind, key.slug()).is_some() || self.iter().filter(is_of_set).count() < MOST_OF_SET {
            return Ok(());
        }
        key.check(self.tracking.now())?;
        Err(CredentialError::TooManyOfSet { kind: key.kind, slug: key.slug.clone(), set: set.to_owned() })
    }
}

#[cfg(feature = "jwks")]
impl TrackedCredential {
    /// Retires and forgets a key that its set no longer has.
    fn leave(&self) {
        if self.state() == CredentialState::Active {
            // Whoever else retires or forgets it now has done the same.
            drop(self.retire());
        }
        self.forget();
    }

    fn use_if_valid(&self) {
        if self.state() == CredentialState::Created && self.not_valid_for().is_none() {
            // Whoever else activates or ends it now is right.
            drop(self.activate());
        }
    }
}
