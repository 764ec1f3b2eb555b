//! metered 0.10: state that the code owns, here in families with labels. Its attribute is gone; what meters a whole
//! function is a `tracing` layer.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use metered_0_10::bucket_histogram::{BucketHistogram, Buckets};
use metered_0_10::{Counter, Family, LabelSet};

use super::prometheus::label;
use super::{BOUNDS, Contender, Counted, Login, LoginError, OPERATION, SERVICE, body, drive};

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
#[metrics(crate = "metered_0_10")]
struct Outcome {
    service: &'static str,
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, LabelSet)]
#[metrics(crate = "metered_0_10")]
struct Operation {
    service: &'static str,
    operation: &'static str,
}

const LOGIN: Operation = Operation { service: SERVICE, operation: OPERATION };

pub struct Metered {
    counters: Family<Outcome, AtomicU64>,
    histograms: Family<Operation, BucketHistogram, fn() -> BucketHistogram>,
}

fn outcome(label: &'static str) -> Outcome {
    Outcome { service: SERVICE, operation: OPERATION, outcome: label }
}

impl Metered {
    pub fn new() -> Metered {
        let make = (|| BucketHistogram::new(Buckets::custom(BOUNDS))) as fn() -> BucketHistogram;
        Metered { counters: Family::default(), histograms: Family::new_with_constructor(make) }
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.histograms.with(&LOGIN, |latency| latency.observe_duration(start.elapsed()));
        self.counters.with(&outcome(label(&login)), |count| count.incr());
        login
    }

    fn count(&self, label: &'static str) -> u64 {
        self.counters.with_existing(&outcome(label), |count| count.load(Relaxed)).unwrap_or(0)
    }
}

impl Contender for Metered {
    fn name(&self) -> &'static str {
        "metered 0.10-rc"
    }

    fn note(&self) -> &'static str {
        "families with typed labels"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        let errors = [LoginError::WrongPassword, LoginError::RateLimited, LoginError::Database];
        Some(Counted {
            succeeded: self.count("success"),
            failed: errors.iter().map(|error| self.count(error.label())).sum(),
            observed: self.histograms.with_existing(&LOGIN, BucketHistogram::count).unwrap_or(0),
        })
    }
}
