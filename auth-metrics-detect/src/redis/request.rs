//! The one pipeline of an exchange.

use ::redis::{Pipeline, pipe};

use super::names::{Names, TABLES};
use super::news;
use crate::engine::Outgoing;
use crate::sketch::LEAST_SUM;

/// Members of a sorted set: those with the least evidence are dropped first.
const MEMBERS: i64 = 32_768;
/// Entries of the stream, about; and how long it is kept without a new one, in seconds.
const ENTRIES: u32 = 1024;
const NEWS_SECONDS: u64 = 15 * 86_400;
/// What is read at most.
pub(super) const ROWS: usize = 256;
pub(super) const ENTRIES_READ: usize = 8;
/// Answers that are read: those of three tables, and of the stream.
pub(super) const READS: usize = TABLES.len() + 1;

/// Where reading goes on.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The last entry of the stream that was read.
    pub(super) entry: String,
    /// For each table, how many rows are skipped: tables with more than are read at once are read in turns.
    pub(super) skipped: [usize; TABLES.len()],
}

impl Default for Place {
    fn default() -> Place {
        Place { entry: "0-0".to_owned(), skipped: [0; TABLES.len()] }
    }
}

/// Puts it together: first what is told, then what is asked, so that the answer has both.
pub(super) fn write(names: &Names, replica: u64, outgoing: &Outgoing, place: &Place, wall: f64) -> Pipeline {
    let mut pipeline = pipe();
    add_changes(&mut pipeline, names, outgoing, wall);
    if let Some(news) = news::write(replica, outgoing) {
        let key = names.news();
        pipeline.cmd("XADD").arg(&key).arg("MAXLEN").arg("~").arg(ENTRIES).arg("*").arg("n").arg(news);
        pipeline.cmd("EXPIRE").arg(&key).arg(NEWS_SECONDS);
    }
    let [period, _] = names.periods(wall);
    let least = f64::from(LEAST_SUM) * names.factor(period, wall);
    for (table, skipped) in place.skipped.iter().enumerate() {
        let read = pipeline.cmd("ZREVRANGEBYSCORE").arg(names.evidence(table, period)).arg("+inf").arg(least);
        read.arg("WITHSCORES").arg("LIMIT").arg(*skipped).arg(ROWS);
    }
    pipeline.cmd("XREAD").arg("COUNT").arg(ENTRIES_READ).arg("STREAMS").arg(names.news()).arg(&place.entry);
    pipeline
}

fn add_changes(pipeline: &mut Pipeline, names: &Names, outgoing: &Outgoing, wall: f64) {
    let periods = names.periods(wall);
    let mut is_changed = [false; TABLES.len()];
    for change in &outgoing.changes {
        let table = change.table as usize;
        is_changed[table] = true;
        for period in periods {
            let score = f64::from(change.by) * names.factor(period, wall);
            let key = names.evidence(table, period);
            pipeline.cmd("ZINCRBY").arg(key).arg(score).arg(&change.hash.to_be_bytes()[..]);
        }
    }
    let subjects = TABLES.len() - 1;
    for period in periods.into_iter().filter(|_| !outgoing.forgotten.is_empty()) {
        let removal = pipeline.cmd("ZREM").arg(names.evidence(subjects, period));
        for hash in &outgoing.forgotten {
            removal.arg(&hash.to_be_bytes()[..]);
        }
    }
    for table in (0..TABLES.len()).filter(|table| is_changed[*table]) {
        for period in periods {
            let key = names.evidence(table, period);
            pipeline.cmd("ZREMRANGEBYRANK").arg(&key).arg(0).arg(-MEMBERS - 1);
            pipeline.cmd("EXPIRE").arg(&key).arg(names.lifetime());
        }
    }
}
