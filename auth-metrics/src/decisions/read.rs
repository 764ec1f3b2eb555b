//! What a snapshot takes from the life of a service's credentials.

use std::sync::{Arc, OnceLock};

use super::{CredentialTimes, FIRST_BUCKET, Life, MICROS, Observed, WHOLE_SECONDS};
use crate::storage::{Cells, Names};
use crate::terms::{CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome, ShadowDecision};

/// Everything of one service; none where a part was never used.
pub(crate) struct LifeEntry {
    pub(super) key_states: Option<[u64; KeyState::COUNT]>,
    pub(super) key_fetches: Option<[u64; KeyFetch::COUNT]>,
    pub(super) last_fetch: Option<f64>,
    pub(super) shadow_decisions: Option<[u64; ShadowDecision::COUNT]>,
    /// By index of the policy.
    pub(super) fail_open: Vec<(usize, u64)>,
    pub(super) kinds: Vec<KindEntry>,
}

/// The credentials of one kind.
pub(super) struct KindEntry {
    pub(super) kind: CredentialKind,
    /// By slug.
    pub(super) credentials: Vec<(Arc<str>, CredentialTimes)>,
    pub(super) events: Option<[u64; CredentialEvent::COUNT]>,
    pub(super) rotations: Option<[u64; RotationOutcome::COUNT]>,
    pub(super) durations: Option<Observations>,
    pub(super) remaining: Option<Observations>,
}

/// A histogram's sum in nanoseconds and its buckets.
pub(super) struct Observations {
    pub(super) nanos: u128,
    pub(super) counts: Vec<u64>,
}

impl LifeEntry {
    pub(crate) fn read(life: &Life) -> LifeEntry {
        let fail_open = life.fail_open.get().into_iter().flat_map(Names::iter);
        LifeEntry {
            key_states: sums(&life.key_states),
            key_fetches: sums(&life.key_fetches),
            last_fetch: life.last_fetch.get().and_then(crate::storage::Level::get),
            shadow_decisions: sums(&life.shadow_decisions),
            fail_open: fail_open.map(|(index, _, cells)| (index, cells.sum(0))).collect(),
            kinds: CredentialKind::ALL.iter().filter_map(|kind| KindEntry::read(life, *kind)).collect(),
        }
    }
}

impl KindEntry {
    fn read(life: &Life, kind: CredentialKind) -> Option<KindEntry> {
        let all = life.kinds[kind as usize].get()?;
        Some(KindEntry {
            kind,
            credentials: all.credentials().iter().map(|(slug, times)| (Arc::clone(slug), *times)).collect(),
            events: sums(&all.events),
            rotations: sums(&all.rotations),
            durations: all.durations.get().map(Observations::read),
            remaining: all.remaining.get().map(Observations::read),
        })
    }
}

impl Observations {
    fn read(observed: &Observed) -> Observations {
        let cells = &observed.0;
        let seconds = u128::from(cells.sum(WHOLE_SECONDS)) * 1_000_000_000;
        let nanos = seconds + u128::from(cells.sum(MICROS)) * 1_000;
        let mut counts = vec![0; cells.count() - FIRST_BUCKET];
        cells.add_sums(FIRST_BUCKET, &mut counts);
        Observations { nanos, counts }
    }
}

fn sums<const N: usize>(cells: &OnceLock<Cells>) -> Option<[u64; N]> {
    let cells = cells.get()?;
    let mut sums = [0; N];
    cells.add_sums(0, &mut sums);
    Some(sums)
}
