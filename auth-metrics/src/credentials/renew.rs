//! Credentials that are read again: from a file that was replaced, a store, a key set that was fetched.

use std::time::SystemTime;

use super::credential::{check_not_after, check_not_before};
use super::{Credential, CredentialError, CredentialState, CredentialTracker, TrackedCredential};
use crate::terms::CredentialEvent;

/// Of one key set so many keys are tracked, so that a set of somebody else leaves places to the keys of the service.
#[cfg(feature = "jwks")]
pub(super) const MOST_OF_SET: usize = 16;

impl CredentialTracker {
    /// Takes over what was read again: from a file, a store, a configuration. Call it whenever that may have changed, on a
    /// timer too.
    ///
    /// | what is tracked under this kind and slug | what happens |
    /// |---|---|
    /// | nothing | it is [declared](CredentialTracker::declare) |
    /// | the same credential | nothing; if its times or its interval differ, they are taken over |
    /// | one that has expired by now | the times are taken over, so that it counts as `expired`, and the error says so |
    /// | another one, created | the times are taken over |
    /// | another one, active | the times are taken over, and it counts as `rotated`, now or at the `last_rotated` that was read |
    /// | another one, retired | an error, as it is with [`rotate`](TrackedCredential::rotate) |
    /// | another one that has ended | it is declared as the successor, in the state created |
    ///
    /// Documents are compared by what is in them. What was not read from a document is another one if its `not_after` is another,
    /// or its `last_rotated` a second later than the one that is known, or more. What was read the last time is the same one,
    /// also if a rotation was told since then: its times stay as they were told. Where it was not told how often it is to be
    /// rotated, that stays as it was.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics::credentials::{Credential, CredentialState, CredentialTracker};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # fn reload(tracker: &CredentialTracker, path: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// // Whenever the certificate is loaded:
    /// let ingress = tracker.renew(Credential::from_pem("ingress", std::fs::read(path)?)?)?;
    /// if ingress.state() == CredentialState::Created {
    ///     ingress.activate()?;
    /// }
    /// # Ok(()) }
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/credentials/data/without_end.pem");
    /// # let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// # let tracker = CredentialTracker::new(&metrics);
    /// # (0..2).try_for_each(|_| reload(&tracker, path))?;
    /// # assert_eq!(tracker.iter().count(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`declare`](CredentialTracker::declare); the credential is retired; what would take the place of an active one
    /// is not valid yet. Nothing is changed then, with one exception: what is tracked and has expired by what was read is
    /// expired from then on. The error says that once; the next call with the same gives the expired credential.
    pub fn renew(&self, credential: Credential) -> Result<TrackedCredential, CredentialError> {
        if let Some(known) = self.get(credential.kind, &credential.slug)
            && known.take_over(&credential, self.now())?
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
    /// Takes over what was read again; false if this one makes way for it.
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
            self.tracker.metrics().expect_rotations(self.tracker.service_id(), self.kind());
        }
        record.renew(read, now, is_rotation);
        self.export(&record);
        if is_rotation {
            self.tracker.count(self.kind(), CredentialEvent::Rotated);
        }
        self.watch(&mut record, now);
        in_time.map(|()| true)
    }
}

#[cfg(feature = "jwks")]
impl CredentialTracker {
    /// Takes over a key set that was fetched: each of its keys as [`renew`](CredentialTracker::renew) does, by the slugs of
    /// [`Credential::from_jwks`]. Gives the keys that are tracked then, in the order of the document.
    ///
    /// - A new key is declared and counts as `activated`, since whoever publishes a key uses it. If it is not valid yet, that
    ///   waits for the first call after its `nbf`.
    /// - A key that has expired and is not tracked is passed over. A tracked one is expired from then on.
    /// - A key that is no longer in the set counts as `retired` if it was active, and is
    ///   [forgotten](TrackedCredential::forget): nobody accepts it any longer, and its expiry is nothing to wake somebody for.
    /// - Of one set at most 16 keys are tracked, so that it leaves places to the other credentials of the service. If it has
    ///   more, those that are tracked already stay, and the first of the others get the places that are left.
    ///
    /// ```
    /// use auth_metrics::AuthMetrics;
    /// use auth_metrics::credentials::CredentialTracker;
    /// use auth_metrics::keys::KeyFetches;
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
    /// The slug is refused, or the document can't be read: nothing is changed then. A key can't be taken over: the first such
    /// error, after the other keys were.
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

    /// Whether a key is tracked or can be, as far as its set goes.
    fn check_room_in_set(&self, set: &str, key: &Credential) -> Result<(), CredentialError> {
        let is_of_set = |known: &TrackedCredential| known.entry.set.as_deref() == Some(set);
        if self.get(key.kind, key.slug()).is_some() || self.iter().filter(is_of_set).count() < MOST_OF_SET {
            return Ok(());
        }
        key.check(self.now())?;
        Err(CredentialError::TooManyOfSet { kind: key.kind, slug: key.slug.clone(), set: set.to_owned() })
    }
}

#[cfg(feature = "jwks")]
impl TrackedCredential {
    /// Its set has it no longer.
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
