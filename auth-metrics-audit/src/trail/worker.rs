//! `Worker`: the thread of a sink. It gives each record its place in the chain and writes it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::audit::Shared;
use super::counts::{Outlet, Result as Became};
use super::queue::{Batch, Dropped};
use crate::format::Frame;
use crate::record::{Body, Checkpoint, GapCause, Head, Own, Record};
use crate::seal::{Chain, Tail, hex};
use crate::sink::{Notice, Output, Trouble, TroubleKind};

/// How many records are taken out of the queue at once.
const BATCH: usize = 256;
/// How often the sink is asked for a sync.
const TICK: Duration = Duration::from_millis(20);
/// How often the file is looked at.
const WATCH: Duration = Duration::from_millis(500);
/// How often a checkpoint is written, if there was anything since.
const CHECKPOINT: Duration = Duration::from_secs(60);
/// A batch that takes longer is told.
const SLOW: Duration = Duration::from_secs(1);
/// How long a failed line waits for its next try, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(500)];

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
    /// What the sink dropped since the last line that it took.
    pub(super) missed: Dropped,
    pub(super) watched: Instant,
    pub(super) checkpointed: (Instant, u64),
}

/// What became of a line.
enum Put {
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

    fn outlet(&self) -> &Outlet {
        &self.shared.outlets[self.index]
    }

    /// Runs until the trail ends.
    pub(super) fn run(mut self) {
        self.outlet().set_alive(true);
        let shared = Arc::clone(&self.shared);
        let index = self.index;
        let ran = catch_unwind(AssertUnwindSafe(|| while self.turn() {}));
        let outlet = &shared.outlets[index];
        outlet.set_alive(false);
        if let Err(panic) = ran {
            // What it unwinds with is forgotten: dropping it may unwind again.
            std::mem::forget(panic);
            log::error!("auth-metrics-audit: the thread of the sink {} has died", outlet.name);
        }
        let mut rest = Dropped::default();
        outlet.queue.end().iter().for_each(|record| rest.add(record));
        outlet.queue.settle(rest.attempts);
        outlet.count(Became::DroppedShutdown, rest.attempts, rest.steps);
    }

    /// Writes what waits. Returns whether there is another turn.
    fn turn(&mut self) -> bool {
        let Batch { records, is_asked, position, reopen, is_last } = self.outlet().queue.take(BATCH, TICK);
        let began = Instant::now();
        if reopen {
            let reopened = self.output.reopen();
            self.told(reopened);
        }
        self.look(began);
        self.put_pending();
        for record in &records {
            self.record(record);
        }
        if is_last {
            self.end();
        } else if began.duration_since(self.checkpointed.0) >= CHECKPOINT {
            self.checkpoint();
        }
        let synced = self.output.sync(Instant::now(), is_asked || is_last);
        self.notice_trouble(synced.err().as_ref());
        if !records.is_empty() {
            self.time(began.elapsed());
        }
        if is_asked {
            self.outlet().queue.finish(position);
        }
        !is_last
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
            let watched = self.output.watch();
            self.told(watched);
        }
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

    fn notice_trouble(&self, trouble: Option<&Trouble>) {
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
        if !self.missed.is_empty() {
            let gap = std::mem::take(&mut self.missed).gap(GapCause::Failed);
            if !matches!(self.put(&gap), Put::Taken) {
                self.missed = match &gap.body {
                    Body::Own(Own::Gap { attempts, steps, .. }) => {
                        Dropped { attempts: *attempts, steps: *steps }
                    }
                    _ => self.missed,
                };
            }
        }
        let became = match self.put(record) {
            Put::Taken => self.outlet().taken(),
            Put::Refused => {
                self.missed.add(record);
                Became::DroppedFailed
            }
            Put::GivenUp => Became::DroppedShutdown,
        };
        self.outlet().queue.settle(is.attempts);
        self.outlet().count(became, is.attempts, is.steps);
    }

    /// Writes what the trail says of itself and could not say yet.
    fn put_pending(&mut self) {
        while let Some(own) = self.pending.pop_front() {
            let record = Record { at: SystemTime::now(), body: Body::Own(own) };
            if let (Put::GivenUp, Body::Own(own)) = (self.put(&record), record.body) {
                self.pending.push_front(own);
                return;
            }
        }
    }

