//! `Queue`: the records that wait for a sink. The events thread never waits for it; what finds no room is counted, and a gap stands in its
//! place.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::record::{Body, GapCause, Kind, Own, Record};

/// Records in the order they came.
pub(crate) struct Queue {
    capacity: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
    /// Attempts that wait or are in the hands of the sink.
    attempts: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    records: VecDeque<Arc<Record>>,
    /// What found no room since the last record that did.
    missed: Dropped,
    /// How many records came and how many were given out, since the start.
    pushed: u64,
    taken: u64,
    /// Up to which one a flush was asked for, and up to which one it is done.
    asked: u64,
    done: u64,
    reopen: bool,
    is_closed: bool,
    /// Once the thread has ended: whether the sink has everything that came before.
    ended: Option<bool>,
}

/// What was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) attempts: u64,
    pub(crate) steps: u64,
}

/// What the thread of a sink is given.
pub(super) struct Batch {
    pub(super) records: Vec<Arc<Record>>,
    /// Whether somebody waits until these are durable, and up to where that is so then.
    pub(super) is_asked: bool,
    pub(super) position: u64,
    pub(super) reopen: bool,
    pub(super) is_last: bool,
}

impl Dropped {
    /// Adds what one record is: nothing, if the trail says it of itself.
    pub(crate) fn add(&mut self, record: &Record) {
        match &record.body {
            Body::Event(event) if matches!(event.kind, Kind::Attempt(_)) => self.attempts += 1,
            Body::Event(_) => self.steps += 1,
            Body::Own(_) => {}
        }
    }

    /// Adds what a chain misses without a record: if that is a gap, all that it tells of.
    pub(crate) fn lose(&mut self, record: &Record) {
        if let Body::Own(Own::Gap { attempts, steps, .. }) = &record.body {
            self.attempts += attempts;
            self.steps += steps;
        } else {
            self.add(record);
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Dropped::default()
    }

    /// What says so.
    pub(crate) fn gap(self, cause: GapCause) -> Own {
        Own::Gap { attempts: self.attempts, steps: self.steps, cause }
    }

    /// A record that says so.
    pub(crate) fn gap_record(self, cause: GapCause) -> Arc<Record> {
        Arc::new(Record { at: SystemTime::now(), body: Body::Own(self.gap(cause)) })
    }
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Queue {
        Queue { capacity, waiting: Mutex::default(), changed: Condvar::new(), attempts: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes records as far as there is room. Returns what found none, and whether that is because the trail has ended.
    pub(super) fn push(&self, records: &[Arc<Record>]) -> (Dropped, bool) {
        let mut waiting = self.lock();
        let mut missed = Dropped::default();
        for record in records {
            if waiting.is_closed || waiting.records.len() >= self.capacity {
                missed.add(record);
                waiting.missed.lose(record);
                continue;
            }
            if !waiting.missed.is_empty() {
                let gap = std::mem::take(&mut waiting.missed).gap_record(GapCause::Full);
                waiting.records.push_back(gap);
                waiting.pushed += 1;
            }
            let mut taken = Dropped::default();
            taken.add(record);
            self.arrive(taken.attempts);
            waiting.records.push_back(Arc::clone(record));
            waiting.pushed += 1;
        }
        let is_closed = waiting.is_closed;
        drop(waiting);
        self.changed.notify_all();
        (missed, is_closed)
    }

    /// Gives the next records, at most `most`; waits for some until `tick` has passed.
    pub(super) fn take(&self, most: usize, tick: Duration) -> Batch {
        let is_idle = |waiting: &mut Waiting| {
            waiting.records.is_empty()
                && waiting.asked <= waiting.done
                && !waiting.is_closed
                && !waiting.reopen
        };
        let waiting = self.lock();
        let (mut waiting, _) =
            self.changed.wait_timeout_while(waiting, tick, is_idle).unwrap_or_else(PoisonError::into_inner);
        let taken = waiting.records.len().min(most);
        let mut records: Vec<_> = waiting.records.drain(..taken).collect();
        waiting.taken += records.len() as u64;
        let is_empty = waiting.records.is_empty();
        if is_empty && !waiting.missed.is_empty() {
            records.push(std::mem::take(&mut waiting.missed).gap_record(GapCause::Full));
        }
        let is_asked = waiting.asked > waiting.done;
        let reopen = std::mem::take(&mut waiting.reopen);
        Batch { records, is_asked, position: waiting.taken, reopen, is_last: waiting.is_closed && is_empty }
    }

    /// Attempts wait for the sink, or are in its hands.
    pub(super) fn arrive(&self, attempts: u64) {
        self.attempts.fetch_add(attempts, Ordering::Release);
    }

    /// An attempt left the hands of the sink. Called before its result is counted, so that a scrape never finds it twice.
    pub(super) fn settle(&self, attempts: u64) {
        self.attempts.fetch_sub(attempts, Ordering::Release);
    }

    /// Everything up to this position is durable.
    pub(super) fn finish(&self, position: u64) {
        self.lock().done = position;
        self.changed.notify_all();
    }

    /// No more records are taken.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// The thread of the sink has ended; whoever waits for it need not. Takes what still waits.
    pub(super) fn end(&self, is_whole: bool) -> Vec<Arc<Record>> {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.ended = Some(is_whole);
        if is_whole {
            waiting.done = waiting.pushed;
        }
        let rest = std::mem::take(&mut waiting.records).into();
        drop(waiting);
        self.changed.notify_all();
        rest
    }

    /// Asks for another file.
    pub(super) fn reopen(&self) {
        self.lock().reopen = true;
        self.changed.notify_all();
    }

    /// Asks that everything that came so far is written and made durable.
    pub(super) fn ask(&self) -> u64 {
        let mut waiting = self.lock();
        let asked = waiting.pushed;
        waiting.asked = asked;
        drop(waiting);
        self.changed.notify_all();
        asked
    }

    /// Waits until that is so; whether it was in time.
    pub(super) fn wait(&self, asked: u64, until: Instant) -> bool {
        self.wait_while(until, |waiting| waiting.done < asked && waiting.ended.is_none()).done >= asked
    }

    /// Waits until the thread of the sink has ended; whether it was in time and the sink has everything.
    pub(super) fn wait_for_end(&self, until: Instant) -> bool {
        self.wait_while(until, |waiting| waiting.ended.is_none()).ended == Some(true)
    }

    fn wait_while(&self, until: Instant, is_open: impl Fn(&Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        let left = until.saturating_duration_since(Instant::now());
        let waited = self.changed.wait_timeout_while(self.lock(), left, |waiting| is_open(waiting));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits this long, or until the trail ends if it has not yet.
    pub(super) fn pause(&self, pause: Duration) {
        let waiting = self.lock();
        let was_closed = waiting.is_closed;
        drop(self.changed.wait_timeout_while(waiting, pause, |waiting| waiting.is_closed == was_closed));
    }

    pub(crate) fn attempts(&self) -> u64 {
        self.attempts.load(Ordering::Acquire)
    }

    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }
}
