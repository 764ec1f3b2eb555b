//! What the replicas share, and the laws: a key is retired only when its successor was in use for the overlap, and what a
//! replica signs verifies everywhere as long as it lives.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use super::lease::Leases;
use crate::fixture::{FIRST, HOUR, MINUTE};

pub(super) const INTERVAL: Duration = HOUR;
/// The life of a token.
const LIFE: Duration = Duration::from_secs(600);
pub(super) const TTL: Duration = Duration::from_secs(30);
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);
/// Between two looks, two calls that hang, the time that the store of the keys may be away, the life of a token.
pub(super) const OVERLAP: Duration = Duration::from_secs(30 + 2 * 60 + 300 + 600 + 30);

/// The store of the keys.
pub(super) struct Keys {
    pub(super) current: String,
    /// When the current one was made, by the true time.
    pub(super) since: Instant,
    pub(super) made: u32,
    pub(super) is_away: bool,
    /// The highest fencing token that it saw.
    pub(super) fence: u64,
    /// When each was the current one for the last time.
    left: HashMap<String, Instant>,
    retired: HashSet<String>,
}

impl Keys {
    pub(super) fn put(&mut self, id: String) {
        let before = std::mem::replace(&mut self.current, id);
        self.left.insert(before, Instant::now());
        self.since = Instant::now();
        self.made += 1;
    }
}

/// Which key a replica signs with. One that does not load keys reads the store whenever it signs.
#[derive(Clone, Default)]
pub(super) struct Used {
    pub(super) id: Option<String>,
    /// When it signed with each for the last time.
    left: HashMap<String, Instant>,
}

#[derive(Clone)]
pub(super) struct World {
    pub(super) lease: Leases,
    pub(super) origin: Instant,
    /// Whether each replica loads its keys, and none reads the store whenever it signs.
    pub(super) all_load: bool,
    keys: Arc<Mutex<Keys>>,
    used: Arc<Mutex<[Used; 3]>>,
    broken: Arc<Mutex<Option<String>>>,
}

impl World {
    pub(super) fn new(all_load: bool) -> World {
        let keys = Keys {
            current: FIRST.to_owned(),
            since: Instant::now(),
            made: 0,
            is_away: false,
            fence: 0,
            left: HashMap::new(),
            retired: HashSet::new(),
        };
        World {
            lease: Leases::default(),
            origin: Instant::now(),
            all_load,
            keys: Arc::new(Mutex::new(keys)),
            used: Arc::default(),
            broken: Arc::default(),
        }
    }

    pub(super) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap()
    }

    /// The key before is the current one again, soon enough that nobody retires it before they look. Whoever has no `refresh`
    /// can't hear of that.
    pub(super) fn take_back(&self) {
        let mut keys = self.keys();
        let before = keys.left.iter().max_by_key(|(_, left)| **left).map(|(id, _)| id.clone());
        if let Some(before) = before.filter(|before| self.all_load && !keys.retired.contains(before))
            && keys.since.elapsed() < MINUTE
        {
            keys.put(before);
        }
    }

    pub(super) fn broken(&self) -> Option<String> {
        self.broken.lock().unwrap().clone()
    }

    pub(super) fn breaks(&self, law: String) {
        self.broken.lock().unwrap().get_or_insert(law);
    }

    /// A replica signs with this key from now on; with none, it reads the store.
    pub(super) fn uses(&self, replica: usize, id: Option<String>) {
        if id.as_ref().is_some_and(|id| self.keys().retired.contains(id)) {
            self.breaks(format!("replica {replica} begins to use a key that was retired"));
        }
        let used = &mut self.used.lock().unwrap()[replica];
        if used.id != id
            && let Some(before) = std::mem::replace(&mut used.id, id)
        {
            used.left.insert(before, Instant::now());
        }
    }

    pub(super) fn used(&self, replica: usize) -> String {
        let used = self.used.lock().unwrap()[replica].id.clone();
        used.unwrap_or_else(|| self.keys().current.clone())
    }

    /// A replica retires a key: it verifies nowhere any more.
    pub(super) fn retires(&self, replica: usize, id: &str) {
        let used = self.used.lock().unwrap().clone();
        let left = match used[replica].id {
            Some(_) => used[replica].left.get(id).copied(),
            None => self.keys().left.get(id).copied(),
        };
        if self.used(replica) == id {
            self.breaks(format!("replica {replica} retires the key that it uses"));
        } else if left.is_none_or(|left| left.elapsed() < OVERLAP) {
            let since = left.map(|left| left.elapsed());
            self.breaks(format!("replica {replica} retires a key that it used {since:?} ago"));
        }
        for (other, signs) in used.iter().enumerate() {
            let is_fresh = signs.left.get(id).is_some_and(|left| left.elapsed() < LIFE);
            if self.used(other) == id || is_fresh {
                self.breaks(format!("replica {replica} retires a key whose tokens of {other} are alive"));
            }
        }
        self.keys().retired.insert(id.to_owned());
    }
}
