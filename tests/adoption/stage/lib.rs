//! What the adoptions have in common: a dependency that can be down, and the numbers of a scrape as a test wants to read them.
//! Knows nothing of any framework, and counts nothing itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use auth_metrics::catalogue::Budget;
use auth_metrics::testing::assert_catalogue;
use auth_metrics::{AuthMetrics, Reason};
use auth_metrics_tests_scrape::Scrape;

const UP: u8 = 0;
const DOWN: u8 = 1;
const HANGS: u8 = 2;

/// A database, a directory or an issuer of keys, which a test takes down.
#[derive(Clone, Debug, Default)]
pub struct Dependency(Arc<AtomicU8>);

impl Dependency {
    pub fn up(&self) {
        self.0.store(UP, Ordering::SeqCst);
    }

    /// Every call fails.
    pub fn down(&self) {
        self.0.store(DOWN, Ordering::SeqCst);
    }

    /// No call ever returns.
    pub fn hangs(&self) {
        self.0.store(HANGS, Ordering::SeqCst);
    }

    /// Returns if it is up, fails with what its client would say if it is down, and waits for ever if it hangs.
    pub async fn call<E>(&self, refused: impl FnOnce() -> E) -> Result<(), E> {
        match self.0.load(Ordering::SeqCst) {
            UP => Ok(()),
            DOWN => Err(refused()),
            _ => std::future::pending().await,
        }
    }
}

/// What a scrape said.
#[derive(Debug)]
pub struct Numbers(Scrape);

impl Numbers {
    /// Reads a text of the format 0.0.4; what is not strict fails the test.
    #[track_caller]
    pub fn read(text: &str) -> Numbers {
        Numbers(Scrape::read(text))
    }

    /// What came by another way than a text.
    pub fn of(scrape: Scrape) -> Numbers {
        Numbers(scrape)
    }

    /// How the attempts of an operation ended: successes and each reason of a failure, without those that are zero.
    #[track_caller]
    pub fn ended(&self, operation: &str) -> Counts {
        let mut ended = self.by("auth_operation_failures_total", "operation", operation, "failure_reason");
        ended.extend(
            self.by("auth_operations_total", "operation", operation, "outcome")
                .into_iter()
                .filter(|(outcome, _)| outcome == "success"),
        );
        ended
    }

    /// How the attempts of an operation ended, by outcome, without those that are zero.
    #[track_caller]
    pub fn outcomes(&self, operation: &str) -> Counts {
        self.by("auth_operations_total", "operation", operation, "outcome")
    }

    /// The logins that failed, by reason, without those that are zero.
    pub fn failed_logins(&self) -> Counts {
        self.nonzero("service_auth_failed_total", "failure_reason", &[])
    }

    /// The sum of a family's samples with these labels.
    #[track_caller]
    pub fn sum(&self, family: &str, labels: &[(&str, &str)]) -> u64 {
        let sum = self.0.sum(family, labels);
        whole(sum.unwrap_or_else(|| panic!("there is no {family} with {labels:?}")))
    }

    /// Whether there is a series of a reason, be it zero.
    pub fn has(&self, operation: &str, reason: &str) -> bool {
        let labels = [("operation", operation), ("failure_reason", reason)];
        self.0.sum("auth_operation_failures_total", &labels).is_some()
    }

    /// All operations.
    pub fn operations(&self) -> Vec<String> {
        let mut operations: Vec<String> = self
            .0
            .samples()
            .filter(|sample| sample.name == "auth_operations_started_total")
            .filter_map(|sample| sample.label("operation").map(str::to_owned))
            .collect();
        operations.sort();
        operations
    }

    /// Fails if any attempt of any operation is neither ended nor in flight, if the failures are not as many as the attempts that did
    /// not succeed, or if some are in flight though all requests are over.
    #[track_caller]
    pub fn assert_conserved(&self) {
        for operation in self.operations() {
            let of = [("operation", operation.as_str())];
            let started = self.sum("auth_operations_started_total", &of);
            let ended: u64 = self.outcomes(&operation).values().sum();
            assert_eq!(self.sum("auth_operations_in_flight", &of), 0, "{operation} is in flight");
            assert_eq!(started, ended, "{operation} started and ended");
            assert_eq!(self.ended(&operation).values().sum::<u64>(), ended, "{operation}, by reason");
            let timed = self.sum("service_auth_latency_seconds_count", &of);
            assert_eq!(timed, ended, "{operation}, timed");
        }
    }

    /// Fails if one of these operations is not there, or if anything was counted.
    #[track_caller]
    pub fn assert_born_at_zero(&self, operations: &[&str]) {
        assert_eq!(self.operations(), operations);
        for operation in operations {
            assert_eq!(self.ended(operation), counts(&[]));
            assert_eq!(self.outcomes(operation), counts(&[]));
        }
        assert_eq!(self.failed_logins(), counts(&[]));
    }

    fn by(&self, family: &str, label: &str, value: &str, split: &str) -> Counts {
        assert!(self.0.sum(family, &[(label, value)]).is_some(), "there is no {family} of {value}");
        self.nonzero(family, split, &[(label, value)])
    }

    fn nonzero(&self, family: &str, split: &str, labels: &[(&str, &str)]) -> Counts {
        let mut sums = Counts::new();
        for sample in self.0.samples().filter(|sample| sample.name == family) {
            let matches = labels.iter().all(|(label, value)| sample.label(label) == Some(value));
            if let (true, Some(by)) = (matches && sample.value != 0.0, sample.label(split)) {
                *sums.entry(by.to_owned()).or_default() += whole(sample.value);
            }
        }
        sums
    }
}

/// Counts by what they count.
pub type Counts = BTreeMap<String, u64>;

/// What is expected.
pub fn counts(expected: &[(&str, u64)]) -> Counts {
    expected.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect()
}

/// How often an operation failed for this reason, whatever a scrape shows of it.
pub fn precisely(metrics: &AuthMetrics, operation: &str, reason: Reason) -> u64 {
    let snapshot = metrics.snapshot();
    let of = snapshot.operations().filter(|found| found.name() == operation);
    of.map(|operation| operation.reason(reason)).sum()
}

/// Fails if the reasons of an operation are unknown, if kinds differ, or if the handle exports more series than one would pay for.
#[track_caller]
pub fn assert_known(metrics: &AuthMetrics) {
    let unknown: Vec<_> =
        metrics.catalogue().unknown_reasons().map(|operation| operation.name().to_owned()).collect();
    assert_eq!(unknown, Vec::<String>::new());
    metrics.in_scope(|| assert_catalogue(&Budget { series: 1_500, services: 1 }));
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are whole and small")]
fn whole(value: f64) -> u64 {
    assert!(value >= 0.0 && value.fract() == 0.0, "{value} is no count");
    value as u64
}
