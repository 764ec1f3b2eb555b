//! How a bucket's bound is spelled as the value of `le`, which depends on who encodes and who stores it. Knows nothing of rules.

use std::time::Duration;

/// Returns the bound, in seconds, that equals a duration to the nanosecond. The handle exports this bound; the duration as a double may
/// differ in its last bits.
pub(super) fn of(within: Duration, bounds: &[f64]) -> Option<f64> {
    let is_it = |bound: &f64| Duration::try_from_secs_f64(*bound).is_ok_and(|bound| bound == within);
    bounds.iter().copied().find(is_it)
}

/// Returns the one or two spellings of a bound: that of the `prometheus` crate, which Prometheus 2 and `VictoriaMetrics` keep, and the
/// canonical one, which our own formats have and Prometheus 3 makes of all others.
pub(super) fn spellings(bound: f64) -> Vec<String> {
    let mut spellings = vec![bound.to_string(), canonical(bound)];
    spellings.dedup();
    spellings
}

/// Matches a bound in every spelling.
pub(super) fn matcher(bound: f64) -> String {
    let spellings = spellings(bound);
    match &*spellings {
        [one] => format!("le=\"{one}\""),
        // Dot and plus are special in a pattern: `1.0` would match the bound `100` too.
        several => {
            let pattern = several.join("|").replace('.', "\\\\.").replace('+', "\\\\+");
            format!("le=~\"{pattern}\"")
        }
    }
}

/// Formats a positive number as `OpenMetrics` does, by Go's `%g` with at least one decimal: `1.0`, `1e-05`, `2.5e-05`, `1e+06`.
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
