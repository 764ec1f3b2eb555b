//! `EventId`: what an event is called elsewhere, in a log line or an audit trail. Knows nothing of what it says.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// The id of an event: the same in the span of its attempt, in every observer and in the audit trail.
///
/// It is unique among the handles of all processes, as far as 64 random bits are, and says nothing of who tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventId {
    handle: u64,
    thread: u32,
    sequence: u64,
}

impl EventId {
    /// The id of the event that a thread of a handle recorded at a place of its order.
    pub(super) fn new(handle: u64, thread: usize, sequence: u64) -> EventId {
        EventId { handle, thread: u32::try_from(thread).unwrap_or(u32::MAX), sequence }
    }

    /// A random number for a handle, which its ids begin with.
    pub(super) fn of_handle() -> u64 {
        RandomState::new().hash_one(0_u8)
    }

    pub(super) fn thread(self) -> u32 {
        self.thread
    }

    pub(super) fn sequence(self) -> u64 {
        self.sequence
    }
}

impl fmt::Display for EventId {
    /// Writes it as 16 hexadecimal digits for the handle, then the thread and the place: `5f0c6a2be19d4437-0-1a`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}-{:x}-{:x}", self.handle, self.thread, self.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_have_numbers_of_their_own() {
        assert_ne!(EventId::of_handle(), EventId::of_handle());
    }

    #[test]
    fn id_is_written_in_hexadecimal() {
        assert_eq!(EventId::new(0x5f0c_6a2b, 17, 26).to_string(), "000000005f0c6a2b-11-1a");
    }
}
