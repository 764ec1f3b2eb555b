//! The eleven campaigns of the normal world. They begin after the third day.

use auth_metrics_random::Random;

use crate::episode::Trouble;
use crate::hostile::Hostile;
use crate::hostile::raid::{Fleet, Raid, Targets};
use crate::time::{HOUR, Span};

/// 600 guesses of 300 sources in 24 h.
const SMOULDERING: &str = "smouldering";
/// A guess of each source every few hours.
const LOW: &str = "low and slow";

/// Whether a campaign is slow on purpose.
pub fn is_slow(name: &str) -> bool {
    name == SMOULDERING || name == LOW
}

/// Plays all eleven.
pub fn run(hostile: &mut Hostile<'_>) {
    let random = hostile.random();
    let mut raids = Vec::from(guessing(random));
    raids.extend(walks(random));
    raids.extend(slow(random));
    raids.extend(hidden(hostile));
    for raid in raids {
        raid.run(hostile);
    }
}

/// A campaign on a day, which begins in its morning.
fn on(day: f64, hours: f64, random: &mut Random) -> Raid {
    Raid {
        name: "",
        span: Span::new(day, random.between(1.0, 12.0), hours),
        fleet: Fleet::Machines(1),
        each: (1, 1),
        busy: hours * HOUR,
        targets: Targets::Anybody,
        unknown: 0.0,
        hit: 0.0,
    }
}

fn guessing(random: &mut Random) -> [Raid; 4] {
    [
        Raid {
            name: "brute force",
            each: (1_500, 2_500),
            busy: 1.5 * HOUR,
            targets: Targets::Few(3),
            ..on(4.0, 2.0, random)
        },
        Raid {
            name: "distributed",
            fleet: Fleet::Machines(300),
            each: (2, 4),
            busy: 3.0 * HOUR,
            targets: Targets::Few(1),
            ..on(5.0, 6.0, random)
        },
        Raid {
            name: "spraying",
            fleet: Fleet::Botnet(60),
            each: (20, 60),
            busy: 6.0 * HOUR,
            unknown: 0.05,
            hit: 0.002,
            ..on(6.0, 8.0, random)
        },
        Raid {
            name: "stuffing",
            fleet: Fleet::Botnet(1_370),
            each: (5, 12),
            busy: 5.0 * HOUR,
            unknown: 0.3,
            hit: 0.014,
            ..on(7.0, 10.0, random)
        },
    ]
}

/// Those that go through names or addresses one by one.
fn walks(random: &mut Random) -> [Raid; 3] {
    [
        Raid {
            name: "enumeration",
            fleet: Fleet::Machines(10),
            each: (150, 400),
            busy: 1.5 * HOUR,
            unknown: 0.85,
            ..on(8.0, 2.0, random)
        },
        Raid {
            name: "IPv6 /48 walk",
            fleet: Fleet::Net48(900),
            each: (1, 2),
            busy: 2.0 * HOUR,
            unknown: 0.1,
            ..on(9.0, 6.0, random)
        },
        Raid {
            name: "/24 walk",
            fleet: Fleet::Net24(200),
            each: (5, 10),
            busy: 4.0 * HOUR,
            unknown: 0.2,
            ..on(10.0, 6.0, random)
        },
    ]
}

/// Those that keep below every threshold.
fn slow(random: &mut Random) -> [Raid; 2] {
    [
        Raid {
            name: SMOULDERING,
            fleet: Fleet::Machines(300),
            each: (2, 2),
            busy: 12.0 * HOUR,
            unknown: 0.1,
            ..on(3.0, 24.0, random)
        },
        Raid {
            name: LOW,
            fleet: Fleet::Machines(60),
            each: (16, 32),
            busy: 90.0 * HOUR,
            unknown: 0.15,
            ..on(8.0, 96.0, random)
        },
    ]
}

/// Those that hide among honest failures.
fn hidden(hostile: &mut Hostile<'_>) -> [Raid; 2] {
    let largest = hostile.honest.town.offices.first().map_or(0, |office| office.0);
    let outage = hostile.scene.episodes.of(Trouble::Outage);
    let during = outage.map_or(Span::new(11.0, 10.0, 1.0), |episode| episode.span);
    let random = hostile.random();
    [
        Raid {
            name: "inside the largest NAT",
            fleet: Fleet::Shared(largest),
            each: (500, 700),
            unknown: 0.25,
            hit: 0.01,
            ..on(12.0, 3.0, random)
        },
        Raid {
            name: "during an outage",
            span: Span { from: during.from + 300.0, to: during.to + 2.0 * HOUR },
            fleet: Fleet::Botnet(300),
            each: (6, 14),
            busy: HOUR,
            unknown: 0.1,
            hit: 0.003,
            ..on(11.0, 1.0, random)
        },
    ]
}
