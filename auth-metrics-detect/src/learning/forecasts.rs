//! `Forecasts`: reads a snapshot, and says how many seconds are left of what runs out. The worst of each kind, so it is bounded.

use auth_metrics::read::{Histogram, Visitor};
use auth_metrics::{Family, OperationKind, Snapshot};

use super::exhaustion::{Backlog, Budget, Limit};
use super::trend::{Span, Trend, bounded, stretch_of};

/// Limits that are looked at; further ones are passed over.
const LIMITS: usize = 64;
const TEN_MINUTES: f64 = 600.0;
/// A failure ratio that is as good as an outage, and the attempts between two readings that a ratio needs.
const HALF: f32 = 0.5;
const LEAST_ATTEMPTS: f64 = 20.0;
/// How long a warning must hold before it is one, and before it is over.
const ENTER_SECONDS: f64 = 120.0;
const LEAVE_SECONDS: f64 = 600.0;

/// What will run out or be crossed; the label `what` of `auth_forecast_seconds`, in the order of a scrape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forecast {
    /// The capacity of a rate limit.
    RateLimit,
    /// The error budget.
    ErrorBudget,
    /// The share of failures.
    FailureRatio,
    /// The credential that expires first.
    Credentials,
    /// The queue of passwords that wait to be hashed.
    HashingBacklog,
}

impl Forecast {
    pub(crate) const ALL: [Forecast; 5] = [
        Forecast::RateLimit,
        Forecast::ErrorBudget,
        Forecast::FailureRatio,
        Forecast::Credentials,
        Forecast::HashingBacklog,
    ];

    /// Returns the value of the label `what`.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Forecast::RateLimit => "rate_limit",
            Forecast::ErrorBudget => "error_budget",
            Forecast::FailureRatio => "failure_ratio",
            Forecast::Credentials => "credentials",
            Forecast::HashingBacklog => "hashing_backlog",
        }
    }

    /// Seconds left from which it is a warning.
    const fn warning(self) -> f32 {
        match self {
            Forecast::RateLimit | Forecast::FailureRatio => 3_600.0,
            Forecast::ErrorBudget => 14_400.0,
            Forecast::HashingBacklog => 600.0,
            Forecast::Credentials => 604_800.0,
        }
    }
}

/// What is known of one thing that runs out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outlook {
    pub(crate) what: Forecast,
    /// Seconds left; `None` if it does not run out as far as can be seen.
    pub(crate) left: Option<Span>,
    /// Whether somebody should know. It does not flap: it begins after two minutes, and ends after ten.
    pub(crate) is_warning: bool,
}

/// The forecasts of a process.
#[derive(Clone, Debug)]
pub(crate) struct Forecasts {
    limit: Limit,
    budget: Budget,
    backlog: Backlog,
    failures: Trend,
    /// Attempts and failures when the ratio was read last.
    counted: [f64; 2],
    warnings: [Warning; Forecast::ALL.len()],
}

impl Forecasts {
    /// Starts with an objective: the share of attempts that end without an error of the service.
    pub(crate) fn new(objective: f32) -> Forecasts {
        Forecasts {
            limit: Limit::new(),
            budget: Budget::new(objective),
            backlog: Backlog::new(),
            failures: Trend::new(),
            counted: [0.0; 2],
            warnings: [Warning::new(); Forecast::ALL.len()],
        }
    }

    /// Reads a snapshot, taken `at` seconds since 1970.
    pub(crate) fn sample(&mut self, at: f64, snapshot: &Snapshot) -> [Outlook; Forecast::ALL.len()] {
        let (totals, gauges) = (Totals::of(snapshot), Gauges::of(snapshot));
        let limit = gauges.worst_usage().and_then(|usage| self.limit.sample(at, usage));
        let budget = self.budget.sample(at, totals.attempts, totals.errors);
        let backlog = self.backlog.sample(at, bounded(totals.in_flight));
        let expiry = gauges.first_expiry.map(|expiry| bounded(expiry - at));
        let credentials = expiry.map(|left| Span::of(left, left, left));
        let failures = self.failure_ratio(at, &totals);
        let left = [limit, budget, failures, credentials, backlog];
        std::array::from_fn(|each| {
            let (what, left) = (Forecast::ALL[each], left[each]);
            let is_warning = self.warnings[each].step(at, left, what.warning());
            Outlook { what, left, is_warning }
        })
    }

    fn failure_ratio(&mut self, at: f64, totals: &Totals) -> Option<Span> {
        let now = [totals.attempts, totals.rejected + totals.errors];
        let [attempts, failures] = [0, 1].map(|each| now[each] - self.counted[each]);
        if attempts < 0.0 || failures < 0.0 {
            self.counted = now;
        } else if attempts >= LEAST_ATTEMPTS {
            self.counted = now;
            self.failures.sample(stretch_of(at, TEN_MINUTES), bounded(failures / attempts));
        }
        self.failures.until(HALF, TEN_MINUTES as f32)
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.limit.save(out);
        self.budget.save(out);
        self.backlog.save(out);
        self.failures.save(out);
    }

