//! One scrape: a grid of services and operations as text, by every encoder.

mod grid;
mod ours;
mod peers;

use std::hint::black_box;
use std::time::Instant;

use crate::progress::Progress;
use crate::stats::Samples;
use crate::{Effort, alloc};

pub const GRID: &str = "floor: pre-rendered prefixes + itoa";
pub const OURS: &str = "auth-metrics";
pub const SAME_LINES: &str = "floor of auth-metrics' own lines";
pub const REGISTRY: &str = "auth-metrics in a `prometheus` registry";
pub const COLLECTORS: &str = "`prometheus` collectors, auth-metrics' own series";

/// Somebody who writes a scrape: into a new buffer each time, as an answer to Prometheus is one.
pub struct Encoder {
    name: &'static str,
    encode: Box<dyn FnMut() -> Vec<u8>>,
}

impl Encoder {
    fn new(name: &'static str, encode: impl FnMut() -> Vec<u8> + 'static) -> Encoder {
        Encoder { name, encode: Box::new(encode) }
    }

    fn text(&mut self) -> String {
        String::from_utf8((self.encode)()).expect("a scrape is text")
    }
}

/// The figures of one encoder.
pub struct Row {
    pub name: &'static str,
    /// Milliseconds per scrape, round by round.
    pub millis: Samples,
    pub allocations: u64,
    pub bytes: usize,
    /// Lines that are samples.
    pub samples: usize,
}

const SCRAPES: u32 = 3;

pub fn measure(effort: Effort) -> Result<Vec<Row>, String> {
    let mut encoders = vec![ours::text()];
    let own = encoders[0].text();
    encoders.extend([
        grid::floor(),
        grid::same_lines(SAME_LINES, &own),
        ours::registry(),
        ours::collectors(&own)?,
    ]);
    encoders.extend(peers::all());

    let mut millis = vec![Samples::default(); encoders.len()];
    let mut progress = Progress::new("scrape", effort.rounds);
    for round in 0..effort.rounds {
        for at in 0..encoders.len() {
            // What one leaves to the allocator is what the next begins with.
            let at = if round % 2 == 0 { at } else { encoders.len() - 1 - at };
            let (encoder, millis) = (&mut encoders[at], &mut millis[at]);
            drop(black_box((encoder.encode)()));
            let begin = Instant::now();
            (0..SCRAPES).for_each(|_| drop(black_box((encoder.encode)())));
            millis.0.push(begin.elapsed().as_secs_f64() * 1e3 / f64::from(SCRAPES));
        }
        progress.step();
    }
    let rows = encoders.iter_mut().zip(millis).map(|(encoder, millis)| {
        let (_, allocated) = alloc::during(|| black_box((encoder.encode)()));
        let out = encoder.text();
        let samples = out.lines().filter(|line| !line.starts_with('#')).count();
        Row { name: encoder.name, millis, allocations: allocated.calls, bytes: out.len(), samples }
    });
    let rows: Vec<Row> = rows.collect();
    check(&rows)?;
    Ok(rows)
}

/// Everybody wrote what was asked for.
fn check(rows: &[Row]) -> Result<(), String> {
    let row =
        |name| rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} is not there"));
    let ours = row(OURS).samples;
    for name in [SAME_LINES, REGISTRY, COLLECTORS] {
        let samples = row(name).samples;
        if samples != ours {
            return Err(format!("{name}: {samples} samples, auth-metrics has {ours}"));
        }
    }
    for row in rows.iter().filter(|row| ![OURS, SAME_LINES, REGISTRY, COLLECTORS].contains(&row.name)) {
        // 6,000 counters and 300 histograms of 13 buckets, a sum and a count; some have an `info` of their own.
        if !(10_500..10_510).contains(&row.samples) {
            return Err(format!("{}: {} samples instead of 10,500", row.name, row.samples));
        }
    }
    Ok(())
}
