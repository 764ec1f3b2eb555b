//! `Ledger`: what a server was sent of a handle, and what it is owed. It outlives a push, so that the next one of that name goes on with it.

use crate::encode::Encoded;
use crate::series::Table;
use crate::setup::Temporality;

/// What was sent, and what is owed. Times are nanoseconds since 1970.
pub(crate) struct Ledger {
    pub(crate) temporality: Temporality,
    pub(crate) table: Table,
    /// Deltas that a server perhaps took. The very same request is sent until it is known: a server that has it already sees the same
    /// points at the same times.
    pub(crate) pending: Option<Pending>,
    /// The time of what a server last took, or when the push began.
    pub(crate) accepted_at: u64,
    /// The latest time of any request.
    pub(crate) latest: u64,
}

pub(crate) struct Pending {
    pub(crate) encoded: Encoded,
    pub(crate) at: u64,
    /// Whether it was sent before, and perhaps taken.
    pub(crate) is_repeated: bool,
    /// How often it was refused since then.
    pub(crate) refusals: u32,
}

/// How far the clock may go back without being believed.
const MOST_BACK: u64 = 60_000_000_000;

impl Ledger {
    pub(crate) fn new(temporality: Temporality, began: u64) -> Ledger {
        Ledger { temporality, table: Table::new(began), pending: None, accepted_at: began, latest: began }
    }

    /// The time of the next request, some nanoseconds after the one before. It is later than any other, and the clock's if that is later
    /// too. If the clock went back, time goes half as fast until the clock has caught up. If it went back far, it was wrong before: all
    /// times are moved back with it.
    pub(crate) fn next_time(&mut self, clock: u64, elapsed: u64) -> u64 {
        let expected = self.latest.saturating_add(elapsed.max(1));
        if expected.saturating_sub(clock) > MOST_BACK {
            let back = expected - clock;
            self.table.move_back(back);
            self.accepted_at = self.accepted_at.saturating_sub(back);
            self.latest = clock.max(1);
        } else {
            self.latest = clock.max(self.latest.saturating_add((elapsed / 2).max(1)));
        }
        self.latest
    }
}
