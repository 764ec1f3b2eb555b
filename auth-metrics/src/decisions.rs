//! Decisions that were not enforced: fail-open requests, and what shadow policies would have decided. A group of families that uses
//! only the public seam.

use std::sync::OnceLock;

use crate::events::Step;
use crate::groups::{ByLabel, Counters, Group, Samples};
use crate::handle::{AuthMetrics, ByService};
use crate::terms::{Family, families};

/// The most policies that a service can tell apart.
const POLICIES: usize = 16;

/// What a shadow policy, which is not enforced, would have decided; the label `decision` of `auth_shadow_decisions_total`.
///
/// ```
/// assert_eq!(auth_metrics::ShadowDecision::WouldDeny.label(), "would_deny");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ShadowDecision {
    /// The same as the enforced policy.
    Same,
    /// It would have refused a request that was allowed.
    WouldDeny,
    /// It would have allowed a request that was refused.
    WouldAllow,
}

impl ShadowDecision {
    /// All of them, in the order of a scrape.
    pub const ALL: &'static [ShadowDecision] =
        &[ShadowDecision::Same, ShadowDecision::WouldDeny, ShadowDecision::WouldAllow];

    /// Returns the value of the label.
    pub const fn label(self) -> &'static str {
        match self {
            ShadowDecision::Same => "same",
            ShadowDecision::WouldDeny => "would_deny",
            ShadowDecision::WouldAllow => "would_allow",
        }
    }

    /// Compares two policies: whether the enforced one allows, and whether the shadow policy would.
    ///
    /// ```
    /// use auth_metrics::ShadowDecision;
    ///
    /// assert_eq!(ShadowDecision::between(true, false), ShadowDecision::WouldDeny);
    /// ```
    pub const fn between(allowed: bool, would_allow: bool) -> ShadowDecision {
        match (allowed, would_allow) {
            (true, false) => ShadowDecision::WouldDeny,
            (false, true) => ShadowDecision::WouldAllow,
            _ => ShadowDecision::Same,
        }
    }
}

/// Each part is there from its first use on, and then exported with every value of its label.
#[derive(Default)]
struct Decisions {
    services: ByService<ServiceDecisions>,
}

#[derive(Default)]
struct ServiceDecisions {
    fail_open: OnceLock<ByLabel<Counters>>,
    shadow: OnceLock<Counters>,
}

impl Group for Decisions {
    fn families(&self) -> Vec<&'static Family> {
        vec![&families::FAIL_OPEN, &families::SHADOW_DECISIONS]
    }

    fn collect(&self, samples: &mut Samples) {
        for (service, decisions) in self.services.iter() {
            if let Some(policies) = decisions.fail_open.get() {
                for (policy, count) in policies.iter() {
                    samples.counter(&families::FAIL_OPEN, &[service, policy], count.get(0));
                }
                samples.overflow(policies.overflow());
            }
            if let Some(shadow) = decisions.shadow.get() {
                for (decision, count) in ShadowDecision::ALL.iter().zip(shadow.iter()) {
                    samples.counter(&families::SHADOW_DECISIONS, &[service, decision.label()], count);
                }
            }
        }
    }
}

/// Decisions that were not enforced. The first record of a family for a service exports all values of its label, the others at zero.
impl AuthMetrics {
    /// Counts a request that was let through because a policy could not be evaluated. The policy is a name from your code:
    /// `[a-z][a-z0-9_]*`, at most 64 bytes. A service has at most 16 policies; any other name becomes `other`.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.record_fail_open("gateway", "risk_engine");
    /// assert!(metrics.encode_text().contains("auth_fail_open_total{service_id=\"gateway\",policy=\"risk_engine\"} 1\n"));
    /// # Ok(()) }
    /// ```
    pub fn record_fail_open(&self, service_id: &str, policy: &'static str) {
        self.count_fail_open(service_id, policy, 1);
        self.events().report(&Step::decision(service_id, policy));
    }

    /// Exports the count of a policy at zero, so that the first request it lets through shows as a rise.
    ///
    /// ```
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// metrics.declare_policy("gateway", "risk_engine");
    /// assert!(metrics.encode_text().contains("auth_fail_open_total{service_id=\"gateway\",policy=\"risk_engine\"} 0\n"));
    /// # Ok(()) }
    /// ```
    pub fn declare_policy(&self, service_id: &str, policy: &'static str) {
        self.count_fail_open(service_id, policy, 0);
    }

    /// Counts what a shadow policy would have decided. Observers get an event where that is something else: its operation is
    /// `would_deny` or `would_allow`.
    ///
    /// ```
    /// use auth_metrics::{AuthMetrics, ShadowDecision};
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    /// let (allowed, would_allow) = (true, false);
    /// metrics.record_shadow_decision("gateway", ShadowDecision::between(allowed, would_allow));
    /// let labels = [("service_id", "gateway"), ("decision", "would_deny")];
    /// assert_eq!(metrics.snapshot().value("auth_shadow_decisions_total", &labels), Some(1.0));
    /// # Ok(()) }
    /// ```
    pub fn record_shadow_decision(&self, service_id: &str, decision: ShadowDecision) {
        if let Some(decisions) = self.decisions(service_id) {
            let shadow = decisions.shadow.get_or_init(|| Counters::new(ShadowDecision::ALL.len()));
            shadow.add(decision as usize, 1);
        }
        if decision != ShadowDecision::Same {
            self.events().report(&Step::decision(service_id, decision.label()));
        }
    }

    fn count_fail_open(&self, service_id: &str, policy: &str, times: u64) {
        if let Some(decisions) = self.decisions(service_id) {
            let policies = decisions.fail_open.get_or_init(|| ByLabel::new("policy", POLICIES));
            policies.get_or_insert_with(policy, || Counters::new(1)).add(0, times);
        }
    }

    fn decisions(&self, service_id: &str) -> Option<&ServiceDecisions> {
        let decisions: &Decisions = self.own_group()?;
        Some(decisions.services.get_or_insert_with(self, service_id, ServiceDecisions::default))
    }
}
