//! The eleven campaigns of the normal world. They begin after the third day.

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
    for raid in raids(hostile) {
        raid.run(hostile);
    }
}

fn raids(hostile: &mut Hostile<'_>) -> Vec<Raid> {
    let mut all = loud(hostile);
    all.extend(quiet(hostile));
    all
}

/// Those that many would see.
fn loud(hostile: &mut Hostile<'_>) -> Vec<Raid> {
    let mut span = |day: f64, hours: f64| Span::new(day, hostile.random().between(1.0, 13.0), hours);
    let anybody = Raid {
        name: "brute force",
        span: span(4.0, 2.0),
        fleet: Fleet::Machines(1),
        each: (1_500, 2_500),
        busy: 1.5 * HOUR,
        targets: Targets::Few(3),
        unknown: 0.0,
        hit: 0.0,
    };
    let few = Raid { targets: Targets::Few(1), ..anybody };
    let any = Raid { targets: Targets::Anybody, ..anybody };
    vec![
        anybody,
        Raid {
            name: "distributed",
            span: span(5.0, 6.0),
            fleet: Fleet::Machines(300),
            each: (2, 4),
            busy: 3.0 * HOUR,
            ..few
        },
        Raid {
            name: "spraying",
            span: span(6.0, 8.0),
            fleet: Fleet::Botnet(60),
            each: (20, 60),
            busy: 6.0 * HOUR,
            unknown: 0.05,
            hit: 0.002,
            ..any
        },
        Raid {
            name: "stuffing",
            span: span(7.0, 10.0),
            fleet: Fleet::Botnet(1_370),
            each: (5, 12),
            busy: 5.0 * HOUR,
            unknown: 0.3,
            hit: 0.014,
            ..any
        },
        Raid {
            name: "enumeration",
            span: span(8.0, 2.0),
            fleet: Fleet::Machines(10),
            each: (150, 400),
            busy: 1.5 * HOUR,
            unknown: 0.85,
            ..any
        },
        Raid {
            name: "/24 walk",
            span: span(10.0, 6.0),
            fleet: Fleet::Net24(200),
            each: (5, 10),
            busy: 4.0 * HOUR,
            unknown: 0.2,
            ..any
        },
    ]
}

/// Those that keep below thresholds, or hide.
fn quiet(hostile: &mut Hostile<'_>) -> Vec<Raid> {
    let largest = hostile.honest.town.offices.first().map_or(0, |office| office.0);
    let outage = hostile.scene.episodes.of(Trouble::Outage);
    let during = outage.map_or(Span::new(11.0, 10.0, 1.0), |episode| episode.span);
    let around = Span { from: during.from + 300.0, to: during.to + 2.0 * HOUR };
    let mut span = |day: f64, hours: f64| Span::new(day, hostile.random().between(1.0, 11.0), hours);
    let base = Raid {
        name: SMOULDERING,
        span: span(3.0, 24.0),
        fleet: Fleet::Machines(300),
        each: (2, 2),
        busy: 12.0 * HOUR,
        targets: Targets::Anybody,
        unknown: 0.1,
        hit: 0.0,
    };
    vec![
        base,
        Raid {
            name: LOW,
            span: span(8.0, 96.0),
            fleet: Fleet::Machines(60),
            each: (16, 32),
            busy: 90.0 * HOUR,
            unknown: 0.15,
            ..base
        },
        Raid {
            name: "IPv6 /48 walk",
            span: span(9.0, 6.0),
            fleet: Fleet::Net48(900),
            each: (1, 2),
            busy: 2.0 * HOUR,
            ..base
        },
        Raid {
            name: "inside the largest NAT",
            span: span(12.0, 3.0),
            fleet: Fleet::Shared(largest),
            each: (500, 700),
            busy: 3.0 * HOUR,
            unknown: 0.25,
            hit: 0.01,
            ..base
        },
        Raid {
            name: "during an outage",
            span: around,
            fleet: Fleet::Botnet(300),
            each: (6, 14),
            busy: HOUR,
            unknown: 0.1,
            hit: 0.003,
            ..base
        },
    ]
}
