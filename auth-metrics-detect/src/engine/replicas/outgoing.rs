//! `Outgoing`: what is told in one exchange.

use super::super::kept::push;
use super::super::state::{State, Table};
use crate::clock::EventClock;
use crate::detector::Detector;

/// The most of each in one exchange.
const CHANGES: usize = 64;
const PAIRS: usize = 256;
const VERDICTS: usize = 64;
const FORGOTTEN: usize = 64;

/// What is told in one exchange.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    pub(crate) changes: Vec<Change>,
    /// Pairs that succeeded.
    pub(crate) pairs: Vec<u64>,
    pub(crate) verdicts: Vec<(Detector, u64)>,
    /// Accounts of which nothing is to be kept.
    pub(crate) forgotten: Vec<u64>,
    /// What found no place while it waited, since the last exchange.
    pub(crate) lost: u64,
}

/// A change of evidence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) table: Table,
    pub(crate) hash: u64,
    pub(crate) by: f32,
}

impl Outgoing {
    /// How many pieces it has.
    pub(crate) fn len(&self) -> u64 {
        (self.changes.len() + self.pairs.len() + self.verdicts.len() + self.forgotten.len()) as u64
    }
}

impl State {
    /// Takes what others are to be told: the largest changes first, the rest next time.
    pub(crate) fn take_outgoing(&mut self) -> Outgoing {
        let now = self.now_of_replicas();
        let mut changes = Vec::new();
        self.sources.changes(now, |hash, by| changes.push(Change { table: Table::Sources, hash, by }));
        self.nets.changes(now, |hash, by| changes.push(Change { table: Table::Nets, hash, by }));
        self.subjects.changes(now, |hash, by| changes.push(Change { table: Table::Subjects, hash, by }));
        changes.sort_unstable_by(|one, other| other.by.abs().total_cmp(&one.by.abs()));
        changes.truncate(CHANGES);
        for change in &changes {
            match change.table {
                Table::Sources => self.sources.sent(change.hash),
                Table::Nets => self.nets.sent(change.hash),
                Table::Subjects => self.subjects.sent(change.hash),
            }
        }
        let lost = self.sources.take_lost() + self.nets.take_lost() + self.subjects.take_lost();
        let Some(replicas) = &mut self.replicas else { return Outgoing::default() };
        Outgoing {
            changes,
            pairs: take(&mut replicas.pairs, PAIRS),
            verdicts: take(&mut replicas.verdicts, VERDICTS),
            forgotten: take(&mut replicas.forgotten, FORGOTTEN),
            lost: lost + std::mem::take(&mut replicas.lost),
        }
    }

    /// Puts back what could not be told.
    pub(crate) fn put_back(&mut self, outgoing: &Outgoing) {
        let now = self.now_of_replicas();
        for Change { table, hash, by } in outgoing.changes.iter().copied() {
            match table {
                Table::Sources => self.sources.unsent(hash, by, now),
                Table::Nets => self.nets.unsent(hash, by, now),
                Table::Subjects => self.subjects.unsent(hash, by, now),
            }
        }
        let Some(replicas) = &mut self.replicas else { return };
        for pair in &outgoing.pairs {
            push(&mut replicas.pairs, *pair, &mut replicas.lost);
        }
        for verdict in &outgoing.verdicts {
            push(&mut replicas.verdicts, *verdict, &mut replicas.lost);
        }
        for subject in &outgoing.forgotten {
            push(&mut replicas.forgotten, *subject, &mut replicas.lost);
        }
    }

    /// The time of the tables, also before the first attempt.
    pub(super) fn now_of_replicas(&self) -> f64 {
        self.clock.now.max(EventClock::ORIGIN)
    }
}

/// The oldest ones of a queue.
fn take<T>(queue: &mut Vec<T>, most: usize) -> Vec<T> {
    queue.drain(..queue.len().min(most)).collect()
}
