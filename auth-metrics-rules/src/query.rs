//! The parts of queries: families by their constants, operations and reasons from the catalogue.

use super::{Options, bound};
use auth_metrics::catalogue::Catalogue;
use auth_metrics::{Family, Reason};

/// The labels that stay when replicas are summed.
pub(super) const BY: &str = "job, service_id, operation";

/// The catalogue and options that rules are generated for.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a Options,
}

impl Subject<'_> {
    /// Returns the exported name of a family.
    pub(super) fn name(&self, family: &Family) -> String {
        match self.catalogue.namespace() {
            Some(namespace) => format!("{namespace}_{}", family.name),
            None => family.name.to_owned(),
        }
    }

    /// Selects a family's series by these matchers, without excluded operations.
    pub(super) fn series(&self, family: &Family, matchers: &str) -> String {
        self.suffixed(family, "", matchers)
    }

    /// Does the same for a histogram's `_bucket` or `_count`.
    pub(super) fn suffixed(&self, family: &Family, suffix: &str, matchers: &str) -> String {
        let mut all: Vec<String> = Vec::new();
        if family.labels.contains(&"operation") && !self.options.excluded.is_empty() {
            all.push(format!("operation!~\"{}\"", self.options.excluded.join("|")));
        }
        if !matchers.is_empty() {
            all.push(matchers.to_owned());
        }
        let name = self.name(family);
        if all.is_empty() {
            format!("{name}{suffix}")
        } else {
            format!("{name}{suffix}{{{}}}", all.join(","))
        }
    }

    /// Returns the first included operation that can give one of these reasons, and those of the reasons that are exported.
    pub(super) fn giver(&self, reasons: &[Reason]) -> Option<(String, Vec<&'static str>)> {
        let included = self.catalogue.iter().filter(|operation| !self.is_excluded(operation.name()));
        let mut found = None;
        let mut labels: Vec<&'static str> = Vec::new();
        for operation in included {
            for reason in reasons.iter().filter(|reason| operation.exported().contains(**reason)) {
                found.get_or_insert_with(|| operation.name().to_owned());
                if !labels.contains(&reason.label()) {
                    labels.push(reason.label());
                }
            }
        }
        labels.sort_unstable();
        found.map(|operation| (operation, labels))
    }

    /// Returns the bucket bound of the latency objective. The options have been checked before.
    pub(super) fn latency_bound(&self) -> f64 {
        let within = self.options.latency.0;
        bound::of(within, self.catalogue.bounds()).unwrap_or(within.as_secs_f64())
    }

    /// Returns an operation to test the rules with.
    pub(super) fn example(&self) -> &str {
        let mut included = self.catalogue.iter().filter(|operation| !self.is_excluded(operation.name()));
        included.next().map_or("", |operation| operation.name())
    }

    fn is_excluded(&self, name: &str) -> bool {
        self.options.excluded.iter().any(|excluded| excluded == name)
    }
}

/// `sum by (job, service_id, operation) (rate(…[window]))`.
pub(super) fn rate_by_operation(series: &str, window: &str) -> String {
    format!("sum by ({BY}) (rate({series}[{window}]))")
}

/// `sum by (labels) (increase(…[window]))`.
pub(super) fn increase_by(labels: &str, series: &str, window: &str) -> String {
    format!("sum by ({labels}) (increase({series}[{window}]))")
}