    /// Counters and warnings are those of a process, so they begin anew.
    pub(crate) fn load(input: &mut &[u8]) -> Option<Forecasts> {
        let (limit, budget) = (Limit::load(input)?, Budget::load(input)?);
        let (backlog, failures) = (Backlog::load(input)?, Trend::load(input)?);
        Some(Forecasts { limit, budget, backlog, failures, ..Forecasts::new(1.0) })
    }
}

/// A warning that begins and ends only after a while.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Warning {
    is_on: bool,
    /// Since when the opposite would be right.
    since: Option<f64>,
}

impl Warning {
    const fn new() -> Warning {
        Warning { is_on: false, since: None }
    }

    /// Takes the seconds left. It begins below the threshold, and ends above twice of it.
    fn step(&mut self, at: f64, left: Option<Span>, threshold: f32) -> bool {
        let edge = if self.is_on { 2.0 * threshold } else { threshold };
        let should = left.is_some_and(|left| left.seconds < edge);
        if should == self.is_on {
            self.since = None;
            return self.is_on;
        }
        let since = *self.since.get_or_insert(at);
        let needed = if self.is_on { LEAVE_SECONDS } else { ENTER_SECONDS };
        // A clock that was set back starts the wait anew.
        if at < since {
            self.since = Some(at);
        } else if at - since >= needed {
            (self.is_on, self.since) = (should, None);
        }
        self.is_on
    }
}

/// The counters of all operations. Only authentication hashes, so only its attempts are a backlog.
#[derive(Default)]
struct Totals {
    attempts: f64,
    rejected: f64,
    errors: f64,
    in_flight: f64,
}

impl Totals {
    #[expect(clippy::cast_precision_loss, reason = "differences of counters, far below 2^53")]
    fn of(snapshot: &Snapshot) -> Totals {
        let mut totals = Totals::default();
        for operation in snapshot.operations() {
            for (outcome, count) in operation.outcomes() {
                totals.attempts += count as f64;
                match outcome {
                    "rejected" => totals.rejected += count as f64,
                    "error" => totals.errors += count as f64,
                    _ => {}
                }
            }
            if operation.kind() == OperationKind::Authentication {
                totals.in_flight += operation.in_flight() as f64;
            }
        }
        totals
    }
}

/// The gauges of limits and credentials.
struct Gauges {
    family: &'static str,
    /// The hashes of the first two labels.
    labels: [u64; 2],
    /// By hash of service and limit: usage and capacity.
    limits: [([u64; 2], [f64; 2]); LIMITS],
    count: usize,
    first_expiry: Option<f64>,
}

impl Gauges {
    fn of(snapshot: &Snapshot) -> Gauges {
        let limits = [([0; 2], [0.0; 2]); LIMITS];
        let mut gauges = Gauges { family: "", labels: [0; 2], limits, count: 0, first_expiry: None };
        snapshot.visit(&mut gauges);
        gauges
    }

    fn worst_usage(&self) -> Option<f32> {
        let limits = self.limits[..self.count].iter().filter(|(_, [_, capacity])| *capacity > 0.0);
        limits.map(|(_, [usage, capacity])| bounded(usage / capacity)).max_by(f32::total_cmp)
    }

    fn limit(&mut self, key: [u64; 2], slot: usize, value: f64) {
        let known = self.limits[..self.count].iter().position(|(other, _)| *other == key);
        let place = known.unwrap_or(self.count);
        if let Some((other, values)) = self.limits.get_mut(place) {
            (*other, values[slot]) = (key, value);
            self.count = self.count.max(place + 1);
        }
    }
}

impl<'s> Visitor<'s> for Gauges {
    fn family(&mut self, family: &'static Family) {
        self.family = family.name;
    }

    fn label(&mut self, position: usize, value: &'s str) {
        if let Some(label) = self.labels.get_mut(position) {
            *label = hashed(value);
        }
    }

    fn counter(&mut self, _: Option<&'s str>, _: u64) {}

    fn gauge(&mut self, last: Option<&'s str>, value: f64) {
        let [service, limit] = self.labels;
        let key = [service, last.map_or(limit, hashed)];
        match self.family {
            "rate_limit_current" => self.limit(key, 0, value),
            "rate_limit_capacity" => self.limit(key, 1, value),
            "auth_credential_not_after_timestamp_seconds" => {
                self.first_expiry = Some(self.first_expiry.map_or(value, |first| first.min(value)));
            }
            _ => {}
        }
    }

    fn histogram(&mut self, _: &Histogram<'s>) {}
}

/// FNV-1a: the labels of limits come from code, not from clients.
fn hashed(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
