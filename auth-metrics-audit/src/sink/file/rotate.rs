//! `Rotate`: when a new file is begun.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::record::RotateCause;

/// When a new file is begun. The default is daily or at 256 MiB, whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotate {
    daily: bool,
    bytes: Option<u64>,
}

impl Rotate {
    /// Begins a new file with the first line of each day, in UTC. If the clock goes back, the file stays the one of the later day.
    pub fn daily() -> Rotate {
        Rotate { daily: true, bytes: None }
    }

    /// Begins a new file before one would grow beyond this many bytes. A line that is longer than that has a file of its own.
    pub fn bytes(bytes: u64) -> Rotate {
        Rotate { daily: false, bytes: Some(bytes) }
    }

    /// Writes one file forever, unless it is taken away.
    pub fn never() -> Rotate {
        Rotate { daily: false, bytes: None }
    }

    /// Begins a new file at this many bytes too.
    #[must_use]
    pub fn or_bytes(mut self, bytes: u64) -> Rotate {
        self.bytes = Some(bytes);
        self
    }

    /// Returns why a file of this length, begun on this day, does not take the next line.
    pub(super) fn cause(self, length: u64, line: u64, begun: u64, today: u64) -> Option<RotateCause> {
        let is_full = self.bytes.is_some_and(|bytes| length.saturating_add(line) > bytes);
        match length {
            0 => None,
            _ if self.daily && today > begun => Some(RotateCause::Day),
            _ => is_full.then_some(RotateCause::Bytes),
        }
    }
}

impl Default for Rotate {
    fn default() -> Rotate {
        Rotate::daily().or_bytes(256 << 20)
    }
}

/// Returns the days since 1970 in UTC.
pub(super) fn day(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_takes_lines_up_to_its_size() {
        let rotate = Rotate::bytes(100);
        assert_eq!(rotate.cause(60, 40, 5, 6), None);
        assert_eq!(rotate.cause(60, 41, 5, 5), Some(RotateCause::Bytes));
        assert_eq!(rotate.cause(0, 500, 5, 5), None, "a long line would never be written");
        assert_eq!(Rotate::never().cause(u64::MAX, 1, 0, 9), None);
    }

    #[test]
    fn only_a_later_day_begins_a_file() {
        let rotate = Rotate::daily();
        assert_eq!(rotate.cause(1, 1, 5, 6), Some(RotateCause::Day));
        assert_eq!(rotate.cause(1, 1, 5, 4), None);
        assert_eq!(rotate.cause(0, 1, 5, 6), None, "an empty file is good for another day");
    }
}
