//! The answers of an exchange. Nothing in them is trusted: what can't be right is refused.

use ::redis::Value;

use super::names::Names;
use super::news;
use super::request::{ENTRIES_READ, Place, READS, ROWS};
use crate::engine::Incoming;

/// No sum of honest replicas is larger: each has at most 100, and there are not that many.
const LARGEST: f64 = 100_000.0;
/// An id of the stream is two numbers of 64 bits.
const LONGEST_ID: usize = 41;

/// What was read of the answers.
#[derive(Default)]
pub(super) struct Read {
    pub(super) incoming: Incoming,
    /// Whether a command was refused, or an answer can't be right.
    pub(super) is_refused: bool,
    /// How many of the commands that tell something were refused.
    pub(super) refused_writes: u64,
}

/// Reads the answers to a request, and moves the place on.
pub(super) fn read(answers: &[Value], names: &Names, replica: u64, place: &mut Place, wall: f64) -> Read {
    let mut read = Read::default();
    let Some((writes, [tables @ .., stream])) = answers.split_last_chunk::<READS>() else {
        read.is_refused = true;
        return read;
    };
    let is_error = |answer: &&Value| matches!(answer, Value::ServerError(_));
    read.refused_writes = writes.iter().filter(is_error).count() as u64;
    read.is_refused = read.refused_writes > 0;
    let factor = names.factor(names.periods(wall)[0], wall);
    for (table, answer) in tables.iter().enumerate() {
        let rows = rows(answer, factor);
        read.is_refused |= rows.is_none();
        let rows = rows.unwrap_or_default();
        let is_full = rows.len() == ROWS;
        place.skipped[table] = if is_full { place.skipped[table] + ROWS } else { 0 };
        read.incoming.sums[table] = rows;
    }
    read.is_refused |= read_stream(stream, replica, place, wall, &mut read.incoming).is_none();
    read
}

/// Hashes and the evidence about them; none if any of it can't be right.
fn rows(answer: &Value, factor: f64) -> Option<Vec<(u64, f32)>> {
    let Value::Array(cells) = answer else { return None };
    if cells.len() > 2 * ROWS || !cells.len().is_multiple_of(2) {
        return None;
    }
    cells.chunks_exact(2).map(|row| Some((hash(&row[0])?, sum(&row[1], factor)?))).collect()
}

fn hash(value: &Value) -> Option<u64> {
    Some(u64::from_be_bytes(bytes(value)?.try_into().ok()?))
}

fn sum(value: &Value, factor: f64) -> Option<f32> {
    let score: f64 = std::str::from_utf8(bytes(value)?).ok()?.parse().ok()?;
    let sum = score / factor;
    #[expect(clippy::cast_possible_truncation, reason = "in bounds")]
    let sum = (sum.abs() <= LARGEST).then_some(sum as f32);
    sum
}

fn bytes(value: &Value) -> Option<&[u8]> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        _ => None,
    }
}

/// Reads entries of the stream: `[[key, [[id, [field, value]]]]]`, or nothing. None if any of it can't be right; entries before that
/// count.
fn read_stream(
    answer: &Value,
    replica: u64,
    place: &mut Place,
    wall: f64,
    incoming: &mut Incoming,
) -> Option<()> {
    let streams = match answer {
        Value::Nil => return Some(()),
        Value::Array(streams) => streams,
        _ => return None,
    };
    let [Value::Array(stream)] = &streams[..] else { return None };
    let [_, Value::Array(entries)] = &stream[..] else { return None };
    if entries.len() > ENTRIES_READ {
        return None;
    }
    for entry in entries {
        let Value::Array(entry) = entry else { return None };
        let [id, content] = &entry[..] else { return None };
        let (id, at) = id_of(id)?;
        // One that can't be read is skipped the next time.
        place.entry = id;
        let Value::Array(fields) = content else { return None };
        let [_, value] = &fields[..] else { return None };
        let news = news::read(bytes(value)?)?;
        if news.replica == replica {
            continue;
        }
        incoming.pairs.extend(news.pairs);
        incoming
            .verdicts
            .extend(news.verdicts.into_iter().map(|(detector, hash)| (detector, hash, wall - at)));
    }
    Some(())
}

/// An id, and the time in it, in seconds since 1970.
fn id_of(value: &Value) -> Option<(String, f64)> {
    let id = std::str::from_utf8(bytes(value)?).ok().filter(|id| id.len() <= LONGEST_ID)?;
    let (millis, sequence) = id.split_once('-')?;
    let (millis, _) = (millis.parse::<u64>().ok()?, sequence.parse::<u64>().ok()?);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
    let at = millis as f64 / 1e3;
    Some((id.to_owned(), at))
}
