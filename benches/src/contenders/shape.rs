//! One shape for all who are measured: the same body, counted by outcome or reason and timed into a histogram of 12 bounds,
//! labelled by service and operation. The instruction budget has it too.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use auth_metrics::FailureReason;

pub const SERVICE: &str = "gateway";
pub const OPERATION: &str = "login";

/// The 12 upper bounds that every peer has. auth-metrics has its 22 defaults.
pub const BOUNDS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// Of how many calls one fails.
pub const FAILS_ONE_IN: u64 = 16;

#[derive(Clone, Copy, Debug, FailureReason)]
pub enum LoginError {
    #[reason(invalid_credentials)]
    WrongPassword,
    RateLimited,
    #[reason(dependency_unavailable)]
    Database,
}

impl LoginError {
    pub fn label(self) -> &'static str {
        match self {
            LoginError::WrongPassword => "invalid_credentials",
            LoginError::RateLimited => "rate_limited",
            LoginError::Database => "dependency_unavailable",
        }
    }
}

impl std::fmt::Display for LoginError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.label())
    }
}

pub type Login = Result<u64, LoginError>;

/// What the function does that everybody meters.
#[inline(always)]
pub fn body(n: u64) -> Login {
    if n % FAILS_ONE_IN != FAILS_ONE_IN - 1 {
        Ok(n ^ 1)
    } else if n == u64::MAX {
        Err(LoginError::Database)
    } else if n == u64::MAX - FAILS_ONE_IN {
        Err(LoginError::RateLimited)
    } else {
        Err(LoginError::WrongPassword)
    }
}

/// What a contender's own registry shows, or what was asked of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub succeeded: u64,
    pub failed: u64,
    /// Observations in the histogram.
    pub observed: u64,
}

impl Counted {
    pub fn asked(calls: u64) -> Counted {
        let failed = calls / FAILS_ONE_IN;
        Counted { succeeded: calls - failed, failed, observed: calls }
    }

    /// Sums over the lines of a scrape.
    pub fn read(text: &str, succeeded: Lines<'_>, failed: Lines<'_>, observed: Lines<'_>) -> Counted {
        Counted { succeeded: succeeded.sum(text), failed: failed.sum(text), observed: observed.sum(text) }
    }
}

/// Lines of a scrape: the metric's name, and what stands between its braces.
pub struct Lines<'a>(pub &'a str, pub &'a [&'a str]);

impl Lines<'_> {
    pub fn sum(&self, text: &str) -> u64 {
        let named = text.lines().filter_map(|line| line.strip_prefix(self.0));
        let labelled = named.filter(|rest| rest.starts_with(['{', ' ']));
        let ours = labelled.filter(|rest| self.1.iter().all(|label| rest.contains(label)));
        ours.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok()).map(|value| value as u64).sum()
    }
}

pub trait Contender: Sync {
    fn name(&self) -> &'static str;

    /// What a reader of the table should know.
    fn note(&self) -> &'static str {
        ""
    }

    /// Calls the metered function, one call after another, and polls each future to its end.
    fn run(&self, calls: u64);

    /// What its own registry shows.
    fn counted(&self) -> Option<Counted>;

    /// Starts and stops what disturbs it, outside of the time.
    fn disturb(&self, _on: bool) {}

    /// Whether it needs the second processor for itself.
    fn is_disturbed(&self) -> bool {
        false
    }

    /// What it must do now and then, outside of the time.
    fn settle(&self) {}
}

/// Polls one future after another; none of them waits for anything.
#[inline(always)]
pub fn drive<F: Future>(calls: u64, call: impl Fn(u64) -> F) {
    let mut context = Context::from_waker(Waker::noop());
    for n in 0..calls {
        let future = pin!(call(black_box(n)));
        match future.poll(&mut context) {
            Poll::Ready(returned) => drop(black_box(returned)),
            Poll::Pending => panic!("nothing in here waits"),
        }
    }
}
