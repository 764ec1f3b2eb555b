//! The risk engine, which has a word in every login. It advises: when it is away, people sign in all the same, and that is
//! counted.

use std::sync::atomic::{AtomicU64, Ordering};

use auth_metrics::AuthMetrics;

/// The `policy` label.
const POLICY: &str = "risk_engine";

/// The engine does not answer.
struct Away;

/// A stand-in for a risk engine: it finds nothing, and is away for one question in 60.
pub(crate) struct RiskEngine {
    questions: AtomicU64,
    metrics: AuthMetrics,
}

impl RiskEngine {
    /// Its count of logins let through unasked is exported at zero from now on.
    pub(crate) fn new(metrics: AuthMetrics) -> Self {
        metrics.declare_policy(metrics.service_id(), POLICY);
        Self { questions: AtomicU64::new(0), metrics }
    }

    /// Whether this account may sign in now.
    pub(crate) fn allows(&self, account: &str) -> bool {
        self.asked(account).unwrap_or_else(|Away| {
            self.metrics.record_fail_open(self.metrics.service_id(), POLICY);
            true
        })
    }

    fn asked(&self, _account: &str) -> Result<bool, Away> {
        let question = self.questions.fetch_add(1, Ordering::Relaxed) + 1;
        if question.is_multiple_of(60) { Err(Away) } else { Ok(true) }
    }
}
