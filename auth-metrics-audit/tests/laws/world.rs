//! A handle with a trail, whose lines are kept, and whose events are delivered by hand.

use std::time::Duration;

use auth_metrics::AuthMetrics;
use auth_metrics::events::Pseudonyms;
use auth_metrics_audit::{Audit, AuditBuilder};
use serde_json::Value;

use crate::sinks::Kept;

pub(crate) const LONG: Duration = Duration::from_secs(600);

pub(crate) struct World {
    pub(crate) metrics: AuthMetrics,
    pub(crate) audit: Audit,
    kept: Kept,
}

/// The builder of a trail with a key for pseudonyms.
pub(crate) fn builder() -> AuditBuilder {
    Audit::builder().pseudonyms(Pseudonyms::with_key("k1", &[7; 32]).unwrap())
}

impl World {
    pub(crate) fn new(builder: AuditBuilder) -> World {
        let kept = Kept::new("kept");
        let audit = builder.sink(kept.clone()).build().unwrap();
        let metrics = AuthMetrics::builder()
            .service_id("gateway")
            .poll_events()
            .observe(audit.clone())
            .build()
            .unwrap();
        audit.install(&metrics).unwrap();
        World { metrics, audit, kept }
    }

    /// Every line so far, as it is.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.audit.flush(LONG).unwrap();
        self.kept.lines()
    }

    /// Every line so far of something that the handle reported.
    pub(crate) fn events(&self) -> Vec<Value> {
        let lines = self.texts();
        let parsed = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
        parsed.filter(|line| line["auth.kind"] != "audit").collect()
    }
}
