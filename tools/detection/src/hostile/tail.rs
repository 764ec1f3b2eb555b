//! A long tail of sources as internet-facing services see it: most make a few guesses and never come back, many try one name only.

use auth_metrics_random::Random;

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

/// A botnet: when its sources are busy, and how long they wait from guess to guess.
struct Wave {
    from: f64,
    days: f64,
    gap: f64,
}

/// How a source works.
struct Habit {
    guesses: u64,
    names: Vec<usize>,
    gap: f64,
    /// Waits about the same time from guess to guess.
    even: bool,
}

/// Plays the whole tail.
pub fn run(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("long tail");
    let names: Vec<SubjectId> = NAMES.iter().map(|name| hostile.scene.names.subject(name)).collect();
    let waves: Vec<Wave> = (0..14)
        .map(|_| Wave {
            from: hostile.random().between(span.from, span.to - 2.0 * DAY),
            days: hostile.random().between(0.5, 12.0),
            gap: slow_gap(hostile),
        })
        .collect();
    for _ in 0..SOURCES {
        let source = hostile.address();
        let wave = hostile.random().chance(0.6).then(|| &waves[hostile.scene.random.below(waves.len())]);
        let habit = habit(hostile, wave);
        let latest = span.to - hostile.random().between(0.0, DAY);
        let mut t = match wave {
            Some(wave) => wave.from + hostile.random().between(0.0, wave.days * DAY),
            None => hostile.random().between(span.from, span.to),
        };
        t = t.min(latest);
        for _ in 0..habit.guesses {
            if t < span.to {
                one(hostile, t, source, &habit, &names);
            }
            t += if habit.even {
                habit.gap * hostile.random().between(0.95, 1.05)
            } else {
                hostile.random().exponential(habit.gap)
            };
        }
    }
}

fn habit(hostile: &mut Hostile<'_>, wave: Option<&Wave>) -> Habit {
    let slow = wave.map_or_else(|| slow_gap(hostile), |wave| wave.gap);
    let random = hostile.random();
    // 39 % make one guess, 57 % at most four, and a few make hundreds.
    let guesses = match random.unit() {
        unit if unit < 0.39 => 1,
        unit if unit < 0.57 => random.count(2, 4),
        unit if unit < 0.90 => random.count(5, 22),
        unit if unit < 0.975 => random.count(20, 70),
        _ => random.count(60, 300),
    };
    // A tenth hurries: that is what thresholds find.
    let hurries = random.chance(if guesses >= 60 { 0.4 } else { 0.07 });
    let gap = if hurries { random.between(0.5, 4.0) } else { slow };
    let names = match random.unit() {
        unit if unit < 0.25 => 1,
        unit if unit < 0.5 => random.count(2, 4),
        _ => random.count(8, 24),
    };
    // About half go for the first two, as everywhere.
    let name = |random: &mut Random| (NAMES.len() as f64 * random.unit().powf(3.2)) as usize;
    let names = (0..names).map(|_| name(random)).collect();
    Habit { guesses, names, gap, even: random.chance(0.6) }
}

/// From 6 min to 6 h, evenly in the logarithm.
fn slow_gap(hostile: &mut Hostile<'_>) -> f64 {
    6.0 * MINUTE * 60_f64.powf(hostile.random().unit())
}

fn one(hostile: &mut Hostile<'_>, t: f64, source: SourceId, habit: &Habit, names: &[SubjectId]) {
    let at = hostile.random().pick(&habit.names);
    let ending = if at < EXISTING { Ending::WRONG } else { Ending::UNKNOWN };
    hostile.attempt(t, (source, names[at]), LOGIN, ending);
}
