//! How the thread of a sink writes a line: after all that has to stand before it, with its place in the chain, and again if the sink may
//! take it later.

use std::time::{Duration, SystemTime};

use super::worker::{Put, Worker, caught};
use crate::format::Frame;
use crate::record::{Body, GapCause, Record};
use crate::seal::{Tail, hex};
use crate::sink::Trouble;

/// How long a failed line waits for its next try, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(500)];

impl Worker {
    /// Writes what has to stand before the next line, and then a record, if one is given. Tries again as long as the sink may take it
    /// later.
    pub(super) fn put(&mut self, record: Option<&Record>) -> Put {
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
            if self.shared.is_overdue() {
                return Put::GivenUp;
            }
            self.outlet().queue.pause(pause);
            pause = (pause * 2).min(PAUSES[1]);
            // The file may be gone: then another one is opened.
            self.watch();
        }
    }

    fn try_put(&mut self, record: Option<&Record>) -> Result<(), Trouble> {
        let mut is_prepared = false;
        loop {
            let owed = self.owed();
            let Some(next) = owed.as_ref().or(record) else { return Ok(()) };
            let tail = self.spell(next);
            if !is_prepared && let Some(notice) = self.output.prepare(self.line.len())? {
                // It takes the number that this line was spelled with.
                notice.trouble.into_iter().for_each(|kind| self.outlet().trouble(kind));
                self.pending.push_front(notice.record);
                is_prepared = true;
                continue;
            }
            self.write(next, tail)?;
            match owed {
                None => return Ok(()),
                Some(_) => self.paid(),
            }
        }
    }

    /// What has to stand before the next line: what the trail says of itself, and what is missing.
    fn owed(&self) -> Option<Record> {
        let own = self.pending.front().cloned();
        let own = own.or_else(|| (!self.missed.is_empty()).then(|| self.missed.gap(GapCause::Failed)))?;
        Some(Record { at: SystemTime::now(), body: Body::Own(own) })
    }

    fn paid(&mut self) {
        if self.pending.pop_front().is_none() {
            self.missed = super::queue::Dropped::default();
        }
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
        caught(|| output.write(line, record))?;
        self.chain.advance(tail);
        if let Body::Event(event) = &record.body
            && let Some(sequences) = &event.sequences
        {
            sequences.set(self.index, tail.sequence);
        }
        self.outlet().succeed(tail);
        Ok(())
    }
}
