//! A service with hostile names, its attempts, and families of somebody else, all from a seed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::events::TraceContext;
use auth_metrics::group::{Counters, Group, Observations, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family, Outcome, Reason, ShadowDecision};
use auth_metrics_random::Random;

pub const SEEDS: std::ops::Range<u64> = 0..12;

/// What would end a label, a line or a family if it were not escaped. metrics-exporter-prometheus takes two backslashes for one, and one
/// before a quote or a line's end for none, so none has these.
const HOSTILE: [&str; 7] = [
    "plain",
    "a \"quoted\" one",
    "\"} 1\nauth_metrics_forged{a=\"b",
    "back\\slash",
    "# {trace_id=\"00000000000000000000000000000000\"} 1",
    "zürich-東京",
    "",
];

static SESSIONS: Family =
    Family::gauge("sessions_age_seconds", &["store", "shard"], "Age of a \"session\" now.");
static READ: Family = Family::counter("sessions_read_bytes_total", &["store"], "Bytes that were read.");
static WAITS: Family = Family::histogram("sessions_wait", &[], "Time until a session was there.");

/// A group with gauges that come and go, a counter with a unit, and a histogram without labels.
pub struct Sessions {
    pub ages: Mutex<Vec<(&'static str, f64)>>,
    pub read: Counters,
    waits: Observations,
}

impl Group for Sessions {
    fn families(&self) -> Vec<&'static Family> {
        vec![&SESSIONS, &READ, &WAITS]
    }

    fn collect(&self, samples: &mut Samples) {
        for (store, age) in &*self.ages.lock().unwrap() {
            // Both values together are the same text for two of them.
            samples.gauge(&SESSIONS, &[store, ""], *age);
            samples.gauge(&SESSIONS, &["", store], -age);
        }
        for (store, read) in HOSTILE.into_iter().zip(self.read.iter()) {
            samples.counter(&READ, &[store], read);
        }
        samples.histogram(&WAITS, &[], &self.waits);
    }
}

pub struct World {
    pub metrics: AuthMetrics,
    pub sessions: Arc<Sessions>,
    random: Random,
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut random = Random::new(seed, "bridges");
        let traces = AtomicU64::new(1);
        let trace = move || {
            let number = traces.fetch_add(1, Ordering::Relaxed);
            TraceContext::new(u128::from(number).to_be_bytes(), number.to_be_bytes(), true)
        };
        let mut builder = AuthMetrics::builder().service_id("gateway").exposure(random.pick(&[
            Exposure::Strict,
            Exposure::Standard,
            Exposure::Full,
        ]));
        if random.chance(0.5) {
            builder = builder.namespace("acme");
        }
        if random.chance(0.5) {
            builder = builder.const_labels([("region", random.pick(&HOSTILE)), ("zone", "1")]);
        }
        if random.chance(0.5) {
            builder = builder.trace_context(trace);
        }
        let metrics = builder.build().unwrap();
        let sessions = metrics.group(|| Sessions {
            ages: Mutex::default(),
            read: Counters::new(HOSTILE.len()),
            waits: Observations::new(&[1e-5, 0.25, 1.0, 60.0]).unwrap(),
        });
        World { metrics, sessions: sessions.unwrap(), random }
    }

    /// Some more happens.
    pub fn live(&mut self) {
        for _ in 0..self.random.count(0, 60) {
            let service = ["gateway", self.random.pick(&HOSTILE)][self.random.below(2)];
            let outcome = match self.random.pick(Reason::ALL) {
                _ if self.random.chance(0.4) => Outcome::Success,
                reason => Outcome::Failure(reason),
            };
            let attempt = self.metrics.attempt_for(service, self.random.pick(&["login", "refresh"]));
            attempt.finish(outcome);
            let seconds = self.random.exponential(0.3);
            self.metrics.record_auth_latency(service, "login", Duration::from_secs_f64(seconds));
            self.sessions.waits.observe(Duration::from_secs_f64(seconds * 100.0));
            self.sessions.read.add(self.random.below(HOSTILE.len()), self.random.count(0, 1 << 40));
        }
        let service = self.random.pick(&HOSTILE);
        self.metrics.record_failed_token_verification(service, self.random.pick(Reason::ALL));
        self.metrics.record_service_registration(service);
        self.metrics.update_rate_limit_usage(service, [("per_minute", self.random.between(0.0, 1e9))]);
        self.metrics.record_fail_open(service, "geo");
        self.metrics.record_shadow_decision(service, ShadowDecision::WouldDeny);
        let count = self.random.below(HOSTILE.len());
        *self.sessions.ages.lock().unwrap() =
            HOSTILE.into_iter().take(count).map(|store| (store, self.random.between(0.0, 1e6))).collect();
    }
}
