//! How many attempts come: the shape of day and week, holidays, campaigns, growth.

use auth_metrics_random::Random;

use crate::calendar::{DAY, HOUR, Minute, WEEK, Zone};

/// Who comes, and therefore when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rhythm {
    /// People at home: little at night, a peak in the evening.
    Consumer,
    /// People at work: next to nothing at night and on weekends.
    Office,
    /// Programs: a flat line with waves, and batches on the hour.
    Machine,
}

/// Attempts of one deployment over the weeks.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Attempts per second of a usual busy hour.
    pub rate: f64,
    pub rhythm: Rhythm,
    pub zone: Zone,
    /// By how much it grows in a week.
    growth: f64,
    /// No two weeks are the same.
    weeks: Vec<f64>,
    holidays: Vec<Minute>,
    /// Weeks on whose Friday everybody leaves early.
    early_fridays: Vec<Minute>,
    campaigns: Vec<Campaign>,
}

/// Marketing: a mail to everybody.
#[derive(Clone, Copy, Debug)]
struct Campaign {
    from: Minute,
    length: Minute,
    times: f64,
}

impl Traffic {
    pub fn new(rate: f64, rhythm: Rhythm, weeks: Minute, random: &mut Random) -> Traffic {
        let zone = Zone { ahead: random.pick(&[-5 * HOUR, 0, HOUR, HOUR]), summer_time: random.chance(0.7) };
        let campaigns = match rhythm {
            Rhythm::Consumer => random.whole(1, 3),
            Rhythm::Office => random.whole(0, 1),
            Rhythm::Machine => 0,
        };
        let early_fridays = (0..weeks).filter(|_| random.chance(0.3)).collect();
        Traffic {
            rate,
            rhythm,
            zone,
            growth: random.between(-0.01, 0.10),
            weeks: (0..=weeks).map(|_| 1.0 + 0.03 * random.normal()).collect(),
            holidays: (0..random.whole(1, 2)).map(|_| random.whole(0, weeks * 7 - 1)).collect(),
            early_fridays,
            campaigns: (0..campaigns).map(|_| Campaign::new(weeks, zone, random)).collect(),
        }
    }

    /// The expected attempts per second.
    pub fn at(&self, minute: Minute) -> f64 {
        let week = minute.div_euclid(WEEK).clamp(0, self.weeks.len() as Minute - 1);
        let grown = (1.0 + self.growth).powf(minute as f64 / WEEK as f64);
        let campaign: f64 = self.campaigns.iter().map(|campaign| campaign.times(minute)).product();
        self.rate * self.shape(minute) * self.weeks[week as usize] * grown * campaign
    }

    /// The expected attempts per second over some minutes.
    pub fn mean(&self, from: Minute, to: Minute) -> f64 {
        let steps: Vec<f64> = (from..to).step_by(5).map(|minute| self.at(minute)).collect();
        steps.iter().sum::<f64>() / steps.len() as f64
    }

    /// Is true where people of this rhythm are at their busiest.
    pub fn is_busy(&self, minute: Minute) -> bool {
        self.shape(minute) > 0.6
    }

    pub fn is_holiday(&self, minute: Minute) -> bool {
        self.holidays.contains(&self.zone.day(minute))
    }

    fn shape(&self, minute: Minute) -> f64 {
        let (hour, weekday) = (self.zone.hour(minute), self.zone.weekday(minute));
        match self.rhythm {
            Rhythm::Consumer => {
                let day = 0.08 + 0.55 * bump(hour, 12.5, 5.0) + 0.65 * bump(hour, 20.0, 2.6);
                let weekend = if weekday >= 5 { 1.12 } else { 1.0 };
                day * weekend * if self.is_holiday(minute) { 1.2 } else { 1.0 }
            }
            Rhythm::Office => self.office(minute, hour, weekday),
            Rhythm::Machine => {
                let batch = if minute.rem_euclid(HOUR) < 4 { 0.12 } else { 0.0 };
                let weekend = if weekday >= 5 { 0.8 } else { 1.0 };
                (0.55 + 0.45 * bump(hour, 14.0, 5.5) + batch) * weekend
            }
        }
    }

    fn office(&self, minute: Minute, hour: f64, weekday: Minute) -> f64 {
        const ASLEEP: f64 = 0.012;
        if weekday >= 5 || self.is_holiday(minute) {
            return ASLEEP;
        }
        let early = weekday == 4 && self.early_fridays.contains(&minute.div_euclid(WEEK));
        let evening = if early { 13.0 } else { 17.5 };
        let awake = rise(hour, 8.2, 0.5) * (1.0 - rise(hour, evening, 0.7));
        let morning = 0.5 * bump(hour, 8.9, 0.5);
        let lunch = 0.4 * bump(hour, 12.4, 0.5);
        ASLEEP + (0.75 + morning - lunch) * awake
    }
}

impl Campaign {
    fn new(weeks: Minute, zone: Zone, random: &mut Random) -> Campaign {
        let day = random.whole(1, weeks * 7 - 1);
        let from = day * DAY + random.whole(10 * HOUR, 18 * HOUR) - zone.ahead;
        Campaign { from, length: random.whole(90, 240), times: random.between(3.0, 6.0) }
    }

    /// Up within ten minutes, then down again slowly.
    fn times(self, minute: Minute) -> f64 {
        let since = (minute - self.from) as f64;
        if since < 0.0 || since > 2.5 * self.length as f64 {
            return 1.0;
        }
        let up = (since / 10.0).min(1.0);
        let down = (-(since - 10.0).max(0.0) / (0.6 * self.length as f64)).exp();
        1.0 + (self.times - 1.0) * up * down
    }
}

/// A bell around an hour of the day, which wraps at midnight.
fn bump(hour: f64, middle: f64, width: f64) -> f64 {
    let off = (hour - middle + 12.0).rem_euclid(24.0) - 12.0;
    (-off * off / (2.0 * width * width)).exp()
}

/// From 0 to 1 around an hour.
fn rise(hour: f64, middle: f64, width: f64) -> f64 {
    1.0 / (1.0 + (-(hour - middle) * 4.0 / width).exp())
}
