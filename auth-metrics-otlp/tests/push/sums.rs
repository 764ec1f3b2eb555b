//! What a receiver has of deltas, against what a handle shows.

use auth_metrics::AuthMetrics;

use crate::receiver::Receiver;
use crate::scraped::{Scraped, is_own};

/// Every counter and every bucket, to the unit; every sum but for one rounding.
#[track_caller]
pub(crate) fn assert_all_is_there(receiver: &Receiver, metrics: &AuthMetrics) {
    let scraped = Scraped::of(metrics);
    for (key, count) in scraped.counters.iter().filter(|(key, _)| !is_own(key)) {
        let taken = receiver.counters.get(key).copied().unwrap_or_default();
        let rejected = receiver.rejected.get(key).copied().unwrap_or_default();
        assert_eq!(taken + rejected, *count, "{key}");
    }
    for (key, histogram) in &scraped.histograms {
        let summed = &receiver.histograms[key];
        assert_eq!((&summed.bounds, &summed.counts), (&histogram.bounds, &histogram.counts), "{key}");
        assert!((summed.sum - histogram.sum).abs() <= histogram.sum * f64::EPSILON, "{key}");
    }
    assert!(!scraped.histograms.is_empty() && scraped.counters.len() > 20);
}
