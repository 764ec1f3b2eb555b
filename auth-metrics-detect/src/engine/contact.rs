//! What a stranger's failure does to the evidence about its source and network.

use super::notes::NetNote;
use super::options::Part;
use super::pairs::Repeat;
use super::seen::Seen;
use super::state::{State, Table, Told};
use crate::detector::Detector;
use crate::detectors::{Source, burst, enumeration, hash_of_operation, net, source, stuck};
use crate::evidence::{Class, weights};
use crate::keys::place_of;
use crate::sketch::Admission;

/// A source with credit is one of known users: what fails there says little about strangers.
pub(crate) const CREDIT: f32 = -2.0;
/// A source that fails at more accounts is convicted itself; its network gets no more evidence from it.
const CONTACTS_OF_NET: u8 = 3;
/// Sources of a network that are several.
const SOURCES_OF_NET: u32 = 3;

impl State {
    /// A wrong secret, or a name without an account.
    pub(crate) fn fail(&mut self, seen: &Seen, told: Told<'_>) {
        if seen.is_code {
            self.count_code(seen, told);
        }
        let Some(pair) = seen.pair else {
            return self.fail_without_source(seen, told);
        };
        if seen.is_familiar {
            return self.fail_familiar(seen, pair, told);
        }
        let is_first = !self.failed.contains(pair);
        self.failed.insert(pair, seen.now);
        let (entry, repeat) = self.fail_again(seen, pair, told);
        let weight = if is_first { self.first_weight(seen) } else { self.repeat_weight(entry, repeat) };
        self.blame_subject(seen, is_first, told);
        self.blame_source(seen, is_first, weight, told);
    }

    /// Notes a failure of a pair, and whether it is one of a stuck client.
    fn fail_again(&mut self, seen: &Seen, pair: u64, told: Told<'_>) -> (usize, Repeat) {
        let (entry, repeat) = self.pairs.fail(pair, seen.operation, seen.now);
        let gap = self.pairs.get(entry).gap;
        if let Some(finding) = stuck::find(pair, repeat.nth, gap, repeat.is_even) {
            self.find(seen, &finding, told);
        }
        (entry, repeat)
    }

    fn first_weight(&self, seen: &Seen) -> f32 {
        match seen.class {
            Class::Probe => weights::probe(weights::PROBE_OF_HONEST),
            _ => weights::guess(self.operations.get(seen.operation).honest_failures(seen.now)),
        }
    }

    fn repeat_weight(&mut self, entry: usize, repeat: Repeat) -> f32 {
        let has_pacing = self.options.has(Part::Pacing);
        let failures = self.pairs.get(entry);
        let weight = if has_pacing {
            weights::repeat(repeat.nth, repeat.gap, failures.weighed, repeat.is_even)
        } else {
            weights::repeat(2, f64::INFINITY, 0.0, false)
        };
        failures.weighed += weight;
        weight
    }

    fn blame_source(&mut self, seen: &Seen, is_first: bool, mut weight: f32, told: Told<'_>) {
        let Some(hash) = seen.source else { return };
        let Some(index) = self.admitted(Table::Sources, |state| state.sources.admit(hash, seen.now)) else {
            return;
        };
        let before = self.sources.evidence(index, seen.now);
        let (in_row, is_program) = self.note_failure(seen, index, before, is_first);
        if is_first && self.options.has(Part::Pacing) {
            weight = weights::in_a_row(weight, in_row);
        }
        // `assess` reads it too.
        if !seen.is_convictable {
            weight = 0.0;
        }
        if is_first {
            self.count_stranger(seen, hash, before, self.sources.peek(index).contacts <= 1);
            if seen.class == Class::Probe && !is_program {
                let is_counted = before > CREDIT && !seen.is_known_source;
                self.sources.note(index).add_probe(weight, is_counted);
            }
        }
        let gap = seconds(self.sources.age(index, seen.now));
        self.sources.add(index, hash, seen.now, weight);
        let mut blamed = self.source(seen, index, hash);
        blamed.gap = gap;
        if is_first && blamed.contacts <= CONTACTS_OF_NET {
            self.blame_net(seen, hash, weight, told);
        }
        if !seen.is_convictable {
            return;
        }
        let found = [burst::find(&blamed), source::find(&blamed)];
        found.iter().flatten().for_each(|finding| self.find(seen, finding, told));
        self.enumerate(seen, index, &blamed, told);
        if self.sources.note(index).met > 0 {
            self.name_accounts(seen, &blamed, told);
        }
    }

    /// Tells of names that a source tries, unless the sum of the operation does so already. Each name counts once, so that an honest
    /// error long after an attack renews nothing.
    fn enumerate(&mut self, seen: &Seen, index: usize, blamed: &Source, told: Told<'_>) {
        let Some(finding) = enumeration::find(blamed, seen.operation) else { return };
        self.sources.note(index).probes = 0;
        if self.verdicts.get(Detector::Enumeration, hash_of_operation(seen.operation)).is_none() {
            self.find(seen, &finding, told);
        }
    }

