//! A long tail of sources as internet-facing services see it: most of them make a few guesses and never come back.

use crate::address::{SourceId, SubjectId};
use crate::event::{Ending, LOGIN};
use crate::hostile::Hostile;
use crate::time::{DAY, MINUTE, Span};

/// Sources in 57 days.
const SOURCES: usize = 1_240;
/// Names that everybody tries, the most popular first.
const NAMES: [&str; 24] = [
    "root",
    "admin",
    "user",
    "test",
    "ubuntu",
    "oracle",
    "postgres",
    "guest",
    "pi",
    "support",
    "ftpuser",
    "git",
    "hadoop",
    "mysql",
    "nagios",
    "deploy",
    "dev",
    "www",
    "jenkins",
    "tomcat",
    "es",
    "minecraft",
    "backup",
    "vagrant",
];
/// Of these, those that exist here: a guess at them is a wrong password.
const EXISTING: usize = 2;

/// How the sources of a botnet share a period of activity.
struct Wave {
    from: f64,
    days: f64,
}

/// Plays the whole tail.
pub fn run(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("long tail");
    let names: Vec<SubjectId> = NAMES.iter().map(|name| hostile.scene.names.subject(name)).collect();
    let waves: Vec<Wave> = (0..14)
        .map(|_| Wave {
            from: hostile.random().between(span.from, span.to - 2.0 * DAY),
            days: hostile.random().between(0.5, 12.0),
        })
        .collect();
    for _ in 0..SOURCES {
        let source = hostile.address();
        let count = guesses(hostile);
        let mut t = start(hostile, &waves, span);
        let gap = gap(hostile, count);
        for _ in 0..count {
            if t >= span.to {
                break;
            }
            one(hostile, t, source, &names);
            t += hostile.random().exponential(gap);
        }
    }
}

/// 39 % make one guess, 57 % at most four, and a few make hundreds.
fn guesses(hostile: &mut Hostile<'_>) -> u64 {
    let random = hostile.random();
    match random.unit() {
        unit if unit < 0.39 => 1,
        unit if unit < 0.57 => random.whole(2, 4),
        unit if unit < 0.90 => random.whole(5, 20),
        unit if unit < 0.985 => random.whole(20, 60),
        _ => random.whole(60, 300),
    }
}

fn start(hostile: &mut Hostile<'_>, waves: &[Wave], span: Span) -> f64 {
    let random = hostile.random();
    if random.chance(0.4) {
        return random.between(span.from, span.to);
    }
    let wave = &waves[random.below(waves.len())];
    (wave.from + random.between(0.0, wave.days * DAY)).min(span.to - random.between(0.0, DAY))
}

/// A tenth hurries: it is what thresholds find. The rest takes minutes to hours from guess to guess.
fn gap(hostile: &mut Hostile<'_>, count: u64) -> f64 {
    let random = hostile.random();
    if count >= 100 || random.chance(0.07) {
        return random.between(2.0, 20.0);
    }
    // From 8 min to 16 h, evenly in the logarithm.
    8.0 * MINUTE * 120_f64.powf(random.unit())
}

fn one(hostile: &mut Hostile<'_>, t: f64, source: SourceId, names: &[SubjectId]) {
    let random = hostile.random();
    let unit = random.unit();
    // About half go for the first two, as everywhere.
    let at = ((names.len() as f64) * unit.powf(3.2)) as usize;
    let pair = (source, names[at.min(names.len() - 1)]);
    let ending = if at < EXISTING { Ending::WRONG } else { Ending::UNKNOWN };
    hostile.attempt(t, pair, LOGIN, ending);
}
