//! `Reader`: takes a snapshot into the table.

use std::fmt::Write;

use auth_metrics::Family;
use auth_metrics::read::{Exemplar, Histogram, Labels, Snapshot, Visitor};

use super::count::Count;
use super::spread::Spread;
use super::table::{Series, Table, Value};

impl Table {
    /// Takes a snapshot. Returns how many series were dropped although a server is owed something of them: they vanished, and with others
    /// that did they are too many to wait for a server. `keeps_owed` says whether what vanished waits at all.
    pub(crate) fn read(&mut self, snapshot: &Snapshot, at: u64, keeps_owed: bool) -> u64 {
        self.begin();
        snapshot.visit(&mut Reader::new(self, snapshot));
        self.end(at, keeps_owed)
    }
}

struct Reader<'t, 's> {
    table: &'t mut Table,
    labels: Labels<'s>,
    /// The place of the family in the table.
    family: usize,
    /// That of the counter that comes next.
    exemplar: Option<Exemplar>,
    /// The key of the series: kept, so that nothing is allocated for one that is known.
    key: String,
}

impl<'t, 's> Reader<'t, 's> {
    fn new(table: &'t mut Table, snapshot: &'s Snapshot) -> Reader<'t, 's> {
        Reader { table, labels: Labels::of(snapshot), family: 0, exemplar: None, key: String::new() }
    }

    /// The series of the sample that comes now. Two label sets are two keys, however their values concatenate.
    fn series(&mut self, last: Option<&str>, value: impl FnOnce() -> Value) -> Option<&mut Series> {
        self.key.clear();
        for (_, value) in self.labels.with(last) {
            // A `String` takes whatever it is given.
            let _ = write!(self.key, "{}:{value}", value.len());
        }
        let labels = &self.labels;
        let owned = || labels.with(last).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.table.series(self.family, &self.key, owned, value)
    }
}

impl<'s> Visitor<'s> for Reader<'_, 's> {
    fn family(&mut self, family: &'static Family) {
        self.labels.family(family);
        let labels = &self.labels;
        self.family = self.table.family(family, || labels.name().to_string());
    }

    fn label(&mut self, position: usize, value: &'s str) {
        self.labels.label(position, value);
    }

    fn exemplar(&mut self, exemplar: &Exemplar) {
        self.exemplar = Some(*exemplar);
    }

    fn counter(&mut self, last: Option<&'s str>, value: u64) {
        let (since, exemplar) = (self.table.read_at(), self.exemplar.take());
        let Some(series) = self.series(last, || Value::Count(Count::default())) else { return };
        series.exemplars.clear();
        series.exemplars.extend(exemplar.map(|exemplar| (0, exemplar)));
        if let Value::Count(count) = &mut series.value
            && count.see(value)
        {
            series.start = since;
        }
    }

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        if let Some(series) = self.series(last, || Value::Level(value)) {
            series.value = Value::Level(value);
        }
    }

    fn histogram(&mut self, histogram: &Histogram<'s>) {
        let since = self.table.read_at();
        let Some(series) = self.series(None, || Value::Spread(Spread::default())) else { return };
        series.exemplars.clear();
        series.exemplars.extend_from_slice(histogram.exemplars());
        if let Value::Spread(spread) = &mut series.value
            && spread.see(histogram.bounds(), histogram.counts(), histogram.sum())
        {
            series.start = since;
        }
    }
}
