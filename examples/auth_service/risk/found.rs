//! What the detection engine found: for each detector how often, when first, and why.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use auth_metrics_detect::{Detection, Detector, Engine};

/// What one detector found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) count: u64,
    /// Since the service started.
    pub(crate) first: Duration,
    /// The evidence of the first, as a sentence. It names nobody.
    pub(crate) why: String,
}

/// What all of them found. There are few detectors, so it stays small.
pub(crate) struct Found {
    began: Instant,
    by_detector: Mutex<BTreeMap<Detector, Finding>>,
}

impl Found {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), by_detector: Mutex::default() }
    }

    /// A new engine that tells it.
    pub(crate) fn engine(self: &Arc<Self>) -> Result<Engine, auth_metrics_detect::Error> {
        let found = Arc::clone(self);
        Engine::builder().on_detection(move |detection| found.note(detection)).build()
    }

    /// Counts a detection that begins.
    fn note(&self, detection: &Detection) {
        if detection.until().is_some() {
            return;
        }
        let mut found = self.by_detector.lock().unwrap_or_else(PoisonError::into_inner);
        let first =
            || Finding { count: 0, first: self.began.elapsed(), why: detection.evidence().to_string() };
        found.entry(detection.detector()).or_insert_with(first).count += 1;
    }

    /// All of it, the earliest first.
    pub(crate) fn all(&self) -> Vec<(Detector, Finding)> {
        let found = self.by_detector.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = found.iter().map(|(detector, finding)| (*detector, finding.clone())).collect();
        all.sort_by_key(|(_, finding)| finding.first);
        all
    }
}
