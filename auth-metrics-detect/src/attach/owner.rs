//! `Owner`: the state of an engine with what it writes for scrapes. Whoever has its lock feeds it.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use auth_metrics::{OperationKind, Snapshot, WeakAuthMetrics};

use crate::attempt::Attempt;
use crate::detection::Detection;
use crate::detector::Detector;
use crate::engine::{Counts, Fed, State};
use crate::export::{Board, InternalError, OperationIndex, What, Window};
use crate::unwinding::unwinding_stops;

/// Panics after which the engine stops: what is wrong will be wrong again.
const PANICS: u32 = 3;

/// Detections that are told together.
pub(super) const TOLD_AT_ONCE: usize = 16;
/// As many again may come at the end of one window, or with one attempt.
const TELLING: usize = 2 * TOLD_AT_ONCE;

/// The state and its board.
pub(crate) struct Owner {
    pub(crate) state: State,
    board: Option<Arc<Board>>,
    metrics: Option<WeakAuthMetrics>,
    /// The board's places of the state's operations.
    places: Vec<Option<OperationIndex>>,
    /// What the board has of the state's counts, or an engine before had.
    told: Counts,
    /// Used again, so that nothing is allocated for detections.
    pub(crate) telling: Vec<Detection>,
    told_jumps: u64,
    panics: u32,
    began: Instant,
    /// The time of day when it began, in seconds since 1970.
    origin: f64,
}

impl Owner {
    pub(crate) fn new(state: State) -> Owner {
        let origin = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let (told, told_jumps) = (state.counts, state.clock.jumps);
        Owner {
            state,
            board: None,
            metrics: None,
            places: Vec::new(),
            told,
            telling: Vec::with_capacity(TELLING),
            told_jumps,
            panics: 0,
            began: Instant::now(),
            origin,
        }
    }

    /// The time, in seconds since 1970; it never goes back, whatever the system's clock does.
    pub(crate) fn now(&self) -> f64 {
        self.origin + self.began.elapsed().as_secs_f64()
    }

    /// Writes to a board from now on.
    pub(crate) fn attach(&mut self, board: Arc<Board>, metrics: WeakAuthMetrics) {
        self.metrics = Some(metrics);
        self.places.clear();
        board.set_state_bytes(self.bytes());
        board.set_up(!self.is_dead());
        self.board = Some(board);
        self.publish();
    }

