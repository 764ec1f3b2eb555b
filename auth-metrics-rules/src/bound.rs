//! How a bucket's bound is spelled as the value of `le`, which depends on who stores it. Knows nothing of rules.

use std::time::Duration;

/// The bound, of these in seconds, that is as long as a duration to the nanosecond. The handle spells that one: the duration may be
/// a double beside it.
pub(super) fn of(within: Duration, bounds: &[f64]) -> Option<f64> {
    let is_it = |bound: &f64| Duration::try_from_secs_f64(*bound).is_ok_and(|bound| bound == within);
    bounds.iter().copied().find(is_it)
}

/// The spellings of a bound, one or two: what is exported, which Prometheus 2 and `VictoriaMetrics` keep, and what Prometheus 3 stores.
pub(super) fn spellings(bound: f64) -> Vec<String> {
    let mut spellings = vec![bound.to_string(), canonical(bound)];
    spellings.dedup();
    spellings
}

/// Matches a bound however it is stored.
pub(super) fn matcher(bound: f64) -> String {
    let spellings = spellings(bound);
    match &*spellings {
        [one] => format!("le=\"{one}\""),
        // Dot and plus mean something else in a pattern: `1.0` is the bound `100` too.
        several => {
            let pattern = several.join("|").replace('.', "\\\\.").replace('+', "\\\\+");
            format!("le=~\"{pattern}\"")
        }
    }
}

/// A positive number as `OpenMetrics` has it, by Go's `%g` and at least one digit behind the point: `1.0`, `1e-05`, `2.5e-05`, `1e+06`.
fn canonical(number: f64) -> String {
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}