    /// Writes a line, and tries again as long as the sink may take it later.
    fn put(&mut self, record: &Record) -> Put {
        let mut pause = PAUSES[0];
        loop {
            match self.try_put(record) {
                Ok(()) => return Put::Taken,
                Err(trouble) => {
                    self.notice_trouble(Some(&trouble));
                    if !trouble.retry {
                        return Put::Refused;
                    }
                }
            }
            if self.outlet().queue.is_closed() && self.shared.is_overdue() {
                return Put::GivenUp;
            }
            self.outlet().queue.pause(pause);
            pause = (pause * 2).min(PAUSES[1]);
            // The file may be gone: then another one is opened.
            let watched = self.output.watch();
            self.told(watched);
        }
    }

    fn try_put(&mut self, record: &Record) -> Result<(), Trouble> {
        let tail = self.spell(record);
        if let Some(notice) = self.output.prepare(self.line.len())? {
            notice.trouble.into_iter().for_each(|kind| self.outlet().trouble(kind));
            self.pending.push_back(notice.record);
        }
        if self.pending.is_empty() {
            return self.write(record, tail);
        }
        // What must stand before this line takes its number.
        while let Some(own) = self.pending.pop_front() {
            let before = Record { at: SystemTime::now(), body: Body::Own(own) };
            let tail = self.spell(&before);
            if let Err(trouble) = self.write(&before, tail) {
                if let Body::Own(own) = before.body {
                    self.pending.push_front(own);
                }
                return Err(trouble);
            }
        }
        let tail = self.spell(record);
        self.write(record, tail)
    }

    /// Spells the next line.
    fn spell(&mut self, record: &Record) -> Tail {
        let last = self.chain.tail();
        let prev = hex::text(&last.hash);
        let frame = Frame {
            origin: &self.shared.origin,
            sink: self.index,
            chain: self.chain.id(),
            sequence: last.sequence + 1,
            prev: &prev,
        };
        let format = self.output.format();
        self.line.clear();
        format.append(record, &frame, &mut self.line);
        self.chain.close(format, &mut self.line)
    }

    fn write(&mut self, record: &Record, tail: Tail) -> Result<(), Trouble> {
        let (output, line) = (&mut self.output, &self.line);
        let written = catch_unwind(AssertUnwindSafe(|| output.write(line, record)));
        written.unwrap_or_else(|panic| {
            std::mem::forget(panic);
            let error = std::io::Error::other("the sink panicked");
            Err(Trouble { kind: TroubleKind::Io, retry: false, error })
        })?;
        self.chain.advance(tail);
        if let Body::Event(event) = &record.body
            && let Some(sequences) = &event.sequences
        {
            sequences.set(self.index, tail.sequence);
        }
        self.outlet().succeed(self.head());
        Ok(())
    }

    fn head(&self) -> Head {
        let tail = self.chain.tail();
        let (chain, hash) = (self.chain.id().to_owned(), hex::text(&tail.hash));
        Head { sink: self.outlet().name, chain, sequence: tail.sequence, hash }
    }

    /// Writes where everything stands, if there was anything since the last time.
    fn checkpoint(&mut self) {
        let sequence = self.chain.tail().sequence;
        if sequence != self.checkpointed.1 {
            self.pending.push_back(Own::Checkpoint(Box::new(self.standing())));
            self.put_pending();
        }
        self.checkpointed = (Instant::now(), self.chain.tail().sequence);
    }

    /// Writes the last line of the process.
    fn end(&mut self) {
        if !self.missed.is_empty() {
            let gap = std::mem::take(&mut self.missed).gap(GapCause::Failed);
            self.put(&gap);
        }
        self.pending.push_back(Own::Shutdown(Box::new(self.standing())));
        self.put_pending();
    }

    fn standing(&self) -> Checkpoint {
        let (started, ended) = self.shared.started_and_ended();
        let outlet = self.outlet();
        let [written, handed_over, dropped @ ..] = outlet.attempts();
        let others = self.shared.outlets.iter().enumerate().filter(|(index, _)| *index != self.index);
        Checkpoint {
            started,
            ended,
            captured: self.shared.counts.captured(),
            written: written + handed_over,
            dropped: dropped.iter().sum(),
            heads: others.filter_map(|(_, outlet)| outlet.head()).collect(),
        }
    }
}
