//! `Worker`: the thread of a sink. It takes records out of the queue, counts what became of them, and does what is due in between.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::counts::{Outlet, Result as Became};
use super::queue::{Batch, Dropped};
use super::shared::Shared;
use crate::record::{Checkpoint, Own, Record};
use crate::seal::Chain;
use crate::sink::{Notice, Output, Trouble, TroubleKind};
use crate::unwinding::unwinding_stops;

/// How many records are taken out of the queue at once.
const BATCH: usize = 256;
/// How long the thread waits after a sync that failed.
const AGAIN: Duration = Duration::from_millis(20);
/// How often the file is looked at, and how long the thread sleeps at most.
const WATCH: Duration = Duration::from_millis(500);
/// How often a checkpoint is written, if there was anything since.
const CHECKPOINT: Duration = Duration::from_secs(60);
/// A batch that takes longer is told.
const SLOW: Duration = Duration::from_secs(1);

/// The thread of a sink.
pub(super) struct Worker {
    pub(super) output: Box<dyn Output>,
    pub(super) chain: Chain,
    pub(super) shared: Arc<Shared>,
    /// Which of the sinks it is.
    pub(super) index: usize,
    /// What is written before anything else.
    pub(super) pending: VecDeque<Own>,
    pub(super) line: Vec<u8>,
    /// What the sink does not have since the last line that it took.
    pub(super) missed: Dropped,
    pub(super) watched: Instant,
    /// Whether the last look at the file failed.
    pub(super) is_blind: bool,
    pub(super) checkpointed: (Instant, u64),
    /// Whether the sink has everything, as far as the end of the trail is concerned.
    pub(super) is_whole: bool,
}

/// What became of a line.
pub(super) enum Put {
    Taken,
    Refused,
    /// The trail has ended meanwhile.
    GivenUp,
}

