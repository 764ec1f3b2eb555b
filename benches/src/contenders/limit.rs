//! What can be reached at all: cells that only their own thread writes, and the processor's time-stamp counter.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use quanta::Clock;

use super::floor::{bucket, outcome};
use super::{BOUNDS, Contender, Counted, Login, body, drive};

#[derive(Default)]
#[repr(align(128))]
struct Cells {
    outcomes: [AtomicU64; 4],
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanos: AtomicU64,
}

pub struct Limit {
    clock: Clock,
    all: Mutex<Vec<&'static Cells>>,
}

thread_local! {
    static OWN: Cell<Option<&'static Cells>> = const { Cell::new(None) };
}

fn add(cell: &AtomicU64, amount: u64) {
    cell.store(cell.load(Relaxed).wrapping_add(amount), Relaxed);
}

impl Limit {
    pub fn new() -> Limit {
        Limit { clock: Clock::new(), all: Mutex::default() }
    }

    #[cold]
    fn claim(&self) -> &'static Cells {
        let cells: &'static Cells = Box::leak(Box::default());
        self.all.lock().unwrap().push(cells);
        OWN.set(Some(cells));
        cells
    }

    async fn login(&self, n: u64) -> Login {
        let start = self.clock.raw();
        let login = body(n);
        let nanos = self.clock.delta_as_nanos(start, self.clock.raw());
        let own = OWN.get().unwrap_or_else(|| self.claim());
        add(&own.outcomes[outcome(&login)], 1);
        add(&own.buckets[bucket(nanos)], 1);
        add(&own.nanos, nanos);
        login
    }
}

impl Contender for Limit {
    fn name(&self) -> &'static str {
        "limit"
    }

    fn note(&self) -> &'static str {
        "cells owned by their thread, time-stamp counter"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        let all = self.all.lock().unwrap();
        let sum = |pick: fn(&Cells) -> &[AtomicU64]| -> u64 {
            all.iter().flat_map(|cells| pick(cells)).map(|cell| cell.load(Relaxed)).sum()
        };
        Some(Counted {
            succeeded: sum(|cells| &cells.outcomes[..1]),
            failed: sum(|cells| &cells.outcomes[1..]),
            observed: sum(|cells| &cells.buckets),
        })
    }
}
