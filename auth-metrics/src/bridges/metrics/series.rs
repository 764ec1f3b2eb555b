//! The series that a recorder was told of, each with its handles, so that a series costs no allocation once it is known.

macro_rules! series {
    ($name:ident) => {
        use std::collections::HashMap;

        use foldhash::fast::RandomState;

        use ::$name::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder, Unit};

        use super::super::spread::Spread;
        use super::super::totals::{Total, Totals};
        use super::Histograms;
        use crate::encode::push_bound;
        use crate::read::{self, Labels, Visitor};
        use crate::terms::{Family, FamilyType};

        const METADATA: Metadata<'static> = Metadata::new("auth_metrics", Level::INFO, Some("auth_metrics"));

        /// What a recorder was told.
        #[derive(Default)]
        pub(super) struct Told {
            /// Where the recorder is, and its size.
            recorder: Option<(usize, usize)>,
            /// How often it was told.
            round: u64,
            series: HashMap<Box<[u8]>, Series, RandomState>,
            described: Vec<&'static Family>,
            /// The name and the labels of the present sample, each behind its length: no two series have the same.
            key: Vec<u8>,
        }

        struct Series {
            instrument: Instrument,
            /// When it was told last.
            round: u64,
        }

        enum Instrument {
            Counter(Counter, Total),
            Gauge(Gauge),
            Buckets { bounds: Vec<f64>, buckets: Vec<Counter>, sum: Gauge, count: Counter, totals: Totals },
            Observed { bounds: Vec<f64>, histogram: Histogram, spread: Spread, totals: Totals },
        }

        impl Told {
            /// Begins another round. What another recorder was told doesn't matter, and without a recorder there is one without a size:
            /// it may be another one, at the same place, the next time.
            pub(super) fn begin(&mut self, recorder: &dyn Recorder) {
                let place = (std::ptr::from_ref(recorder).addr(), size_of_val(recorder));
                if self.recorder != Some(place) || place.1 == 0 {
                    *self =
                        Told { recorder: Some(place), key: std::mem::take(&mut self.key), ..Told::default() };
                }
                self.round += 1;
            }

            /// Ends a round. The facade can't take a series back: a gauge that is gone has no value from now on.
            pub(super) fn end(&mut self) {
                for series in self.series.values_mut().filter(|series| series.round == self.round - 1) {
                    if let Instrument::Gauge(gauge) = &series.instrument {
                        gauge.set(f64::NAN);
                    }
                }
            }
        }

        /// Tells a recorder the families of a snapshot.
        pub(super) struct Telling<'s, 't> {
            pub(super) labels: Labels<'s>,
            pub(super) told: &'t mut Told,
            pub(super) recorder: &'t dyn Recorder,
            pub(super) histograms: Histograms,
        }

        impl<'s> Telling<'s, '_> {
            /// The instrument of the present sample; made if there is none that fits.
            fn instrument(
                &mut self,
                last: Option<&'s str>,
                fits: impl Fn(&Instrument) -> bool,
                make: impl FnOnce(&Self) -> Instrument,
            ) -> Option<&mut Instrument> {
                self.told.key.clear();
                let name = self.labels.told().map_or("", |family| family.name);
                for part in [name].into_iter().chain(self.labels.variable(last).map(|(_, value)| value)) {
                    self.told.key.extend_from_slice(&part.len().to_le_bytes());
                    self.told.key.extend_from_slice(part.as_bytes());
                }
                let known = self.told.series.get(self.told.key.as_slice());
                if !known.is_some_and(|series| fits(&series.instrument)) {
                    let made = Series { instrument: make(self), round: 0 };
                    self.told.series.insert(self.told.key.as_slice().into(), made);
                }
                let series = self.told.series.get_mut(self.told.key.as_slice())?;
                series.round = self.told.round;
                Some(&mut series.instrument)
            }

            fn key(&self, ending: &str, last: Option<&'s str>, bound: Option<f64>) -> Key {
                let mut labels: Vec<Label> = self
                    .labels
                    .full(last)
                    .map(|(name, value)| Label::new(name.to_owned(), value.to_owned()))
                    .collect();
                if let Some(bound) = bound {
                    let mut le = String::new();
                    push_bound(&mut le, bound);
                    labels.push(Label::new("le", le));
                }
                Key::from_parts(format!("{}{ending}", self.labels.name()), labels)
            }

            fn counter_of(&self, ending: &str, last: Option<&'s str>, bound: Option<f64>) -> Counter {
                self.recorder.register_counter(&self.key(ending, last, bound), &METADATA)
            }

            fn gauge_of(&self, ending: &str, last: Option<&'s str>) -> Gauge {
                self.recorder.register_gauge(&self.key(ending, last, None), &METADATA)
            }

            fn buckets_of(&self, bounds: &[f64]) -> Instrument {
                let all = bounds.iter().copied().chain([f64::INFINITY]);
                Instrument::Buckets {
                    bounds: bounds.to_vec(),
                    buckets: all.map(|bound| self.counter_of("_bucket", None, Some(bound))).collect(),
                    sum: self.gauge_of("_sum", None),
                    count: self.counter_of("_count", None, None),
                    totals: Totals::default(),
                }
            }

            fn observed_of(&self, bounds: &[f64]) -> Instrument {
                let histogram = self.recorder.register_histogram(&self.key("", None, None), &METADATA);
                Instrument::Observed {
                    bounds: bounds.to_vec(),
                    histogram,
                    spread: Spread::default(),
                    totals: Totals::default(),
                }
            }

            fn describe(&self, family: &'static Family) {
                let name = self.labels.name();
                let unit = match family.unit() {
                    Some("seconds") => Some(Unit::Seconds),
                    Some("bytes") => Some(Unit::Bytes),
                    _ => None,
                };
                let counter = |ending: &str, unit| {
                    self.recorder.describe_counter(
                        format!("{name}{ending}").into(),
                        unit,
                        family.help.into(),
                    );
                };
                let gauge = |ending: &str| {
                    self.recorder.describe_gauge(format!("{name}{ending}").into(), unit, family.help.into());
                };
                match (family.family_type, self.histograms) {
                    (FamilyType::Counter, _) => counter("", unit),
                    (FamilyType::Gauge, _) => gauge(""),
                    (FamilyType::Histogram, Histograms::Series) => {
                        counter("_bucket", None);
                        counter("_count", None);
                        gauge("_sum");
                    }
                    (FamilyType::Histogram, Histograms::Observations) => {
                        self.recorder.describe_histogram(name.to_string().into(), unit, family.help.into());
                    }
                }
            }
        }

        impl<'s> Visitor<'s> for Telling<'s, '_> {
            fn family(&mut self, family: &'static Family) {
                self.labels.family(family);
                if !self.told.described.iter().any(|described| std::ptr::eq(*described, family)) {
                    self.told.described.push(family);
                    self.describe(family);
                }
            }

            fn label(&mut self, position: usize, value: &'s str) {
                self.labels.label(position, value);
            }

            fn counter(&mut self, last: Option<&'s str>, value: u64) {
                let fits = |instrument: &Instrument| matches!(instrument, Instrument::Counter(..));
                let make = |telling: &Self| {
                    Instrument::Counter(telling.counter_of("", last, None), Total::default())
                };
                if let Some(Instrument::Counter(counter, total)) = self.instrument(last, fits, make) {
                    counter.absolute(total.after(value));
                }
            }

            fn gauge(&mut self, last: Option<&'s str>, value: f64) {
                let fits = |instrument: &Instrument| matches!(instrument, Instrument::Gauge(_));
                let make = |telling: &Self| Instrument::Gauge(telling.gauge_of("", last));
                if let Some(Instrument::Gauge(gauge)) = self.instrument(last, fits, make) {
                    gauge.set(value);
                }
            }

            fn histogram(&mut self, told: &read::Histogram<'s>) {
                let fits = |instrument: &Instrument| match instrument {
                    Instrument::Buckets { bounds, .. } | Instrument::Observed { bounds, .. } => {
                        bounds == told.bounds()
                    }
                    _ => false,
                };
                let make = |telling: &Self| match telling.histograms {
                    Histograms::Series => telling.buckets_of(told.bounds()),
                    Histograms::Observations => telling.observed_of(told.bounds()),
                };
                match self.instrument(None, fits, make) {
                    Some(Instrument::Buckets { buckets, sum, count, totals, .. }) => {
                        totals.see(told.counts(), told.sum());
                        let mut below = 0_u64;
                        for (bucket, value) in buckets.iter().zip(totals.counts()) {
                            below = below.saturating_add(*value);
                            bucket.absolute(below);
                        }
                        sum.set(totals.sum());
                        count.absolute(below);
                    }
                    Some(Instrument::Observed { bounds, histogram, spread, totals }) => {
                        let record = |value: f64, times| histogram.record_many(value, times);
                        totals.see(told.counts(), told.sum());
                        spread.tell(bounds, totals.counts(), totals.sum(), record);
                    }
                    _ => {}
                }
            }
        }
    };
}
