//! `Board`: what the engine writes down for scrapes. The engine writes from its one thread, scrapes read from any; nobody waits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use auth_metrics::group::{Gauge, InternalErrors, Overflow, Samples};
use auth_metrics::{OperationKind, Outcome};

use super::families;
use super::operation::{Operation, at, level, set};
use super::terms::{InternalError, What, Window};
use crate::detector::Detector;
use crate::learning::Forecast;

/// How many operations have numbers of their own; the others share those of `other`.
const MAX_OPERATIONS: usize = 64;

/// The service and the operation that stand for those which found no place.
const OTHER: &str = "other";

/// The values of the label `evidence`: below 4, and from there on.
const EVIDENCE: [&str; 2] = ["weak", "strong"];

/// The place of an operation on a [`Board`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OperationIndex(usize);

/// The numbers of an engine. There is no identity in any of them.
pub(crate) struct Board {
    /// Filled from the front; the last place is that of `other`.
    operations: Box<[OnceLock<Box<Operation>>]>,
    overflow: Overflow,
    active: [Active; Detector::ALL.len()],
    distinct: [[Gauge; Window::LABELS.len()]; What::LABELS.len()],
    forecasts: [Gauge; Forecast::ALL.len()],
    up: Gauge,
    dropped: AtomicU64,
    evictions: [[AtomicU64; EVIDENCE.len()]; What::LABELS.len()],
    state_bytes: Gauge,
    lag: Gauge,
    errors: InternalErrors,
}

/// The detections of one detector that are in force.
#[derive(Default)]
struct Active {
    count: AtomicU64,
    /// When the oldest of them began; absent if there are none.
    since: Gauge,
}

impl Board {
    /// Makes a board without operations, of an engine that holds this many bytes and does not work yet.
    pub(crate) fn new(state_bytes: usize) -> Board {
        let board = Board {
            operations: (0..=MAX_OPERATIONS).map(|_| OnceLock::new()).collect(),
            overflow: Overflow::of("operation"),
            active: Default::default(),
            distinct: std::array::from_fn(|_| std::array::from_fn(|_| at(0.0))),
            forecasts: Default::default(),
            up: at(0.0),
            dropped: AtomicU64::new(0),
            evictions: Default::default(),
            state_bytes: at(0.0),
            lag: at(0.0),
            errors: InternalErrors::new(&InternalError::LABELS),
        };
        board.set_state_bytes(state_bytes);
        board
    }

    /// Returns the place of an operation, and exports its series from now on. Without a `kind`, it has those of every detector. Keep the
    /// place: the search goes through all of them.
    pub(crate) fn operation(&self, service: &str, name: &str, kind: Option<OperationKind>) -> OperationIndex {
        // A handle folds names of its own: those are not counted again.
        let is_other = service == OTHER && name == OTHER;
        if !is_other {
            let own = &self.operations[..MAX_OPERATIONS];
            let make = || Box::new(Operation::new(Arc::from(service), Arc::from(name), kind));
            if let Some(index) = own.iter().position(|place| place.get_or_init(make).is(service, name)) {
                return OperationIndex(index);
            }
            self.overflow.count();
        }
        let other = || Box::new(Operation::new(Arc::from(OTHER), Arc::from(OTHER), None));
        self.operations[MAX_OPERATIONS].get_or_init(other);
        OperationIndex(MAX_OPERATIONS)
    }

    fn at(&self, index: OperationIndex, write: impl FnOnce(&Operation)) {
        if let Some(operation) = self.operations.get(index.0).and_then(OnceLock::get) {
            write(operation);
        }
    }

    /// Counts a detection that begins.
    pub(crate) fn detection(&self, index: OperationIndex, detector: Detector) {
        self.at(index, |operation| operation.detection(detector));
    }

    /// Counts an attempt of a pair that never succeeded before.
    pub(crate) fn unfamiliar(&self, index: OperationIndex, outcome: &Outcome) {
        self.at(index, |operation| operation.unfamiliar(outcome));
    }

    /// Sets the share of hostile ones among unfamiliar first contacts.
    pub(crate) fn set_prior(&self, index: OperationIndex, prior: f64) {
        self.at(index, |operation| operation.set_prior(prior));
    }

    /// Sets the failures that are usual at this hour: the lower edge, the median and the upper edge.
    pub(crate) fn set_usual(&self, index: OperationIndex, usual: Option<[f64; 3]>) {
        self.at(index, |operation| operation.set_usual(usual));
    }

    /// Sets the gap between accounts that exist and those that don't, in seconds, and its z.
    pub(crate) fn set_timing(&self, index: OperationIndex, gap: f64, z: f64) {
        self.at(index, |operation| operation.set_timing(gap, z));
    }

