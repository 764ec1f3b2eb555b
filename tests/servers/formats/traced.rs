//! Traces that were made up, and what an exemplar of them must be wherever a strict parser finds it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use auth_metrics::events::TraceContext;

use super::strict::{Exemplar, Sample};

/// Whether a trace is sampled, by the last bit of its id.
const SAMPLED: u128 = 1;

fn mixed(number: u64) -> u64 {
    let mixed = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) ^ 0x9e37_79b9
}

/// The span that belongs to a trace.
fn span_of(trace_id: u128) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
    let (high, low) = ((trace_id >> 64) as u64, trace_id as u64);
    mixed(high ^ mixed(low)) | 1
}

/// Reads another trace each time. Half of them are sampled.
pub(super) fn reader(seed: u32) -> impl Fn() -> Option<TraceContext> + Send + Sync + 'static {
    let next = AtomicU64::new(u64::from(seed) << 32);
    move || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let trace_id = u128::from(mixed(number)) << 64 | u128::from(mixed(!number));
        let is_sampled = trace_id & SAMPLED == 1;
        TraceContext::new(trace_id.to_be_bytes(), span_of(trace_id).to_be_bytes(), is_sampled)
    }
}

/// Each exemplar is a sampled trace, whole, at a sample that counted something, and in its bucket. Returns how many there are.
pub(super) fn assert_exemplars(samples: &[Sample]) -> usize {
    let mut found = 0;
    // The last bucket of a histogram: its labels without the bound, the bound, and the count up to there.
    let mut below: Option<(BTreeMap<&str, &str>, f64, f64)> = None;
    for sample in samples {
        let mut labels: BTreeMap<&str, &str> =
            sample.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let bound: Option<f64> = if sample.name.ends_with("_seconds_bucket") {
            labels.remove("le").map(|bound| bound.parse().unwrap())
        } else {
            None
        };
        let (lower, counted) = match &below {
            Some((of, lower, counted)) if bound.is_some() && *of == labels => (*lower, *counted),
            _ => (f64::NEG_INFINITY, 0.0),
        };
        if let Some(exemplar) = &sample.exemplar {
            found += 1;
            assert_whole(exemplar);
            assert!(sample.value > counted, "an exemplar of nothing: {sample:?}");
            match bound {
                Some(bound) => assert!(
                    lower < exemplar.value && exemplar.value <= bound,
                    "not above {lower}, or not in its bucket: {sample:?}"
                ),
                None => assert!(sample.name.ends_with("_total") && exemplar.value == 1.0, "{sample:?}"),
            }
        }
        below = bound.map(|bound| (labels, bound, sample.value));
    }
    found
}

fn assert_whole(exemplar: &Exemplar) {
    let id = |name: &str| exemplar.labels[name].as_str();
    assert_eq!(exemplar.labels.len(), 2, "{exemplar:?}");
    assert_eq!([id("trace_id").len(), id("span_id").len()], [32, 16], "{exemplar:?}");
    let trace_id = u128::from_str_radix(id("trace_id"), 16).unwrap();
    assert_eq!(u64::from_str_radix(id("span_id"), 16).unwrap(), span_of(trace_id), "{exemplar:?}");
    assert_eq!(trace_id & SAMPLED, 1, "it is not sampled: {exemplar:?}");
    // Later than this was written, and not in a year that no clock shows.
    assert!((1.7e9..1e11).contains(&exemplar.time), "{exemplar:?}");
}