    /// The size of all tables and of what is told, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.state.bytes() + self.telling.capacity() * size_of::<Detection>()
    }

    /// Whether a handle that is still there shows it.
    pub(crate) fn is_attached(&self) -> bool {
        self.metrics.as_ref().is_some_and(|metrics| metrics.upgrade().is_some())
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.panics >= PANICS
    }

    /// Counts a trouble.
    pub(crate) fn error(&self, error: InternalError) {
        if let Some(board) = &self.board {
            board.error(error);
        }
    }

    /// Takes an attempt in.
    pub(crate) fn feed(
        &mut self,
        attempt: &Attempt<'_>,
        kind: Option<OperationKind>,
        told: &mut Vec<Detection>,
    ) {
        if self.is_dead() {
            return self.drop_events(1);
        }
        let fed = self.guarded(|state| state.feed(attempt, &mut |detection| told.push(detection.clone())));
        if let Some(fed) = fed {
            self.follow(fed, attempt, kind);
        }
    }

    /// Lets time pass without attempts.
    pub(crate) fn pass(&mut self, told: &mut Vec<Detection>) {
        let at = self.now();
        self.guarded(|state| state.pass_until(at, usize::MAX, &mut |detection| told.push(detection.clone())));
    }

    /// Does something with the state; none if the engine is dead, or panics. A panic is counted, and the third one is the last: the engine
    /// is dead then, and says so.
    pub(crate) fn guarded<T>(&mut self, work: impl FnOnce(&mut State) -> T) -> Option<T> {
        if self.is_dead() {
            return None;
        }
        let state = &mut self.state;
        let done = unwinding_stops(|| work(state));
        if done.is_none() {
            self.panics += 1;
            self.error(InternalError::EnginePanicked);
            if let Some(board) = self.board.as_ref().filter(|_| self.is_dead()) {
                board.set_up(false);
            }
        }
        done
    }

    fn drop_events(&self, events: u64) {
        if let Some(board) = &self.board {
            board.add_dropped(events);
        }
    }

    fn follow(&mut self, fed: Fed, attempt: &Attempt<'_>, kind: Option<OperationKind>) {
        let Some(place) = self.place(fed.operation, kind) else {
            return;
        };
        if let Some(board) = self.board.as_ref().filter(|_| fed.is_unfamiliar) {
            board.unfamiliar(place, &attempt.outcome);
        }
    }

    /// The board's place of one of the state's operations, under the name that the state has for it.
    fn place(&mut self, index: u8, kind: Option<OperationKind>) -> Option<OperationIndex> {
        let (board, place) = (self.board.as_ref()?, usize::from(index));
        if place >= self.places.len() {
            self.places.resize(place + 1, None);
        }
        Some(*self.places[place].get_or_insert_with(|| {
            let [service, name] = self.state.operations.names(index);
            board.operation(&service, &name, kind)
        }))
    }

    /// Counts detections that begin.
    pub(crate) fn count(&mut self, detections: &[Detection]) {
        let is_news = |detection: &&Detection| detection.until().is_none() && !detection.is_repeated();
        for detection in detections.iter().filter(is_news) {
            let Some(board) = &self.board else { return };
            let place = match self.state.operations.find(detection.service_id(), detection.operation()) {
                Some(index) => self.place(index, None),
                None => Some(board.operation(detection.service_id(), detection.operation(), None)),
            };
            if let (Some(place), Some(board)) = (place, &self.board) {
                board.detection(place, detection.detector());
            }
        }
    }

    /// Writes what scrapes show.
    pub(crate) fn publish(&mut self) {
        let Some(board) = self.board.clone() else { return };
        for (detector, since) in Detector::ALL.iter().zip(self.state.oldest()) {
            board.set_active(*detector, self.state.verdicts.active(*detector).into(), since);
        }
        let now = self.state.clock.now;
        for (index, place) in self.places.iter().enumerate() {
            let (Some(place), Ok(index)) = (place, u8::try_from(index)) else { continue };
            let operation = self.state.operations.get(index);
            board.set_prior(*place, f64::from(operation.share_of_bad(now)));
            board.set_held(*place, operation.held_since.is_some());
        }
        self.publish_counts(&board);
    }

    /// Writes what changes slowly, and takes longer to compute.
    pub(crate) fn publish_slowly(&mut self) {
        let Some(board) = self.board.clone() else { return };
        for (index, place) in self.places.iter().enumerate() {
            let (Some(place), Ok(index)) = (place, u8::try_from(index)) else { continue };
            let Some(lessons) = &self.state.operations.get(index).lessons else { continue };
            board.set_timing(*place, f64::from(lessons.timing.gap()), f64::from(lessons.timing.z()));
            let Some(learned) = &lessons.learned else { continue };
            board.set_learning(*place, learned.is_learning);
            let usual =
                learned.expected.zip(learned.band).map(|(median, (lower, upper))| [lower, median, upper]);
            board.set_usual(*place, usual.map(|edges| edges.map(f64::from)));
        }
        let counts = self.state.distinct.counts();
        for (what, windows) in [What::Subjects, What::Sources, What::Nets].into_iter().zip(counts) {
            for (window, count) in [Window::FiveMinutes, Window::Hour, Window::Day].into_iter().zip(windows) {
                board.set_distinct(what, window, count);
            }
        }
        let panics = self.state.places.as_mut().map_or(0, |places| std::mem::take(&mut places.panics));
        (0..panics).for_each(|_| board.error(InternalError::CallbackPanicked));
    }

    /// Reads what may run out from a snapshot of the handle.
    pub(crate) fn forecast(&mut self, snapshot: &Snapshot, told: &mut Vec<Detection>) {
        let at = self.now();
        let outlooks =
            self.guarded(|state| state.forecast(at, snapshot, &mut |detection| told.push(detection.clone())));
        let (Some(board), Some(outlooks)) = (&self.board, outlooks) else { return };
        for outlook in outlooks {
            board.set_forecast(outlook.what, outlook.left.map(|left| f64::from(left.seconds)));
        }
    }

    fn publish_counts(&mut self, board: &Board) {
        let (counts, told) = (self.state.counts, self.told);
        self.told = counts;
        let whats = [What::Sources, What::Nets, What::Subjects];
        for (is_strong, now, before) in
            [(false, counts.evicted, told.evicted), (true, counts.refused, told.refused)]
        {
            for (index, what) in whats.into_iter().enumerate() {
                board.add_evictions(what, is_strong, now[index].saturating_sub(before[index]));
            }
        }
        (told.proxies..counts.proxies).for_each(|_| board.error(InternalError::PeerLooksLikeProxy));
        (self.told_jumps..self.state.clock.jumps).for_each(|_| board.error(InternalError::ClockJumped));
        self.told_jumps = self.state.clock.jumps;
    }

    /// Writes how late the engine is.
    pub(crate) fn set_lag(&self, seconds: f64) {
        if let Some(board) = &self.board {
            board.set_lag(seconds);
        }
    }
}
