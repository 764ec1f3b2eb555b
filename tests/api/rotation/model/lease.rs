//! A store of leases that can be away, and forget everything but its tokens.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use auth_metrics_credentials::rotation::{Held, Lease, LeaseError, LeaseFuture, Rotation};
use tokio::time::Instant;

#[derive(Clone, Default)]
pub(super) struct Leases(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_away: bool,
    taken: u64,
    holder: Option<(u64, Instant)>,
    note: Option<(Rotation, Instant)>,
}

impl State {
    fn is_of(&self, held: &Held) -> bool {
        self.holder.is_some_and(|(token, until)| token == held.fencing_token() && until > Instant::now())
    }

    fn noted(&self) -> Option<Rotation> {
        self.note.as_ref().map(|(note, stored)| note.clone().with_age(stored.elapsed()))
    }
}

impl Leases {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn set_away(&self, away: bool) {
        self.state().is_away = away;
    }

    /// Holders and notes are lost; tokens rise nevertheless, as a lease promises.
    pub(super) fn forget(&self) {
        let mut state = self.state();
        (state.holder, state.note) = (None, None);
    }

    fn ask<'a, T: Send + 'a>(&self, answer: impl FnOnce(&mut State) -> T) -> LeaseFuture<'a, T> {
        let mut state = self.state();
        let answer = if state.is_away {
            Err(LeaseError::new(io::Error::other("away")))
        } else {
            Ok(answer(&mut state))
        };
        Box::pin(async { answer })
    }
}

impl Lease for Leases {
    fn try_acquire<'a>(&'a self, name: &'a str, ttl: Duration) -> LeaseFuture<'a, Option<Held>> {
        self.ask(|state| {
            if state.holder.is_some_and(|(_, until)| until > Instant::now()) {
                return None;
            }
            state.taken += 1;
            state.holder = Some((state.taken, Instant::now() + ttl));
            Some(Held::new(name, state.taken.to_string(), state.taken, state.noted()))
        })
    }

    fn renew<'a>(&'a self, held: &'a Held, ttl: Duration) -> LeaseFuture<'a, bool> {
        self.ask(|state| {
            let is_kept = state.is_of(held);
            if is_kept {
                state.holder = Some((held.fencing_token(), Instant::now() + ttl));
            }
            is_kept
        })
    }

    fn release<'a>(&'a self, held: &'a Held, rotated: Option<Rotation>) -> LeaseFuture<'a, ()> {
        self.ask(|state| {
            let last = state.note.as_ref().map_or(0, |(note, _)| note.fencing_token());
            if let Some(rotated) = rotated.filter(|rotated| rotated.fencing_token() > last) {
                state.note = Some((rotated, Instant::now()));
            }
            if state.is_of(held) {
                state.holder = None;
            }
        })
    }

    fn last_rotation<'a>(&'a self, _: &'a str) -> LeaseFuture<'a, Option<Rotation>> {
        self.ask(|state| state.noted())
    }
}
