//! Minutes since the start of a world, and what a clock on the wall says then.

/// Minutes since the start.
pub type Minute = i64;

pub const HOUR: Minute = 60;
pub const DAY: Minute = 24 * HOUR;
pub const WEEK: Minute = 7 * DAY;

/// Monday, 6 October 2025, 00:00 UTC, in seconds since 1970. Fixed, so that a seed repeats its world.
pub const START: i64 = 1_759_708_800;

/// Summer time ends on Sunday, 26 October 2025, at 01:00 UTC.
const SUMMER_ENDS: Minute = 20 * DAY + HOUR;

/// Seconds since 1970.
pub fn seconds(minute: Minute) -> i64 {
    START + minute * 60
}

/// Where a service's users live.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// Minutes ahead of UTC in winter.
    pub ahead: Minute,
    pub summer_time: bool,
}

impl Zone {
    /// Minutes since the start by the clock on the wall.
    pub fn local(self, minute: Minute) -> Minute {
        let summer = self.summer_time && minute < SUMMER_ENDS;
        minute + self.ahead + if summer { HOUR } else { 0 }
    }

    /// The day since the start, 0 on the first Monday.
    pub fn day(self, minute: Minute) -> Minute {
        self.local(minute).div_euclid(DAY)
    }

    /// 0 on a Monday.
    pub fn weekday(self, minute: Minute) -> Minute {
        self.day(minute).rem_euclid(7)
    }

    /// Hours since midnight.
    pub fn hour(self, minute: Minute) -> f64 {
        self.local(minute).rem_euclid(DAY) as f64 / HOUR as f64
    }
}

/// "Tue 3 14:05": the weekday, the week and the time, in UTC.
pub fn spelled(minute: Minute) -> String {
    let day =
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][minute.div_euclid(DAY).rem_euclid(7) as usize];
    let of_day = minute.rem_euclid(DAY);
    format!("week {} {day} {:02}:{:02}", minute.div_euclid(WEEK) + 1, of_day / HOUR, of_day % HOUR)
}
