//! What is exported of one operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use auth_metrics::group::{Gauge, Samples};
use auth_metrics::{OperationKind, Outcome};

use super::families;
use crate::detector::Detector;

/// The least share of hostile contacts that the engine assumes.
const LEAST_PRIOR: f64 = 0.01;

/// The values of the label `outcome`, in the order of a scrape.
const OUTCOMES: [&str; 5] = ["success", "rejected", "error", "interim", "cancelled"];

/// The values of the label `edge`.
pub(super) const EDGES: [&str; 3] = ["low", "median", "high"];

/// The numbers of one operation. The engine writes them; a scrape reads them. Neither waits for the other.
pub(super) struct Operation {
    service: Arc<str>,
    name: Arc<str>,
    /// Which detectors are exported, by bit.
    exported: AtomicU32,
    detections: [AtomicU64; Detector::ALL.len()],
    /// None for a kind in which nobody is at first unknown.
    contacts: Option<Contacts>,
    /// Zero while it is learned.
    usual: [Gauge; EDGES.len()],
    /// None for a kind in which no latency can tell whether an account exists.
    timing: Option<[Gauge; 2]>,
    learning: Gauge,
    held: Gauge,
}

struct Contacts {
    prior: Gauge,
    outcomes: [AtomicU64; OUTCOMES.len()],
}

impl Operation {
    pub(super) fn new(service: Arc<str>, name: Arc<str>, kind: Option<OperationKind>) -> Operation {
        let fed: Vec<Detector> = Detector::ALL.iter().copied().filter(|one| can_feed(kind, *one)).collect();
        let knows_contacts = !is_of_known_subjects(kind);
        let knows_timing = fed.contains(&Detector::TimingOracle);
        Operation {
            service,
            name,
            exported: AtomicU32::new(fed.iter().fold(0, |bits, one| bits | bit(*one))),
            detections: Default::default(),
            contacts: knows_contacts
                .then(|| Contacts { prior: at(LEAST_PRIOR), outcomes: Default::default() }),
            usual: std::array::from_fn(|_| at(0.0)),
            timing: knows_timing.then(|| [at(0.0), at(0.0)]),
            learning: at(1.0),
            held: at(0.0),
        }
    }

    pub(super) fn is(&self, service: &str, name: &str) -> bool {
        *self.service == *service && *self.name == *name
    }

    pub(super) fn detection(&self, detector: Detector) {
        self.detections[detector as usize].fetch_add(1, Ordering::Relaxed);
        self.exported.fetch_or(bit(detector), Ordering::Relaxed);
    }

    pub(super) fn unfamiliar(&self, outcome: &Outcome) {
        let position = OUTCOMES.iter().position(|label| *label == outcome.label());
        if let (Some(contacts), Some(position)) = (&self.contacts, position) {
            contacts.outcomes[position].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn set_prior(&self, prior: f64) {
        if let Some(contacts) = &self.contacts {
            set(&contacts.prior, prior);
        }
    }

    pub(super) fn set_usual(&self, usual: Option<[f64; EDGES.len()]>) {
        for (gauge, level) in self.usual.iter().zip(usual.unwrap_or_default()) {
            set(gauge, level);
        }
    }

    pub(super) fn set_timing(&self, gap: f64, z: f64) {
        if let Some([of_gap, of_z]) = &self.timing {
            set(of_gap, gap);
            set(of_z, z);
        }
    }

    pub(super) fn set_learning(&self, is_learning: bool) {
        set(&self.learning, f64::from(u8::from(is_learning)));
    }

    pub(super) fn set_held(&self, is_held: bool) {
        set(&self.held, f64::from(u8::from(is_held)));
    }

    pub(super) fn collect(&self, samples: &mut Samples, shows_timing: bool) {
        let labels = [&*self.service, &*self.name];
        let exported = self.exported.load(Ordering::Relaxed);
        for (detector, count) in Detector::ALL.iter().zip(&self.detections) {
            if exported & bit(*detector) != 0 {
                let labels = [labels[0], labels[1], detector.label()];
                samples.counter(&families::DETECTIONS, &labels, count.load(Ordering::Relaxed));
            }
        }
        if let Some(Contacts { prior, outcomes }) = &self.contacts {
            samples.gauge(&families::THREAT_PRIOR, &labels, level(prior));
            for (outcome, count) in OUTCOMES.into_iter().zip(outcomes) {
                let labels = [labels[0], labels[1], outcome];
                samples.counter(&families::UNFAMILIAR, &labels, count.load(Ordering::Relaxed));
            }
        }
        for (edge, gauge) in EDGES.iter().zip(&self.usual) {
            samples.gauge(&families::USUAL_FAILURES, &[labels[0], labels[1], edge], level(gauge));
        }
        if let Some([gap, z]) = self.timing.as_ref().filter(|_| shows_timing) {
            samples.gauge(&families::TIMING_GAP, &labels, level(gap));
            samples.gauge(&families::TIMING_GAP_Z, &labels, level(z));
        }
        samples.gauge(&families::LEARNING, &labels, level(&self.learning));
        samples.gauge(&families::HELD, &labels, level(&self.held));
    }
}

/// Whether only somebody who was authenticated before comes to an operation of a kind.
fn is_of_known_subjects(kind: Option<OperationKind>) -> bool {
    matches!(kind, Some(OperationKind::Authorization | OperationKind::Enrolment))
}

/// Whether an operation of a kind can feed a detector. Further ones are exported once they find something. An operation
/// whose kind is unknown can feed all of them.
fn can_feed(kind: Option<OperationKind>, detector: Detector) -> bool {
    match kind {
        // Tokens and sessions name no account before they are known to be good, and no second factor is asked for.
        Some(OperationKind::Token | OperationKind::Session) => !matches!(
            detector,
            Detector::AccountGuessing
                | Detector::Enumeration
                | Detector::MfaFatigue
                | Detector::OtpGuessing
                | Detector::TimingOracle
        ),
        // Who asks is known, so nothing is guessed.
        kind if is_of_known_subjects(kind) => matches!(
            detector,
            Detector::RegressionSuspected
                | Detector::StuckClient
                | Detector::SourceBurst
                | Detector::MixDrift
                | Detector::ExhaustionPredicted
        ),
        _ => true,
    }
}

fn bit(detector: Detector) -> u32 {
    1 << detector as u32
}

/// A gauge that stands at a level from the start.
pub(super) fn at(level: f64) -> Gauge {
    let gauge = Gauge::new();
    gauge.set(Some(level));
    gauge
}

/// Sets a gauge. What is no number changes nothing: a series that vanishes looks like an engine that is not there.
pub(super) fn set(gauge: &Gauge, level: f64) {
    if level.is_finite() {
        gauge.set(Some(level));
    }
}

pub(super) fn level(gauge: &Gauge) -> f64 {
    gauge.get().unwrap_or_default()
}
