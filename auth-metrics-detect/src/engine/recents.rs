//! `Recents`: strangers who got in within the hour, so that an account can be named when its guesser is found later.

/// How long a success is remembered.
pub(crate) const HOUR: f64 = 3600.0;

/// A stranger who got in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Recent {
    pub(crate) at: f64,
    pub(crate) source: u64,
    pub(crate) subject: u64,
    pub(crate) operation: u8,
    /// Whether it failed at the account before.
    pub(crate) failed_first: bool,
    /// Whether the account was named.
    pub(crate) is_named: bool,
}

pub(crate) struct Recents {
    entries: Box<[Recent]>,
    next: usize,
}

impl Recents {
    pub(crate) fn new(bytes: usize) -> Recents {
        let entries = (bytes / size_of::<Recent>()).max(16);
        Recents { entries: vec![Recent::default(); entries].into(), next: 0 }
    }

    /// One that has room for nothing, and panics when it is used.
    #[cfg(test)]
    pub(super) fn none() -> Recents {
        Recents { entries: Box::default(), next: 0 }
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }

    pub(crate) fn push(&mut self, recent: Recent) {
        self.entries[self.next] = recent;
        self.next = (self.next + 1) % self.entries.len();
    }

    /// Those from a source within the hour that were not named yet.
    pub(crate) fn unnamed_from(&mut self, source: u64, now: f64) -> impl Iterator<Item = &mut Recent> {
        let is_meant = move |recent: &&mut Recent| {
            recent.source == source && !recent.is_named && recent.at > 0.0 && now - recent.at <= HOUR
        };
        self.entries.iter_mut().filter(is_meant)
    }

    /// Forgets an account.
    pub(crate) fn forget(&mut self, subject: u64) {
        self.entries
            .iter_mut()
            .filter(|recent| recent.subject == subject)
            .for_each(|recent| *recent = Recent::default());
    }
}

impl Recents {
    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        crate::saved::save_all(&self.entries, out);
    }

    pub(crate) fn load(&mut self, input: &mut &[u8]) -> Option<()> {
        crate::saved::load_all(&mut self.entries, input)
    }
}

crate::saved::saved! { Recent { at, source, subject, operation, failed_first, is_named } }