    /// Sets whether the baselines of an operation are still learned. They are at first.
    pub(crate) fn set_learning(&self, index: OperationIndex, is_learning: bool) {
        self.at(index, |operation| operation.set_learning(is_learning));
    }

    /// Sets whether a suspected regression holds the campaign detector of an operation.
    pub(crate) fn set_held(&self, index: OperationIndex, is_held: bool) {
        self.at(index, |operation| operation.set_held(is_held));
    }

    /// Sets how many detections of a detector are in force, and when the oldest of them began, in seconds since 1970.
    pub(crate) fn set_active(&self, detector: Detector, count: u64, since: Option<f64>) {
        let active = &self.active[detector as usize];
        active.count.store(count, Ordering::Relaxed);
        active.since.set(since.filter(|_| count > 0));
    }

    /// Sets how many distinct ones a window has.
    pub(crate) fn set_distinct(&self, what: What, window: Window, count: f64) {
        set(&self.distinct[what as usize][window as usize], count);
    }

    /// Sets in how many seconds something runs out; none if it doesn't.
    pub(crate) fn set_forecast(&self, what: Forecast, seconds: Option<f64>) {
        self.forecasts[what as usize].set(seconds.filter(|seconds| seconds.is_finite()));
    }

    /// Sets whether the engine works.
    pub(crate) fn set_up(&self, is_up: bool) {
        set(&self.up, f64::from(u8::from(is_up)));
    }

    /// Counts attempts that the engine never saw.
    pub(crate) fn add_dropped(&self, events: u64) {
        self.dropped.fetch_add(events, Ordering::Relaxed);
    }

    /// Counts entries that lost their place in a full table. `is_strong`: their evidence was 4 or more.
    pub(crate) fn add_evictions(&self, what: What, is_strong: bool, entries: u64) {
        self.evictions[what as usize][usize::from(is_strong)].fetch_add(entries, Ordering::Relaxed);
    }

    /// Sets how many bytes the engine holds.
    pub(crate) fn set_state_bytes(&self, bytes: usize) {
        #[expect(clippy::cast_precision_loss, reason = "nobody has so much memory")]
        set(&self.state_bytes, bytes as f64);
    }

    /// Sets how long after its end the latest attempt was judged.
    pub(crate) fn set_lag(&self, seconds: f64) {
        set(&self.lag, seconds);
    }

    /// Counts a trouble of the engine, and logs it at most once a minute.
    pub(crate) fn error(&self, error: InternalError) {
        self.errors.count(error as usize);
    }

    pub(super) fn collect(&self, samples: &mut Samples, shows_timing: bool) {
        for operation in self.operations.iter().filter_map(OnceLock::get) {
            operation.collect(samples, shows_timing);
        }
        for (detector, active) in Detector::ALL.iter().zip(&self.active) {
            let labels = [detector.label()];
            #[expect(clippy::cast_precision_loss, reason = "detections in force are few")]
            let count = active.count.load(Ordering::Relaxed) as f64;
            samples.gauge(&families::DETECTIONS_ACTIVE, &labels, count);
            if let Some(since) = active.since.get() {
                samples.gauge(&families::DETECTION_SINCE, &labels, since);
            }
        }
        for (what, windows) in What::LABELS.iter().zip(&self.distinct) {
            for (window, count) in Window::LABELS.iter().zip(windows) {
                samples.gauge(&families::DISTINCT, &[what, window], level(count));
            }
        }
        for (what, seconds) in Forecast::ALL.iter().zip(&self.forecasts) {
            if let Some(seconds) = seconds.get() {
                samples.gauge(&families::FORECAST, &[what.label()], seconds);
            }
        }
        self.collect_health(samples);
    }

    fn collect_health(&self, samples: &mut Samples) {
        samples.gauge(&families::UP, &[], level(&self.up));
        samples.counter(&families::EVENTS_DROPPED, &[], self.dropped.load(Ordering::Relaxed));
        for (what, counts) in What::LABELS.iter().zip(&self.evictions) {
            for (evidence, count) in EVIDENCE.iter().zip(counts) {
                samples.counter(&families::EVICTIONS, &[what, evidence], count.load(Ordering::Relaxed));
            }
        }
        samples.gauge(&families::STATE_BYTES, &[], level(&self.state_bytes));
        samples.gauge(&families::LAG, &[], level(&self.lag));
        for (kind, count) in self.errors.iter() {
            samples.counter(&families::ERRORS, &[kind], count);
        }
        samples.overflow(&self.overflow);
    }
}
