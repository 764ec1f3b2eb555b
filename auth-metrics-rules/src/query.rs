//! The parts that queries are made of: families by their constants, operations and reasons from the catalogue.

use super::{Options, bound};
use auth_metrics::catalogue::Catalogue;
use auth_metrics::{Family, Reason};

/// What is summed over replicas.
pub(super) const BY: &str = "job, service_id, operation";

/// Whose rules are made, and how.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a Options,
}

impl Subject<'_> {
    /// The exported name of a family.
    pub(super) fn name(&self, family: &Family) -> String {
        match self.catalogue.namespace() {
            Some(namespace) => format!("{namespace}_{}", family.name),
            None => family.name.to_owned(),
        }
    }

    /// A family's series with these matchers, without the operations that are excluded.
    pub(super) fn series(&self, family: &Family, matchers: &str) -> String {
        self.suffixed(family, "", matchers)
    }

    /// The same for a histogram's `_bucket` or `_count`.
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

    /// The first operation that is not excluded and can give one of these reasons, and which of them are exported.
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

    /// The bucket's bound that the latency objective names; the options are checked before.
    pub(super) fn latency_bound(&self) -> f64 {
        let within = self.options.latency.0;
        bound::of(within, self.catalogue.bounds()).unwrap_or(within.as_secs_f64())
    }

    /// An operation to try the rules with.
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
