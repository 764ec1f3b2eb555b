//! `Table`: every series of a handle, as the last snapshot had it.

use std::collections::BTreeMap;

use auth_metrics::Family;
use auth_metrics::read::Exemplar;

use super::count::Count;
use super::spread::Spread;

/// Every series, by family in the order of a scrape. Times are nanoseconds since 1970.
#[derive(Debug)]
pub(crate) struct Table {
    families: Vec<OfFamily>,
    /// When the last snapshot was taken, or the push began.
    read_at: u64,
    /// How many snapshots there were.
    reading: u64,
}

#[derive(Debug)]
struct OfFamily {
    family: &'static Family,
    /// With the handle's namespace.
    full_name: String,
    series: BTreeMap<String, Series>,
}

#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) labels: Vec<(String, String)>,
    /// Since when it counts.
    pub(crate) start: u64,
    pub(crate) value: Value,
    /// With the bucket that each is of.
    pub(crate) exemplars: Vec<(usize, Exemplar)>,
    /// Whether a server knows it.
    is_told: bool,
    /// The last snapshot that had it.
    seen: u64,
}

#[derive(Debug)]
pub(crate) enum Value {
    Count(Count),
    Level(f64),
    Spread(Spread),
}

/// The most series that are no longer in a snapshot and wait for a server.
const MOST_VANISHED: usize = 4_096;

impl Table {
    /// An empty table of a push that begins at a time.
    pub(crate) fn new(began_at: u64) -> Table {
        Table { families: Vec::new(), read_at: began_at, reading: 0 }
    }

    /// A snapshot begins.
    pub(super) fn begin(&mut self) {
        self.reading += 1;
    }

    /// A snapshot ended that was taken at a time. Forgets what it did not have.
    pub(super) fn end(&mut self, at: u64, keeps_owed: bool) -> u64 {
        self.read_at = at;
        self.forget(keeps_owed)
    }

    fn forget(&mut self, keeps_owed: bool) -> u64 {
        let (mut waiting, mut dropped) = (0, 0);
        for family in &mut self.families {
            family.series.retain(|_, series| {
                if series.seen == self.reading {
                    return true;
                }
                if !keeps_owed || !series.is_owed() {
                    return false;
                }
                waiting += 1;
                let has_room = waiting <= MOST_VANISHED;
                dropped += u64::from(!has_room);
                has_room
            });
        }
        dropped
    }

    /// The family that comes next in a snapshot.
    pub(super) fn family(&mut self, family: &'static Family, full_name: impl FnOnce() -> String) -> usize {
        let known = self.families.iter().position(|known| std::ptr::eq(known.family, family));
        known.unwrap_or_else(|| {
            let of_family = OfFamily { family, full_name: full_name(), series: BTreeMap::new() };
            self.families.push(of_family);
            self.families.len() - 1
        })
    }

    /// The series of a key, which is made if it is new: then it counts since the last snapshot, which did not have it.
    pub(super) fn series(
        &mut self,
        family: usize,
        key: &str,
        labels: impl FnOnce() -> Vec<(String, String)>,
        value: impl FnOnce() -> Value,
    ) -> Option<&mut Series> {
        let (reading, start) = (self.reading, self.read_at);
        let all = &mut self.families.get_mut(family)?.series;
        if !all.contains_key(key) {
            let (labels, value, exemplars) = (labels(), value(), Vec::new());
            let series = Series { labels, start, value, exemplars, is_told: false, seen: 0 };
            all.insert(key.to_owned(), series);
        }
        let series = all.get_mut(key)?;
        series.seen = reading;
        Some(series)
    }

    /// When the last snapshot was taken, or the push began.
    pub(super) fn read_at(&self) -> u64 {
        self.read_at
    }

    /// The families, and of each its series.
    pub(crate) fn families(
        &mut self,
    ) -> impl Iterator<Item = (&'static Family, &str, impl Iterator<Item = &mut Series>)> {
        self.families.iter_mut().map(|of| (of.family, &*of.full_name, of.series.values_mut()))
    }

    /// A server took the request that is under way.
    pub(crate) fn settle(&mut self) {
        for series in self.families.iter_mut().flat_map(|family| family.series.values_mut()) {
            // Whatever is not in the request was told before.
            series.is_told = true;
            match &mut series.value {
                Value::Count(count) => count.settle(),
                Value::Spread(spread) => spread.settle(),
                Value::Level(_) => {}
            }
        }
    }

    /// No server took the request that was under way, and it will not be sent again.
    pub(crate) fn withdraw(&mut self) {
        for series in self.families.iter_mut().flat_map(|family| family.series.values_mut()) {
            match &mut series.value {
                Value::Count(count) => count.withdraw(),
                Value::Spread(spread) => spread.withdraw(),
                Value::Level(_) => {}
            }
        }
    }
}

impl Series {
    fn is_owed(&self) -> bool {
        match &self.value {
            Value::Count(count) => count.owed() > 0,
            Value::Spread(spread) => spread.is_owed(),
            Value::Level(_) => false,
        }
    }

    /// Whether a delta has something to say: a change, or that the series is there.
    pub(crate) fn is_news(&self) -> bool {
        !self.is_told || self.is_owed() || matches!(self.value, Value::Level(_))
    }
}
