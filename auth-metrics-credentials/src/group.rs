//! What a service keeps of the life of credentials and keys, and of decisions that were not enforced. Knows nothing of how
//! they are tracked or rotated.

mod families;
mod read;
mod surface;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub(crate) use read::LifeEntry;

use crate::storage::{Buckets, Cells, Level, Names, whole_nanos};
use crate::terms::{
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
    /// At most [`MAX_CREDENTIALS`], and `other`. A credential that is forgotten leaves its place.
    credentials: Mutex<BTreeMap<Arc<str>, CredentialTimes>>,
    events: OnceLock<Cells>,
    rotations: OnceLock<Cells>,
    durations: OnceLock<Observed>,
    remaining: OnceLock<Observed>,
}

/// The times of a credential as a tracker knows them: seconds, and seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CredentialTimes {
    pub(crate) not_after: Option<f64>,
    pub(crate) last_rotated: Option<f64>,
    pub(crate) rotation_interval: Option<f64>,
}

/// Durations in buckets that are the same for every handle. The sum is kept as whole seconds and, apart, as microseconds
/// within a second: years of life left, a thousand times a second, are nowhere near the end of either.
struct Observed(Cells);

const WHOLE_SECONDS: usize = 0;
const MICROS: usize = 1;
const FIRST_BUCKET: usize = 2;

/// The most that one observation adds to a sum: ten years.
const LONGEST: Duration = Duration::from_secs(3_650 * 86_400);

impl Observed {
    fn new(buckets: &Buckets) -> Observed {
        Observed(Cells::new(FIRST_BUCKET + buckets.count()))
    }

    fn add(&self, buckets: &Buckets, duration: Duration) {
        let added = duration.min(LONGEST);
        let writer = self.0.writer();
        writer.add(WHOLE_SECONDS, added.as_secs());
        writer.add(MICROS, u64::from(added.subsec_micros()));
        writer.add(FIRST_BUCKET + buckets.index(whole_nanos(duration)), 1);
    }
}

impl Life {
    fn kind(&self, kind: CredentialKind) -> &KindLife {
        self.kinds[kind as usize].get_or_init(|| {
            Box::new(KindLife {
                credentials: Mutex::default(),
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
        let credentials = self.credentials();
        credentials.contains_key(credential) || credentials.len() < MAX_CREDENTIALS
    }

    /// Sets what is known of a credential; whether its name was folded.
    fn set(&self, credential: &str, times: CredentialTimes) -> bool {
        let mut credentials = self.credentials();
        if let Some(known) = credentials.get_mut(credential) {
            *known = times;
            return false;
        }
        let has_room = credentials.len() < MAX_CREDENTIALS;
        credentials.insert(Arc::from(if has_room { credential } else { label::OTHER }), times);
        !has_room
    }

    /// Exports nothing of a credential any longer, and makes room for another.
    fn forget(&self, credential: &str) {
        self.credentials().remove(credential);
    }

    fn credentials(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, CredentialTimes>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(cells: &OnceLock<Cells>, values: usize, value: usize) {
    cells.get_or_init(|| Cells::new(values)).writer().add(value, 1);
}
