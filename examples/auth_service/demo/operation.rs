//! One operation as a scrape shows it.

use super::scrape::Scrape;

/// What one scrape tells about one operation, over all services.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) started: f64,
    pub(super) success: f64,
    pub(super) rejected: f64,
    pub(super) error: f64,
    pub(super) interim: f64,
    pub(super) cancelled: f64,
    pub(super) in_flight: f64,
    /// The most frequent first.
    pub(super) reasons: Vec<(String, f64)>,
    pub(super) median: Option<Quantile>,
    pub(super) p99: Option<Quantile>,
}

/// A quantile, as far as a histogram tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Quantile {
    /// Somewhere under the lowest bound.
    Below(f64),
    /// Interpolated within its bucket, as `histogram_quantile` does.
    About(f64),
    /// Somewhere over the highest bound.
    Above(f64),
}

impl Operation {
    /// Reads what the scrape has of it.
    pub(super) fn read(scrape: &Scrape, name: &str) -> Self {
        let labels = [("operation", name)];
        let outcome =
            |outcome| scrape.sum("auth_operations_total", &[("operation", name), ("outcome", outcome)]);
        let reasons = scrape.by_label("auth_operation_failures_total", &labels, "failure_reason");
        let buckets = buckets(scrape, &labels);
        Self {
            name: name.to_owned(),
            started: scrape.sum("auth_operations_started_total", &labels),
            success: outcome("success"),
            rejected: outcome("rejected"),
            error: outcome("error"),
            interim: outcome("interim"),
            cancelled: outcome("cancelled"),
            in_flight: scrape.sum("auth_operations_in_flight", &labels),
            reasons: reasons.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect(),
            median: quantile(0.5, &buckets),
            p99: quantile(0.99, &buckets),
        }
    }

    /// Attempts that ended.
    pub(super) fn ended(&self) -> f64 {
        self.success + self.rejected + self.error + self.interim + self.cancelled
    }

    /// Counts are whole numbers that a float holds exactly, so a difference of a half is none.
    pub(super) fn is_conserved(&self) -> bool {
        self.in_flight >= 0.0 && (self.started - self.ended() - self.in_flight).abs() < 0.5
    }
}

/// Upper bounds and cumulative counts, the lowest bound first, services added up.
fn buckets(scrape: &Scrape, labels: &[(&str, &str)]) -> Vec<(f64, f64)> {
    let mut buckets: Vec<(f64, f64)> = Vec::new();
    let samples = scrape.select("service_auth_latency_seconds_bucket", labels);
    let mut bounds: Vec<_> =
        samples.filter_map(|sample| Some((sample.label("le").parse::<f64>().ok()?, sample.value))).collect();
    bounds.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    for (bound, count) in bounds {
        match buckets.last_mut() {
            Some((last, sum)) if last.total_cmp(&bound).is_eq() => *sum += count,
            _ => buckets.push((bound, count)),
        }
    }
    buckets
}

fn quantile(share: f64, buckets: &[(f64, f64)]) -> Option<Quantile> {
    let (_, total) = buckets.last()?;
    if *total < 1.0 {
        return None;
    }
    let rank = share * total;
    let at = buckets.iter().position(|(_, count)| *count >= rank)?;
    let (bound, count) = *buckets.get(at)?;
    let Some((lower, before)) = at.checked_sub(1).and_then(|before| buckets.get(before).copied()) else {
        return Some(Quantile::Below(bound));
    };
    if bound.is_infinite() {
        return Some(Quantile::Above(lower));
    }
    Some(Quantile::About(lower + (bound - lower) * (rank - before) / (count - before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated_within_their_bucket_and_open_at_both_ends() {
        let buckets = [(0.1, 10.0), (0.2, 90.0), (f64::INFINITY, 100.0)];
        let middle = quantile(0.5, &buckets);
        assert!(matches!(middle, Some(Quantile::About(value)) if (value - 0.15).abs() < 1e-9));
        assert_eq!(quantile(0.05, &buckets), Some(Quantile::Below(0.1)));
        assert_eq!(quantile(0.95, &buckets), Some(Quantile::Above(0.2)));
        assert_eq!(quantile(0.5, &[(0.1, 0.0), (f64::INFINITY, 0.0)]), None);
    }
}
