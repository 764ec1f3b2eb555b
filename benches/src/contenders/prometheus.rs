//! The `prometheus` crate by hand: handles resolved once, and looked up on every call.

use std::time::Instant;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use super::{BOUNDS, Contender, Counted, Lines, Login, LoginError, OPERATION, SERVICE, body, drive};

/// The vectors that a user of the crate makes.
pub struct Vecs {
    pub registry: Registry,
    pub counters: IntCounterVec,
    pub histograms: HistogramVec,
}

impl Vecs {
    pub fn new() -> Vecs {
        let labels = ["service", "operation", "outcome"];
        let counters = IntCounterVec::new(Opts::new("auth_total", "Calls by outcome."), &labels).unwrap();
        let opts = HistogramOpts::new("auth_seconds", "Latency.").buckets(BOUNDS.to_vec());
        let histograms = HistogramVec::new(opts, &labels[..2]).unwrap();
        let registry = Registry::new();
        registry.register(Box::new(counters.clone())).unwrap();
        registry.register(Box::new(histograms.clone())).unwrap();
        Vecs { registry, counters, histograms }
    }

    pub fn counted(&self) -> Counted {
        count(&text(&self.registry))
    }
}

/// What a scrape shows that uses the names of these vectors.
pub fn count(text: &str) -> Counted {
    let failed =
        |error: LoginError| Lines("auth_total", &[&format!("outcome=\"{}\"", error.label())]).sum(text);
    Counted {
        succeeded: Lines("auth_total", &["outcome=\"success\""]).sum(text),
        failed: [LoginError::WrongPassword, LoginError::RateLimited, LoginError::Database]
            .map(failed)
            .iter()
            .sum(),
        observed: Lines("auth_seconds_count", &[]).sum(text),
    }
}

pub fn text(registry: &Registry) -> String {
    TextEncoder::new().encode_to_string(&registry.gather()).unwrap()
}

/// The label of an outcome.
pub fn label(login: &Login) -> &'static str {
    login.map_or_else(LoginError::label, |_| "success")
}

pub struct Cached {
    vecs: Vecs,
    outcomes: [prometheus::IntCounter; 4],
    latency: prometheus::Histogram,
}

impl Cached {
    pub fn new() -> Cached {
        let vecs = Vecs::new();
        let outcome = |label: &str| vecs.counters.with_label_values(&[SERVICE, OPERATION, label]);
        let errors = [LoginError::WrongPassword, LoginError::RateLimited, LoginError::Database];
        let [wrong, limited, database] = errors.map(|error| outcome(error.label()));
        let outcomes = [outcome("success"), wrong, limited, database];
        let latency = vecs.histograms.with_label_values(&[SERVICE, OPERATION]);
        Cached { vecs, outcomes, latency }
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.latency.observe(start.elapsed().as_secs_f64());
        self.outcomes[super::floor::outcome(&login)].inc();
        login
    }
}

impl Contender for Cached {
    fn name(&self) -> &'static str {
        "prometheus 0.14, cached"
    }

    fn note(&self) -> &'static str {
        "every handle resolved once, by hand"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.vecs.counted())
    }
}

pub struct LookedUp(Vecs);

impl LookedUp {
    pub fn new() -> LookedUp {
        LookedUp(Vecs::new())
    }

    async fn login(&self, n: u64) -> Login {
        let start = Instant::now();
        let login = body(n);
        self.0.histograms.with_label_values(&[SERVICE, OPERATION]).observe(start.elapsed().as_secs_f64());
        self.0.counters.with_label_values(&[SERVICE, OPERATION, label(&login)]).inc();
        login
    }
}

impl Contender for LookedUp {
    fn name(&self) -> &'static str {
        "prometheus 0.14, by labels"
    }

    fn note(&self) -> &'static str {
        "`with_label_values` in every call"
    }

    fn run(&self, calls: u64) {
        drive(calls, |n| self.login(n));
    }

    fn counted(&self) -> Option<Counted> {
        Some(self.0.counted())
    }
}
