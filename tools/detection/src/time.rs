//! Seconds of the worlds. They begin on a Monday at midnight.

pub const MINUTE: f64 = 60.0;
pub const HOUR: f64 = 3_600.0;
pub const DAY: f64 = 86_400.0;

/// 2024-01-01 00:00 UTC, which was a Monday.
pub const BEGIN: f64 = 1_704_067_200.0;

/// A stretch of time: the end is not included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
}

impl Span {
    /// From a day and an hour of a world on, for some hours.
    pub fn new(day: f64, hour: f64, hours: f64) -> Span {
        let from = BEGIN + day * DAY + hour * HOUR;
        Span { from, to: from + hours * HOUR }
    }

    pub fn contains(&self, t: f64) -> bool {
        self.from <= t && t < self.to
    }

    /// The span with a later end.
    pub fn and(&self, seconds: f64) -> Span {
        Span { from: self.from, to: self.to + seconds }
    }

    pub fn length(&self) -> f64 {
        self.to - self.from
    }
}

/// A duration for people.
pub fn spelled(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else if seconds < 2.0 * HOUR {
        format!("{:.0} min", seconds / MINUTE)
    } else {
        format!("{:.1} h", seconds / HOUR)
    }
}
