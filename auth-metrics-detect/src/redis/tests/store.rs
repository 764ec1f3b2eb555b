//! A server of one's own: sorted sets and one stream, and the ways in which it goes wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ::redis::{Pipeline, Value};

use crate::redis::link::{Connect, Link, Trouble};

/// When the tests are, in seconds since 1970.
pub(super) const WALL: f64 = 1_800_000_000.0;

type Lie = Box<dyn Fn(&mut Vec<Value>) + Send>;

/// What it stores, how it is at present, and what it was told.
#[derive(Default)]
pub(super) struct Server {
    sets: BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, f64>>,
    pub(super) stream: Vec<(String, Vec<u8>)>,
    /// The time of its clock, in seconds.
    pub(super) clock: f64,
    /// What happens to whoever asks.
    pub(super) trouble: Option<Trouble>,
    pub(super) is_away: bool,
    pub(super) lie: Option<Lie>,
    pub(super) connections: usize,
    pub(super) commands: Vec<String>,
    pub(super) bytes: usize,
}

/// Connects to it.
#[derive(Clone)]
pub(super) struct Fake(pub(super) Arc<Mutex<Server>>);

impl Default for Fake {
    fn default() -> Fake {
        Fake(Arc::new(Mutex::new(Server { clock: WALL, ..Server::default() })))
    }
}

impl Fake {
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }
}

impl Connect for Fake {
    fn connect(&mut self) -> Result<Box<dyn Link>, Trouble> {
        self.with(|server| {
            if server.is_away {
                return Err(Trouble::Closed);
            }
            server.connections += 1;
            Ok(())
        })?;
        Ok(Box::new(self.clone()))
    }
}

impl Link for Fake {
    fn ask(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Trouble> {
        self.with(|server| {
            if server.is_away {
                return Err(Trouble::Closed);
            }
            server.bytes = commands.get_packed_pipeline().len();
            server.commands.clear();
            let mut answers = Vec::new();
            for command in commands.cmd_iter() {
                let words: Vec<Vec<u8>> = command
                    .args_iter()
                    .map(|word| match word {
                        ::redis::Arg::Simple(word) => word.to_vec(),
                        _ => Vec::new(),
                    })
                    .collect();
                answers.push(server.answer(&words));
            }
            if let Some(lie) = &server.lie {
                lie(&mut answers);
            }
            server.trouble.map_or(Ok(answers), Err)
        })
    }
}

fn text(word: &[u8]) -> &str {
    std::str::from_utf8(word).unwrap()
}

pub(super) fn bulk(text: impl Into<Vec<u8>>) -> Value {
    Value::BulkString(text.into())
}

pub(super) fn refusal() -> Value {
    ::redis::parse_redis_value(b"-WRONGTYPE no set\r\n").unwrap()
}

impl Server {
    fn answer(&mut self, words: &[Vec<u8>]) -> Value {
        self.commands.push(text(&words[0]).to_owned());
        match (text(&words[0]), &words[1..]) {
            ("ZINCRBY", [key, by, member]) => {
                let score = self.sets.entry(key.clone()).or_default().entry(member.clone()).or_default();
                *score += text(by).parse::<f64>().unwrap();
                bulk(score.to_string())
            }
            ("ZREM", [key, members @ ..]) => {
                let set = self.sets.entry(key.clone()).or_default();
                set.retain(|member, _| !members.contains(member));
                Value::Int(1)
            }
            ("ZREVRANGEBYSCORE", [key, _, least, _, _, skipped, most]) => {
                let least: f64 = text(least).parse().unwrap();
                let set = self.sets.entry(key.clone()).or_default();
                let mut rows: Vec<_> = set.iter().filter(|(_, score)| **score >= least).collect();
                rows.sort_by(|one, other| other.1.total_cmp(one.1));
                let rows =
                    rows.into_iter().skip(text(skipped).parse().unwrap()).take(text(most).parse().unwrap());
                Value::Array(
                    rows.flat_map(|(member, score)| [bulk(member.clone()), bulk(score.to_string())])
                        .collect(),
                )
            }
            ("XADD", [_, .., value]) => {
                let id = format!("{:.0}-{}", self.clock * 1e3, self.stream.len());
                self.stream.push((id.clone(), value.clone()));
                bulk(id)
            }
            ("XREAD", [_, count, _, key, last]) => {
                let after = self
                    .stream
                    .iter()
                    .position(|(id, _)| id.as_bytes() == last.as_slice())
                    .map_or(0, |place| place + 1);
                let entry = |(id, value): &(String, Vec<u8>)| {
                    Value::Array(vec![bulk(id.clone()), Value::Array(vec![bulk("n"), bulk(value.clone())])])
                };
                let entries: Vec<_> =
                    self.stream[after..].iter().take(text(count).parse().unwrap()).map(entry).collect();
                if entries.is_empty() {
                    return Value::Nil;
                }
                Value::Array(vec![Value::Array(vec![bulk(key.clone()), Value::Array(entries)])])
            }
            ("EXPIRE" | "ZREMRANGEBYRANK", _) => Value::Int(1),
            (other, _) => panic!("a command that the server doesn't know: {other}"),
        }
    }

    /// Loses everything.
    pub(super) fn flush(&mut self) {
        self.sets.clear();
        self.stream.clear();
    }
}
