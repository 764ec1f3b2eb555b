//! One replica with a clock of its own.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics_credentials::rotation::{Rotated, RotationContext, Rotator, RotatorHandle};
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};
use auth_metrics_credentials::{CredentialKind, RotationOutcome};
use tokio::time::sleep;

use super::world::{INTERVAL, OVERLAP, TIMEOUT, TTL, World};
use crate::fixture::{SECOND, metrics};

/// What its `refresh` answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    /// The key that the store has, which it uses from then on.
    Current,
    /// Nothing: it reads the store whenever it signs.
    None,
    /// As before, and it retires nothing.
    NoHook,
}

/// How a replica is started, and ended before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) answer: Answer,
    /// What is told of the time at which a key was made.
    pub(super) tells: u8,
    pub(super) is_killed: bool,
}

/// What the next `rotate` does: fail, or take so long when the store has the key.
type Next = Arc<Mutex<Option<Option<Duration>>>>;

pub(super) struct Replica {
    world: World,
    place: usize,
    off: Arc<AtomicI64>,
    next: Next,
    handle: Option<RotatorHandle>,
}

impl Replica {
    pub(super) fn start(world: &World, place: usize, manner: Manner) -> Replica {
        let (off, next) = (Arc::default(), Arc::default());
        let mut replica = Replica { world: world.clone(), place, off, next, handle: None };
        replica.up(manner);
        replica
    }

    pub(super) fn set_clock(&self, off: i64) {
        self.off.store(off, Ordering::Relaxed);
    }

    pub(super) fn next_rotate(&self, does: Option<Duration>) {
        *self.next.lock().unwrap() = Some(does);
    }

    pub(super) async fn rotate_now(&self) -> Option<RotationOutcome> {
        self.handle.as_ref()?.rotate_now().await.ok()
    }

    pub(super) fn uses(&self, id: &str) -> bool {
        self.world.used(self.place) == id
    }

    pub(super) async fn restart(&mut self, manner: Manner) {
        if let Some(handle) = self.handle.take() {
            if manner.is_killed { drop(handle) } else { handle.shutdown().await }
        }
        *self.next.lock().unwrap() = None;
        self.up(manner);
    }

    fn up(&mut self, manner: Manner) {
        let answer = if self.world.all_load { Answer::Current } else { manner.answer };
        let manner = Manner { answer, ..manner };
        let current = self.world.keys().current.clone();
        let loads = manner.answer == Answer::Current;
        self.world.uses(self.place, loads.then(|| current.clone()));
        let (world, place) = (self.world.clone(), self.place);
        let mut rotator = self.rotator(self.declared(manner), loads).id(current);
        if manner.answer != Answer::NoHook {
            rotator = rotator.retire(move |old| {
                world.retires(place, old.id());
                async { Ok::<_, io::Error>(()) }
            });
        }
        let rotator =
            rotator.lease(self.world.lease.clone()).lease_ttl(TTL).timeout(TIMEOUT).overlap(OVERLAP);
        let rotator = rotator.backoff(SECOND, 60 * SECOND).grace(Duration::ZERO);
        self.handle = Some(self.refreshed(rotator, manner).spawn().unwrap());
    }

    fn declared(&self, manner: Manner) -> TrackedCredential {
        let (origin, off) = (self.world.origin, Arc::clone(&self.off));
        let clock = move || {
            let set =
                i64::try_from((START + origin.elapsed()).as_millis()).unwrap() + off.load(Ordering::Relaxed);
            SystemTime::UNIX_EPOCH + Duration::from_millis(set.try_into().unwrap())
        };
        let mut key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(INTERVAL);
        if let Some(told) = told(&self.world, manner.tells).filter(|told| *told <= clock()) {
            key = key.with_last_rotated(told);
        }
        let key = CredentialTracker::new(&metrics()).with_time_of_day(clock).declare(key).unwrap();
        key.activate().unwrap();
        key
    }

    fn rotator(&self, key: TrackedCredential, loads: bool) -> Rotator {
        let (world, place, next) = (self.world.clone(), self.place, Arc::clone(&self.next));
        Rotator::new(key, move |context: RotationContext| {
            let (world, does) = (world.clone(), next.lock().unwrap().take());
            async move {
                if loads && context.predecessor() != Some(world.used(place).as_str()) {
                    world.breaks(format!("replica {place} is told of another key than it uses"));
                }
                let takes = does.unwrap_or(Some(SECOND)).ok_or(io::ErrorKind::Other)?;
                write(&world, &context)?;
                sleep(takes).await;
                world.uses(place, loads.then(|| context.id().to_owned()));
                Ok::<_, io::Error>(Rotated::without_end())
            }
        })
    }

    fn refreshed(&self, rotator: Rotator, manner: Manner) -> Rotator {
        let (world, place) = (self.world.clone(), self.place);
        match manner.answer {
            Answer::NoHook => rotator,
            Answer::None => rotator.refresh(|_| async { Ok::<_, io::Error>(None) }),
            Answer::Current => rotator.refresh(move |_| {
                let current =
                    Some(world.keys()).filter(|keys| !keys.is_away).map(|keys| keys.current.clone());
                let found = if let Some(current) = current {
                    world.uses(place, Some(current.clone()));
                    let found = Rotated::without_end().id(current);
                    Ok(Some(told(&world, manner.tells).into_iter().fold(found, Rotated::made_at)))
                } else {
                    Err(io::Error::other("away"))
                };
                async { found }
            }),
        }
    }
}

/// The true time of day at the start of the world.
const START: Duration = Duration::from_millis(1_700_000_000_900);

fn since_1970(at: SystemTime) -> Duration {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap()
}

/// What the store says of the time at which its key was made.
fn told(world: &World, tells: u8) -> Option<SystemTime> {
    let made = SystemTime::UNIX_EPOCH + world.keys().since.duration_since(world.origin) + START;
    match tells {
        0 => None,
        1 => Some(made),
        2 => Some(SystemTime::UNIX_EPOCH + Duration::from_secs(since_1970(made).as_secs())),
        _ => Some(made - 10 * SECOND),
    }
}

/// The new key comes into the store, unless a holder after this one was there.
fn write(world: &World, context: &RotationContext) -> io::Result<()> {
    let mut keys = world.keys();
    let token = context.fencing_token().unwrap_or_default();
    if keys.is_away || token < keys.fence {
        return Err(io::Error::other("refused"));
    }
    keys.fence = token;
    keys.put(context.id().to_owned());
    Ok(())
}
