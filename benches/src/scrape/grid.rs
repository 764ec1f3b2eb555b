//! What is in the scrape, and how fast it could be written at all.

use std::fmt::Write;
use std::hint::black_box;

use super::{Encoder, GRID};
use crate::contenders::BOUNDS;

pub const SERVICES: usize = 30;
pub const OPERATIONS: usize = 10;
pub const OUTCOMES: usize = 20;

/// 300 pairs of a service and an operation.
pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    services().iter().flat_map(|service| operations().iter().map(move |op| (service.as_str(), op.as_str())))
}

macro_rules! names {
    ($($name:ident: $count:ident, $format:literal;)*) => {$(
        pub fn $name() -> &'static [String] {
            static NAMES: std::sync::LazyLock<Vec<String>> =
                std::sync::LazyLock::new(|| (0..$count).map(|index| format!($format, index)).collect());
            &NAMES
        }
    )*};
}

names! {
    services: SERVICES, "service-{:02}";
    operations: OPERATIONS, "operation_{}";
    outcomes: OUTCOMES, "some_failure_reason_{:02}";
}

/// What a counter has counted: three or four digits, as in ours.
pub fn count(pair: usize, outcome: usize) -> u64 {
    100 + ((pair * 37 + outcome * 113) % 1900) as u64
}

/// What a histogram has observed: a few in each bucket.
pub fn observations(pair: usize) -> impl Iterator<Item = f64> {
    let bounds = BOUNDS.iter().chain([&5.0]).enumerate();
    bounds.flat_map(move |(at, bound)| std::iter::repeat_n(bound * 0.9, 30 + (pair + at * 7) % 90))
}

/// The grid, every line rendered up to its number before the time begins.
pub fn floor() -> Encoder {
    let mut text = String::from("# HELP auth_total Calls by outcome.\n# TYPE auth_total counter\n");
    for (pair, (service, operation)) in pairs().enumerate() {
        for (index, outcome) in outcomes().iter().enumerate() {
            let labels = format!("service=\"{service}\",operation=\"{operation}\",outcome=\"{outcome}\"");
            writeln!(text, "auth_total{{{labels}}} {}", count(pair, index)).unwrap();
        }
    }
    text += "# HELP auth_seconds Latency.\n# TYPE auth_seconds histogram\n";
    for (pair, (service, operation)) in pairs().enumerate() {
        let labels = format!("service=\"{service}\",operation=\"{operation}\"");
        for (bound, at) in BOUNDS.map(|bound| bound.to_string()).iter().chain([&"+Inf".to_owned()]).zip(1..) {
            writeln!(text, "auth_seconds_bucket{{{labels},le=\"{bound}\"}} {}", count(pair, 0) * at).unwrap();
        }
        writeln!(text, "auth_seconds_sum{{{labels}}} {}", count(pair, 0)).unwrap();
        writeln!(text, "auth_seconds_count{{{labels}}} {}", count(pair, 0) * 13).unwrap();
    }
    same_lines(GRID, &text)
}

/// A line up to its number, and the number if it is a whole one.
type Line = (Box<str>, Option<u64>);

/// Writes a text again, its lines rendered up to their numbers before the time begins.
pub fn same_lines(name: &'static str, text: &str) -> Encoder {
    let split = |line: &str| -> Line {
        let number = line.rsplit_once(' ').filter(|_| !line.starts_with('#'));
        match number.and_then(|(_, number)| number.parse().ok().map(|whole| (number.len(), whole))) {
            Some((length, whole)) => (line[..line.len() - length].into(), Some(whole)),
            None => (line.into(), None),
        }
    };
    let lines: Vec<Line> = text.lines().map(split).collect();
    let capacity = text.len();
    Encoder::new(name, move || {
        let mut out = Vec::with_capacity(capacity);
        let mut digits = itoa::Buffer::new();
        for (prefix, number) in &lines {
            out.extend_from_slice(prefix.as_bytes());
            if let Some(number) = number {
                out.extend_from_slice(digits.format(black_box(*number)).as_bytes());
            }
            out.push(b'\n');
        }
        out
    })
}
