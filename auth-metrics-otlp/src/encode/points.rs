//! From a series to its point.

use std::time::UNIX_EPOCH;

use auth_metrics::Family;
use auth_metrics::read::Exemplar as Attempt;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, HistogramDataPoint, NumberDataPoint, exemplar};

use crate::names::Names;
use crate::series::{Series, Value};
use crate::setup::Temporality;

/// When a request's points are of. In nanoseconds since 1970.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// When a server last took one, or the push began.
    pub(crate) accepted: u64,
    pub(crate) now: u64,
}

/// Makes the points of a family.
pub(super) struct Points {
    pub(super) family: &'static Family,
    pub(super) names: Names,
    pub(super) temporality: Temporality,
    pub(super) times: Times,
    pub(super) is_up_down: bool,
}

impl Points {
    /// The point of a counter or a level, if it has something to say.
    pub(super) fn number(&mut self, series: &mut Series) -> Option<NumberDataPoint> {
        if self.has_no_news(series) {
            return None;
        }
        let (start, value) = match &mut series.value {
            Value::Count(count) => match self.temporality {
                Temporality::Cumulative => (series.start, whole(count.now())),
                Temporality::Delta => (self.times.accepted, whole(count.send())),
            },
            // A sum of ups and downs has a start, a level has none.
            Value::Level(level) if self.is_up_down => (series.start, whole_level(*level)),
            Value::Level(level) => (0, Number::AsDouble(*level)),
            Value::Spread(_) => return None,
        };
        Some(NumberDataPoint {
            attributes: self.attributes(series),
            start_time_unix_nano: start,
            time_unix_nano: self.times.now,
            exemplars: self.exemplars(series),
            flags: 0,
            value: Some(value),
        })
    }

    /// The point of a histogram, if it has something to say.
    pub(super) fn histogram(&mut self, series: &mut Series) -> Option<HistogramDataPoint> {
        if self.has_no_news(series) {
            return None;
        }
        let Value::Spread(spread) = &mut series.value else { return None };
        let (start, (bucket_counts, sum)) = match self.temporality {
            Temporality::Cumulative => (series.start, spread.now()),
            Temporality::Delta => (self.times.accepted, spread.send()),
        };
        let explicit_bounds = spread.bounds().to_vec();
        Some(HistogramDataPoint {
            attributes: self.attributes(series),
            start_time_unix_nano: start,
            time_unix_nano: self.times.now,
            count: bucket_counts.iter().copied().fold(0, u64::saturating_add),
            sum: Some(sum),
            bucket_counts,
            explicit_bounds,
            exemplars: self.exemplars(series),
            flags: 0,
            // The snapshot has neither.
            min: None,
            max: None,
        })
    }

    fn has_no_news(&self, series: &Series) -> bool {
        self.temporality == Temporality::Delta && !series.is_news()
    }

    fn attributes(&self, series: &Series) -> Vec<KeyValue> {
        let named = |(label, value): &(String, String)| {
            let (name, value) = self.names.attribute(self.family, label, value)?;
            Some(attribute(name, &value))
        };
        series.labels.iter().filter_map(named).collect()
    }

    /// Those of attempts that ended since a server last took a request. Their time is known to the millisecond.
    fn exemplars(&self, series: &Series) -> Vec<Exemplar> {
        const MILLI: u64 = 1_000_000;
        let since = self.times.accepted / MILLI * MILLI;
        let all = series.exemplars.iter().map(|(_, attempt)| exemplar(attempt));
        all.filter(|exemplar| exemplar.time_unix_nano >= since).collect()
    }
}

/// A count as an integer; beyond the largest one of OTLP, as a double.
#[expect(clippy::cast_precision_loss, reason = "no integer has it")]
pub(super) fn whole(count: u64) -> Number {
    i64::try_from(count).map_or(Number::AsDouble(count as f64), Number::AsInt)
}

/// A level that counts something as an integer, if it is one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "what is not the same there and back is sent as it is"
)]
pub(super) fn whole_level(level: f64) -> Number {
    let whole = level as i64;
    // Bit by bit, so that a negative zero stays one. Beyond 2^53 doubles have gaps.
    let is_whole =
        (whole as f64).to_bits() == level.to_bits() && whole.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS;
    if is_whole { Number::AsInt(whole) } else { Number::AsDouble(level) }
}

fn exemplar(attempt: &Attempt) -> Exemplar {
    let since = attempt.time().duration_since(UNIX_EPOCH).unwrap_or_default();
    Exemplar {
        filtered_attributes: Vec::new(),
        time_unix_nano: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
        span_id: attempt.trace().span_id().to_vec(),
        trace_id: attempt.trace().trace_id().to_vec(),
        value: Some(exemplar::Value::AsDouble(attempt.value())),
    }
}

/// A text as an attribute.
pub(super) fn attribute(name: &str, value: &str) -> KeyValue {
    let value = Some(any_value::Value::StringValue(value.to_owned()));
    KeyValue { key: name.to_owned(), value: Some(AnyValue { value }), ..KeyValue::default() }
}
