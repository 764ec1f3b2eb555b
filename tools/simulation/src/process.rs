//! One process of a replica: its counters from its start to its end, and their series.

use auth_metrics::{Fault, Reason};

use crate::calendar::Minute;
use crate::house::House;
use crate::operation::{CANCELLED, Operation};
use crate::series::{Id, Store, spelled};

/// Outcomes in the order of the counters.
pub const OUTCOMES: [&str; 5] = ["success", "rejected", "error", "interim", "cancelled"];
const SUCCESS: usize = 0;

/// The outcome that a reason stands for.
pub fn outcome_of(reason: &str) -> usize {
    if reason == CANCELLED {
        return 4;
    }
    match fault_of(reason).0 {
        Fault::Server | Fault::Unknown => 2,
        Fault::Neutral => 3,
        _ => 1,
    }
}

/// The fault and the class of a reason, as the library knows them.
pub fn fault_of(reason: &str) -> (Fault, &'static str) {
    Reason::from_label(reason)
        .map_or((Fault::Attack, "custom"), |known| (known.fault(), known.class().label()))
}

/// What happened to one operation of one replica within a minute.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    pub successes: u64,
    /// By position in the operation's reasons.
    pub failures: Vec<u64>,
    pub in_flight: u64,
    /// How many ended within each bound, and the sum of their seconds.
    pub within: Vec<u64>,
    pub seconds: f64,
}

/// The counters of one operation.
#[derive(Debug)]
struct Counters {
    outcome_of: Vec<usize>,
    outcomes: [u64; 5],
    failures: Vec<u64>,
    within: Vec<u64>,
    seconds: f64,
    started: u64,
    in_flight: u64,
    ids: Ids,
}

#[derive(Debug)]
struct Ids {
    started: Id,
    in_flight: Id,
    outcomes: Vec<Id>,
    failures: Vec<Id>,
    /// Of a verifier of tokens: the successes, then a status for each reason.
    statuses: Vec<Id>,
    buckets: Vec<Id>,
    count: Id,
    sum: Id,
}

/// A process and its series.
#[derive(Debug)]
pub struct Process {
    /// Attempts that never end, by operation.
    pub leaked: Vec<f64>,
    pub house: House,
    up: Id,
    build: Id,
    operations: Vec<Counters>,
}

impl Process {
    pub fn start(
        job: &str,
        name: &str,
        operations: &[Operation],
        house: House,
        store: &mut Store,
    ) -> Process {
        let target = [("job", job), ("instance", name)];
        let version: Vec<_> = target.iter().copied().chain([("version", "0.1.0")]).collect();
        let counters =
            operations.iter().map(|operation| Counters::new(job, name, operation, store)).collect();
        Process {
            leaked: vec![0.0; operations.len()],
            house,
            up: store.id(spelled("up", &target), true),
            build: store.id(spelled("auth_metrics_build_info", &version), true),
            operations: counters,
        }
    }

    /// Counts what happened to an operation.
    pub fn count(&mut self, operation: usize, happened: &Happened) {
        self.operations[operation].count(happened, self.leaked[operation] as u64);
    }

    /// All that a scrape reads.
    pub fn scrape(&self, minute: Minute, store: &mut Store) {
        store.push(self.up, minute, 1.0);
        store.push(self.build, minute, 1.0);
        for counters in &self.operations {
            counters.scrape(minute, store);
        }
        self.house.scrape(minute, store);
    }

    /// A scrape that got no answer.
    pub fn miss(&self, minute: Minute, store: &mut Store) {
        store.push(self.up, minute, 0.0);
    }
}

