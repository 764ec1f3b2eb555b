//! `Moment`: a time of the calendar in UTC, from the year 0 to 9999. Knows no time zones and no leap seconds.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time. One that RFC 3339 can't spell is the nearest one that it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since 1970, rounded down.
    seconds: i64,
    nanos: u32,
}

const DAY: i64 = 86_400;

/// 0000-01-01T00:00:00Z.
const FIRST: Moment = Moment { seconds: -719_528 * DAY, nanos: 0 };

/// 9999-12-31T23:59:59.999999999Z.
const LAST: Moment = Moment { seconds: 2_932_897 * DAY - 1, nanos: 999_999_999 };

impl Moment {
    pub(super) fn of(time: SystemTime) -> Moment {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => match i64::try_from(since.as_secs()) {
                Ok(seconds) if seconds <= LAST.seconds => Moment { seconds, nanos: since.subsec_nanos() },
                _ => LAST,
            },
            Err(before) => Moment::before(before.duration()),
        }
    }

    fn before(before: Duration) -> Moment {
        let (whole, nanos) = (i64::try_from(before.as_secs()), before.subsec_nanos());
        let part = i64::from(nanos > 0);
        match whole {
            Ok(whole) if whole + part <= -FIRST.seconds => {
                Moment { seconds: -whole - part, nanos: (1_000_000_000 - nanos) % 1_000_000_000 }
            }
            _ => FIRST,
        }
    }

    /// Returns the milliseconds since 1970, rounded down.
    pub(super) fn millis(self) -> i64 {
        self.seconds * 1_000 + i64::from(self.nanos / 1_000_000)
    }
}

impl fmt::Display for Moment {
    /// Writes it as RFC 3339 says, with nanoseconds.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.seconds.div_euclid(DAY));
        let second = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let nanos = self.nanos;
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z")
    }
}

/// The date of a day since 1970. Years are counted from March on, so that the leap day is the last one of its year.
fn date(day: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(ERA), day.rem_euclid(ERA));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let is_next_year = month >= 10;
    let month = if is_next_year { month - 9 } else { month + 3 };
    (year + era * 400 + i64::from(is_next_year), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, nanos: u32) -> SystemTime {
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole };
        time + Duration::from_nanos(u64::from(nanos))
    }

    fn shown(seconds: i64, nanos: u32) -> String {
        Moment::of(at(seconds, nanos)).to_string()
    }

    #[test]
    fn known_dates_are_spelled() {
        // Computed with `date -u -d @…`.
        for (seconds, nanos, expected) in [
            (0, 0, "1970-01-01T00:00:00.000000000Z"),
            (0, 1, "1970-01-01T00:00:00.000000001Z"),
            (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
            (-1, 0, "1969-12-31T23:59:59.000000000Z"),
            (951_782_400, 0, "2000-02-29T00:00:00.000000000Z"),
            (1_790_000_000, 123_456_789, "2026-09-21T14:13:20.123456789Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000000000Z"),
            (-62_167_219_200, 0, "0000-01-01T00:00:00.000000000Z"),
            (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
        ] {
            assert_eq!(shown(seconds, nanos), expected);
        }
    }

    #[test]
    fn times_that_have_no_spelling_are_the_nearest_that_have_one() {
        assert_eq!(shown(253_402_300_800, 0), LAST.to_string());
        assert_eq!(shown(-62_167_219_201, 999_999_999), FIRST.to_string());
        for far in [i64::MAX.unsigned_abs(), 1 << 60] {
            let far = Duration::from_secs(far);
            assert!(UNIX_EPOCH.checked_add(far).is_none_or(|time| Moment::of(time) == LAST));
            assert!(UNIX_EPOCH.checked_sub(far).is_none_or(|time| Moment::of(time) == FIRST));
        }
    }

    #[test]
    fn days_follow_one_another() {
        let days = (FIRST.seconds / DAY..=LAST.seconds / DAY).map(date);
        let mut before = (-1, 12, 31);
        for (year, month, day) in days {
            let (y, m, d) = before;
            let follows = (year, month, day) == (y, m, d + 1)
                || (year, month, day) == (y, m + 1, 1) && d >= 28
                || (year, month, day) == (y + 1, 1, 1) && (m, d) == (12, 31);
            assert!(follows && day <= 31, "{year}-{month}-{day} after {y}-{m}-{d}");
            before = (year, month, day);
        }
        assert_eq!(before, (9999, 12, 31));
    }

    #[test]
    fn milliseconds_are_rounded_down() {
        assert_eq!(Moment::of(at(1, 1_999_999)).millis(), 1_001);
        assert_eq!(Moment::of(at(-1, 999_999_999)).millis(), -1);
        assert_eq!(Moment::of(at(-1, 1)).millis(), -1_000);
    }
}
