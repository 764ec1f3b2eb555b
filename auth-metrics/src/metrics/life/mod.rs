//! What a service keeps of the life of credentials and keys, and of decisions that were not enforced. Knows nothing of how
//! they are tracked or rotated.

mod families;
mod read;
mod surface;

use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

pub(super) use read::LifeEntry;

use crate::storage::{Buckets, Cells, Level, Names, whole_nanos};
use crate::taxonomy::{
    CredentialEvent, CredentialKind, KeyFetch, KeyState, RotationOutcome, ShadowDecision, label,
};

/// How many credentials of one kind a service tells apart.
const MAX_CREDENTIALS: usize = 64;
const POLICIES: usize = 16;

/// How long a rotation takes: from a call inside the process to a slow certificate authority.
const ROTATION_SECONDS: [f64; 12] = [0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];
/// Life left: from a second to a year.
const REMAINING_SECONDS: [f64; 12] = [
    1.0,
    60.0,
    300.0,
    900.0,
    3_600.0,
    21_600.0,
    86_400.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
];

static ROTATION_BUCKETS: LazyLock<Buckets> =
    LazyLock::new(|| Buckets::new(&ROTATION_SECONDS).unwrap_or_default());
static REMAINING_BUCKETS: LazyLock<Buckets> =
    LazyLock::new(|| Buckets::new(&REMAINING_SECONDS).unwrap_or_default());

/// Each part is there from its first use on, and then exported with every value of its label.
#[derive(Default)]
pub(crate) struct Life {
    kinds: [OnceLock<Box<KindLife>>; CredentialKind::COUNT],
    key_states: OnceLock<Cells>,
    key_fetches: OnceLock<Cells>,
    last_fetch: OnceLock<Level>,
    shadow_decisions: OnceLock<Cells>,
    fail_open: OnceLock<Names<Cells>>,
}

/// The credentials of one kind.
struct KindLife {
    credentials: Names<Credential>,
    events: OnceLock<Cells>,
    rotations: OnceLock<Cells>,
    durations: OnceLock<Observed>,
    remaining: OnceLock<Observed>,
}

/// The times of one credential, in seconds; those that are points in time, since 1970.
struct Credential {
    not_after: Level,
    last_rotated: Level,
    rotation_interval: Level,
}

/// The times of a credential as a tracker knows them: seconds, and seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CredentialTimes {
    pub(crate) not_after: Option<f64>,
    pub(crate) last_rotated: Option<f64>,
    pub(crate) rotation_interval: Option<f64>,
}

/// Durations in buckets that are the same for every handle: nanoseconds, then buckets.
struct Observed(Cells);

impl Observed {
    fn new(buckets: &Buckets) -> Observed {
        Observed(Cells::new(1 + buckets.count()))
    }

    fn add(&self, buckets: &Buckets, duration: Duration) {
        let nanos = whole_nanos(duration);
        let writer = self.0.writer();
        writer.add(0, nanos);
        writer.add(1 + buckets.index(nanos), 1);
    }
}

impl Life {
    fn kind(&self, kind: CredentialKind) -> &KindLife {
        self.kinds[kind as usize].get_or_init(|| {
            Box::new(KindLife {
                credentials: Names::new(MAX_CREDENTIALS, label::OTHER),
                events: OnceLock::new(),
                rotations: OnceLock::new(),
                durations: OnceLock::new(),
                remaining: OnceLock::new(),
            })
        })
    }

    fn count_key(&self, state: KeyState) {
        count(&self.key_states, KeyState::COUNT, state as usize);
    }

    fn count_fetch(&self, fetch: KeyFetch) {
        count(&self.key_fetches, KeyFetch::COUNT, fetch as usize);
    }

    fn expect_fetches(&self) {
        self.key_fetches.get_or_init(|| Cells::new(KeyFetch::COUNT));
    }

    fn count_shadow_decision(&self, decision: ShadowDecision) {
        count(&self.shadow_decisions, ShadowDecision::COUNT, decision as usize);
    }

    /// Counts what a policy let through unasked; whether its name was folded.
    fn count_fail_open(&self, policy: &str, times: u64) -> bool {
        let policies = self.fail_open.get_or_init(|| Names::new(POLICIES, label::OTHER));
        let (place, cells) = policies.resolve(policy, label::is_name, |_| Cells::new(1));
        cells.writer().add(0, times);
        place.folded
    }
}

impl KindLife {
    fn count_event(&self, event: CredentialEvent) {
        count(&self.events, CredentialEvent::COUNT, event as usize);
    }

    fn count_rotation(&self, outcome: RotationOutcome, duration: Duration) {
        count(&self.rotations, RotationOutcome::COUNT, outcome as usize);
        self.durations.get_or_init(|| Observed::new(&ROTATION_BUCKETS)).add(&ROTATION_BUCKETS, duration);
    }

    /// Exports the counts of rotations at zero, if they are not exported yet.
    fn expect_rotations(&self) {
        self.rotations.get_or_init(|| Cells::new(RotationOutcome::COUNT));
        self.durations.get_or_init(|| Observed::new(&ROTATION_BUCKETS));
    }

    fn observe_remaining(&self, remaining: Duration) {
        self.remaining.get_or_init(|| Observed::new(&REMAINING_BUCKETS)).add(&REMAINING_BUCKETS, remaining);
    }

    /// Whether a credential can be told apart here: not when the table is full of others.
    fn has_room(&self, credential: &str) -> bool {
        self.credentials.stands_at(credential, label::is_slug) != Some(self.credentials.capacity())
    }

    /// Sets what is known of a credential; whether its name was folded.
    fn set(&self, credential: &str, times: CredentialTimes) -> bool {
        let make = |_| Credential {
            not_after: Level::absent(),
            last_rotated: Level::absent(),
            rotation_interval: Level::absent(),
        };
        let (place, credential) = self.credentials.resolve(credential, label::is_slug, make);
        credential.not_after.set(times.not_after);
        credential.last_rotated.set(times.last_rotated);
        credential.rotation_interval.set(times.rotation_interval);
        place.folded
    }
}

fn count(cells: &OnceLock<Cells>, values: usize, value: usize) {
    cells.get_or_init(|| Cells::new(values)).writer().add(value, 1);
}