impl Counters {
    fn new(job: &str, instance: &str, operation: &Operation, store: &mut Store) -> Counters {
        let base = [("job", job), ("instance", instance), ("service_id", job)];
        let mut series = |family: &str, more: &[(&str, &str)]| {
            let labels: Vec<_> = base.iter().chain(more).copied().collect();
            store.id(spelled(family, &labels), false)
        };
        let own = ("operation", operation.name);
        let mut statuses = Vec::new();
        if operation.verifies_tokens {
            statuses.push(series("jwt_token_verifications_total", &[("status", "success")]));
            for usual in &operation.reasons {
                let status = format!("failed_{}", usual.reason);
                statuses.push(series("jwt_token_verifications_total", &[("status", &status)]));
            }
        }
        let mut bucket = |le: &str| series("service_auth_latency_seconds_bucket", &[own, ("le", le)]);
        let mut buckets: Vec<Id> =
            operation.bounds.iter().map(|bound| bucket(&format!("{bound:?}"))).collect();
        buckets.push(bucket("+Inf"));
        let failed = |usual: &crate::operation::Usual| ("failure_reason", usual.reason);
        Counters {
            outcome_of: operation.reasons.iter().map(|usual| outcome_of(usual.reason)).collect(),
            outcomes: [0; 5],
            failures: vec![0; operation.reasons.len()],
            within: vec![0; buckets.len()],
            seconds: 0.0,
            started: 0,
            in_flight: 0,
            ids: Ids {
                started: series("auth_operations_started_total", &[own]),
                in_flight: series("auth_operations_in_flight", &[own]),
                outcomes: OUTCOMES
                    .map(|outcome| series("auth_operations_total", &[own, ("outcome", outcome)]))
                    .into(),
                failures: operation
                    .reasons
                    .iter()
                    .map(|usual| series("auth_operation_failures_total", &[own, failed(usual)]))
                    .collect(),
                statuses,
                buckets,
                count: series("service_auth_latency_seconds_count", &[own]),
                sum: series("service_auth_latency_seconds_sum", &[own]),
            },
        }
    }

    /// Keeps the law: what has started has ended, or is in flight.
    fn count(&mut self, happened: &Happened, leaked: u64) {
        self.outcomes[SUCCESS] += happened.successes;
        for (position, &count) in happened.failures.iter().enumerate() {
            self.failures[position] += count;
            self.outcomes[self.outcome_of[position]] += count;
        }
        for (total, &count) in self.within.iter_mut().zip(&happened.within) {
            *total += count;
        }
        self.seconds += happened.seconds;
        self.in_flight = happened.in_flight + leaked;
        let started = self.outcomes.iter().sum::<u64>() + self.in_flight;
        // No counter falls: what was in flight has ended by now, at the latest.
        let late = self.started.saturating_sub(started);
        self.outcomes[SUCCESS] += late;
        for total in &mut self.within {
            *total += late;
        }
        self.started = started + late;
    }

    fn scrape(&self, minute: Minute, store: &mut Store) {
        let ids = &self.ids;
        store.push(ids.started, minute, self.started as f64);
        store.push(ids.in_flight, minute, self.in_flight as f64);
        for (&id, &count) in ids.outcomes.iter().zip(&self.outcomes) {
            store.push(id, minute, count as f64);
        }
        for (&id, &count) in ids.failures.iter().zip(&self.failures) {
            store.push(id, minute, count as f64);
        }
        let statuses = std::iter::once(&self.outcomes[SUCCESS]).chain(&self.failures);
        for (&id, &count) in ids.statuses.iter().zip(statuses) {
            store.push(id, minute, count as f64);
        }
        for (&id, &count) in ids.buckets.iter().zip(&self.within) {
            store.push(id, minute, count as f64);
        }
        store.push(ids.count, minute, self.outcomes.iter().sum::<u64>() as f64);
        store.push(ids.sum, minute, self.seconds);
    }
}

#[cfg(test)]
mod tests {
    use auth_metrics_random::Random;

    use super::*;
    use crate::operation;

    #[test]
    fn what_has_started_has_ended_or_is_in_flight() {
        let (mut store, mut random) = (Store::default(), Random::new(1, "law"));
        let operation = operation::login(0.2);
        let mut counters = Counters::new("job", "one", &operation, &mut store);
        let mut before = 0;
        for minute in 0..2_000 {
            let happened = Happened {
                successes: random.poisson(3.0),
                failures: operation.reasons.iter().map(|_| random.poisson(0.5)).collect(),
                in_flight: random.poisson(if minute % 90 < 20 { 60.0 } else { 0.3 }),
                within: vec![0; operation.bounds.len() + 1],
                seconds: 0.0,
            };
            counters.count(&happened, minute / 200);
            let [_, rejected, error, interim, cancelled] = counters.outcomes;
            assert_eq!(counters.started, counters.outcomes.iter().sum::<u64>() + counters.in_flight);
            assert_eq!(counters.failures.iter().sum::<u64>(), rejected + error + interim + cancelled);
            assert!(counters.started >= before);
            before = counters.started;
        }
    }

    #[test]
    fn outcomes_follow_the_fault_of_the_reason() {
        let expected = [
            ("invalid_credentials", "rejected"),
            ("account_locked", "rejected"),
            ("bot_detected", "rejected"),
            ("dependency_unavailable", "error"),
            ("panicked", "error"),
            ("mfa_required", "interim"),
            ("cancelled", "cancelled"),
        ];
        for (reason, outcome) in expected {
            assert_eq!(OUTCOMES[outcome_of(reason)], outcome, "{reason}");
        }
    }
}
