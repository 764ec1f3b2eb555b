//! A handle in the recorder of the `metrics` facade, one type for each version of it: told again each time somebody refreshes it.
// `series` owns what a recorder was told, `spread` how durations in buckets become observations, `totals` what
// goes on rising where a counter fell. Knows no recorder in particular.

mod spread;
#[cfg(test)]
mod tests;
mod totals;
#[macro_use]
mod series;
#[macro_use]
mod bridge;

/// How a [bridge](crate::guide::backends#metrics) tells the recorder about a histogram. The facade takes single observations only, and a
/// handle keeps none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Histograms {
    /// As the series of a scrape: a counter `…_bucket` for each `le`, a counter `…_count` and a gauge `…_sum`. All are exact, so every
    /// query, rule and panel for Prometheus works. For other systems they are no histogram.
    #[default]
    Series,
    /// As a histogram, with as many observations as there were. Each is in its bucket and their sum is right, but where in the bucket
    /// they are is a guess. Give the recorder the handle's bounds, or it has others. It costs one record for each attempt.
    Observations,
}

version!(metrics024, 0.24);