    /// Notes a failure; which one it is of those in a row at the pace of a person, and whether no person is that fast.
    fn note_failure(&mut self, seen: &Seen, index: usize, before: f32, is_first: bool) -> (u8, bool) {
        let age = self.sources.age(index, seen.now);
        let note = self.sources.note(index);
        note.fade(age);
        let gap = note.gap(seen.now, age);
        if before <= 0.0 && gap > 60.0 {
            note.restart();
        }
        let is_program = gap < weights::FAST_SECONDS;
        if is_program || gap > weights::ROW_SECONDS {
            note.take_row();
        }
        let in_row = if weights::is_in_row(gap) { note.in_row.saturating_add(u8::from(is_first)) } else { 0 };
        note.in_row = in_row;
        note.fail(seen.now);
        note.burst.count(seen.now, burst::SECONDS);
        note.count_day(seen.now, u8::from(is_first), 0);
        note.contacts = note.contacts.saturating_add(u8::from(is_first));
        note.probes = note.probes.saturating_add(u8::from(is_first && seen.class == Class::Probe));
        (in_row, is_program)
    }

    /// A stranger's first failure counts for the operation, unless known users are at its source.
    fn count_stranger(&mut self, seen: &Seen, source: u64, before: f32, is_fresh: bool) {
        if before <= CREDIT || seen.is_known_source {
            return;
        }
        let operation = self.operations.get_mut(seen.operation);
        let is_probe = seen.class == Class::Probe;
        operation.tally.contacts += 1.0;
        operation.tally.probes += f32::from(u8::from(is_probe));
        operation.shape.count(source, seen.subject.unwrap_or_default(), is_probe);
        operation.contact(is_fresh, seen.now);
    }

    fn blame_net(&mut self, seen: &Seen, source: u64, weight: f32, told: Told<'_>) {
        let Some(hash) = seen.net.filter(|_| self.options.has(Part::Net)) else { return };
        let Some(index) = self.admitted(Table::Nets, |state| state.nets.admit(hash, seen.now)) else {
            return;
        };
        if self.nets.evidence(index, seen.now) <= 0.0 {
            *self.nets.note(index) = NetNote::default();
        }
        let gap = seconds(self.nets.age(index, seen.now));
        let walk = self.nets.add(index, hash, seen.now, weight);
        let note = self.nets.note(index);
        note.sources |= 1 << place_of(source, 16);
        note.contacts = note.contacts.saturating_add(1);
        let (sources, contacts) = (note.sources.count_ones(), note.contacts);
        self.nets.set_flag(index, sources >= SOURCES_OF_NET);
        if let Some(finding) = net::find(hash, walk, sources, contacts, gap).filter(|_| seen.is_convictable) {
            self.find(seen, &finding, told);
        }
    }

    /// A known user fails: no evidence against anybody, but maybe against the service.
    fn fail_familiar(&mut self, seen: &Seen, pair: u64, told: Told<'_>) {
        let is_new = self.count_broken(seen, pair);
        self.operations.get_mut(seen.operation).count_familiar(is_new, seen.now);
        self.fail_again(seen, pair, told);
    }

    /// Counts a known user for whom the operation does not work; whether it is the first time within the hour.
    pub(crate) fn count_broken(&mut self, seen: &Seen, pair: u64) -> bool {
        let is_new = self.broken.insert(pair, seen.now);
        let tally = &mut self.operations.get_mut(seen.operation).tally;
        tally.familiar += 1;
        tally.broken += u32::from(is_new);
        is_new
    }

    /// Only the account is known.
    fn fail_without_source(&mut self, seen: &Seen, told: Told<'_>) {
        self.blame_subject(seen, false, told);
    }

    /// The place of an entry in a table; none if the table refused it. Counts what had to make room.
    pub(crate) fn admitted(
        &mut self,
        table: Table,
        admit: impl FnOnce(&mut State) -> Admission,
    ) -> Option<usize> {
        match admit(self) {
            Admission::Free(index) => Some(index),
            Admission::Evicting(index) => {
                self.counts.evicted[table as usize] += 1;
                Some(index)
            }
            Admission::Refused => {
                self.counts.refused[table as usize] += 1;
                None
            }
        }
    }

    /// What detectors read of a source.
    pub(crate) fn source(&mut self, seen: &Seen, index: usize, hash: u64) -> Source {
        let walk = self.sources.evidence(index, seen.now);
        let note = *self.sources.note(index);
        let has_prior = !self.options.is_conservative && self.options.has(Part::Prior);
        let of_subject = if seen.class == Class::Success { 0.0 } else { self.share_of_subject(seen) };
        let prior =
            has_prior.then(|| self.operations.get(seen.operation).share_of_bad(seen.now).max(of_subject));
        Source {
            hash,
            is_known: seen.is_known_source,
            walk,
            prior,
            target: self.options.target,
            contacts: note.contacts,
            probes: note.probes,
            failures: note.failures,
            forged: note.forged,
            burst: note.burst.count,
            familiar: note.familiar.count_ones(),
            strays: note.strays,
            entered: note.entered,
            gap: 0.0,
        }
    }
}

pub(super) fn seconds(passed: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "some days")]
    let passed = passed as f32;
    passed
}