impl Worker {
    /// The name of its sink.
    pub(super) fn name(&self) -> &'static str {
        self.outlet().name
    }

    pub(super) fn outlet(&self) -> &Outlet {
        &self.shared.outlets[self.index]
    }

    /// Runs until the trail ends.
    pub(super) fn run(mut self) {
        let ran = unwinding_stops(|| while self.turn() {}).is_some();
        let Worker { output, shared, index, is_whole, .. } = self;
        // Before anybody is told that it has ended: whoever waited may open the folder again.
        let closed = unwinding_stops(|| drop(output)).is_some();
        let outlet = &shared.outlets[index];
        outlet.set_alive(false);
        let is_whole = is_whole && ran;
        let mut rest = Dropped::default();
        outlet.queue.end(is_whole).iter().for_each(|record| rest.add(record));
        outlet.settle(Became::DroppedShutdown, rest);
        if !(ran && closed) {
            // A logger that panics is not the affair of this thread.
            unwinding_stops(|| {
                log::error!("auth-metrics-audit: the thread of the sink {} has died", outlet.name);
            });
        }
    }

    /// Writes what waits. Returns whether there is another turn.
    fn turn(&mut self) -> bool {
        let Batch { records, is_asked, position, reopen, is_last } =
            self.outlet().queue.take(BATCH, self.rest());
        let began = Instant::now();
        if reopen {
            let reopened = self.output.reopen();
            self.told(reopened);
        }
        self.look(began);
        self.put(None);
        for record in &records {
            self.record(record);
        }
        if is_last {
            self.end();
        } else if began.duration_since(self.checkpointed.0) >= CHECKPOINT {
            self.checkpoint();
        }
        let is_synced = self.sync(is_asked || is_last);
        self.is_whole &= is_synced || !is_last;
        if is_synced && self.output.due().is_none() {
            self.outlet().settle_lines();
        }
        if !records.is_empty() {
            self.time(began.elapsed());
        }
        if is_synced && is_asked {
            self.outlet().queue.finish(position);
        }
        if is_synced && !self.is_blind && self.pending.is_empty() && self.missed.is_empty() {
            self.outlet().set_failing(false);
        }
        if !is_synced && records.is_empty() && !is_last {
            self.outlet().queue.pause(AGAIN);
        }
        !is_last
    }

    /// How long nothing is due.
    fn rest(&self) -> Duration {
        let next_look = self.watched + WATCH;
        let next = self.output.due().map_or(next_look, |due| due.min(next_look));
        next.saturating_duration_since(Instant::now())
    }

    /// Makes durable what is due. Returns whether it went well.
    fn sync(&mut self, at_once: bool) -> bool {
        let output = &mut self.output;
        let synced = caught(|| output.sync(Instant::now(), at_once));
        self.notice_trouble(synced.as_ref().err());
        synced.is_ok()
    }

    fn time(&self, took: Duration) {
        if let Some(durations) = &self.outlet().durations {
            durations.observe(took);
        }
        if took > SLOW {
            self.outlet().trouble(TroubleKind::TooSlow);
        }
    }

    /// Looks at the file now and then.
    fn look(&mut self, now: Instant) {
        if now.duration_since(self.watched) >= WATCH {
            self.watched = now;
            self.watch();
        }
    }

    pub(super) fn watch(&mut self) {
        let watched = self.output.watch();
        self.is_blind = watched.is_err();
        self.told(watched);
    }

    /// What the sink wants told is written before the next line.
    fn told(&mut self, told: Result<Option<Notice>, Trouble>) {
        match told {
            Ok(Some(notice)) => {
                notice.trouble.into_iter().for_each(|kind| self.outlet().trouble(kind));
                self.pending.push_back(notice.record);
            }
            Ok(None) => {}
            Err(trouble) => self.notice_trouble(Some(&trouble)),
        }
    }

    pub(super) fn notice_trouble(&self, trouble: Option<&Trouble>) {
        let Some(trouble) = trouble else { return };
        let outlet = self.outlet();
        outlet.trouble(trouble.kind);
        outlet.set_failing(true);
        self.shared.warn(outlet.name, &trouble.error);
    }

    /// Writes a record that came out of the queue, and counts what became of it.
    fn record(&mut self, record: &Record) {
        let mut is = Dropped::default();
        is.add(record);
        let put = if self.shared.is_overdue() { Put::GivenUp } else { self.put(Some(record)) };
        let became = match put {
            Put::Taken => self.outlet().taken(),
            Put::Refused => Became::DroppedFailed,
            Put::GivenUp => {
                self.is_whole = false;
                Became::DroppedShutdown
            }
        };
        if !matches!(put, Put::Taken) {
            self.missed.lose(record);
        }
        self.outlet().settle(became, is);
    }

    /// Writes where everything stands, if there was anything since the last time.
    fn checkpoint(&mut self) {
        let sequence = self.chain.tail().sequence;
        if sequence != self.checkpointed.1 {
            self.pending.push_back(Own::Checkpoint(Box::new(self.standing())));
            self.put(None);
        }
        self.checkpointed = (Instant::now(), self.chain.tail().sequence);
    }

    /// Writes the last line of the process. Without what has to stand before it, there is none: it says that nothing is missing.
    fn end(&mut self) {
        if matches!(self.put(None), Put::Taken) {
            self.pending.push_back(Own::Shutdown(Box::new(self.standing())));
            self.put(None);
        }
    }

    fn standing(&self) -> Checkpoint {
        let outlet = self.outlet();
        // In this order, none is ahead of what it comes from.
        let [written, handed_over, dropped @ ..] = outlet.attempts();
        let captured = self.shared.counts.captured();
        let by_handle = self.shared.started_and_ended();
        let others = self.shared.outlets.iter().enumerate().filter(|(index, _)| *index != self.index);
        Checkpoint {
            by_handle,
            captured,
            written: written + handed_over,
            dropped: dropped.iter().sum(),
            heads: others.filter_map(|(_, outlet)| outlet.head()).collect(),
        }
    }
}

/// Calls what may be a user's. A panic is an error, and the thread goes on.
pub(super) fn caught<T>(call: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    unwinding_stops(call).unwrap_or_else(|| {
        let error = io::Error::other("the sink panicked");
        Err(Trouble { kind: TroubleKind::Io, retry: false, error })
    })
}
