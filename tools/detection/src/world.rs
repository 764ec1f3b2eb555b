//! Worlds by name: who lives there, and what happens.

use auth_metrics_random::Random;

use crate::address::Names;
use crate::episode::{Episodes, Trouble};
use crate::event::Event;
use crate::honest::rates::Rates;
use crate::honest::{Honest, crowd};
use crate::hostile::raid::{Fleet, Raid, Targets};
use crate::hostile::{Campaign, Hostile, eleven, factors, long, tail};
use crate::scene::Scene;
use crate::time::{BEGIN, DAY, HOUR, Span};

/// The day on which passwords expire, or people get new names.
const MONDAY: f64 = 7.0;
/// The two days after that.
pub const UPSET: Span = Span { from: BEGIN + MONDAY * DAY, to: BEGIN + (MONDAY + 2.0) * DAY };

/// Tells the random numbers of these worlds from those of other tools with the same seed.
const WORLDS: u64 = 0x5bd1_e995_27d4_eb2f;

/// Starts the random numbers of a seed and of a purpose.
pub fn stream(seed: u64, purpose: &str) -> Random {
    Random::new(seed ^ WORLDS, purpose)
}

/// A world as it is judged.
#[derive(Clone, Debug)]
pub struct World {
    pub kind: Kind,
    pub seed: u64,
    pub days: f64,
    pub names: Names,
    pub events: Vec<Event>,
    pub campaigns: Vec<Campaign>,
    pub episodes: Episodes,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $about:literal;)*) => {
        /// The worlds that there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($variant),* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),*];

            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name),* }
            }

            pub fn about(self) -> &'static str {
                match self { $(Kind::$variant => $about),* }
            }
        }
    };
}

kinds! {
    Normal "normal" "20,000 people, 14 days, 11 campaigns, a bad deploy, an outage";
    Harsh "harsh" "the same with twice the errors, half of the people behind proxies";
    Drift "drift" "the same with each honest constant off by up to a half";
    Benign "benign" "no attack: 14 days with a bad deploy and an outage";
    Expiry "expiry" "no attack: the passwords of 3,000 people expire, all of them log in from new places";
    Migrated "migrated" "no attack: all people get new names on the eighth day";
    Ramp "ramp" "an attack grows from 0 to 6,000 guesses a day in 6 days, one source each";
    Flood "flood" "300,000 sources of one guess each in 2 h around a slow guesser";
    Washing "washing" "10 sources log in to 100 accounts of their own between guesses";
    Nat "nat" "an attacker guesses inside the largest office";
    Outage "outage" "an attack during an outage";
    Otp "otp" "one-time passwords of 20 accounts are guessed";
    Push "push" "25 people are bombed with push requests";
    Forgery "forgery" "20 sources present forged tokens";
    Replay "replay" "15 sources present stolen tokens again";
    Proxy "proxy" "credential stuffing behind a proxy that hides all clients: every attempt has its address";
    Month "month" "30 days with one guess a day at each of 1,000 accounts";
    Tail "honeypot-like" "57 days, a long tail of 1,240 sources over 5,000 people";
    Over "over" "the attempts of a file over the benign world";
}

impl Kind {
    pub fn find(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether all eleven campaigns happen.
    pub fn is_full(self) -> bool {
        matches!(self, Kind::Normal | Kind::Harsh | Kind::Drift)
    }

    fn days(self) -> f64 {
        match self {
            Kind::Month => 34.0,
            Kind::Tail => 57.0,
            _ => 14.0,
        }
    }

    fn people(self) -> usize {
        match self {
            kind if kind.is_full() => 20_000,
            Kind::Benign | Kind::Expiry | Kind::Migrated | Kind::Ramp | Kind::Over => 20_000,
            _ => 5_000,
        }
    }
}

impl World {
    /// Makes a world. The same kind and seed give the same bytes.
    pub fn new(kind: Kind, seed: u64) -> World {
        World::sized(kind, seed, kind.days(), kind.people())
    }

    /// Makes a world of another size.
    pub fn sized(kind: Kind, seed: u64, days: f64, people: usize) -> World {
        let mut random = stream(seed, kind.name());
        let rates = match kind {
            Kind::Harsh => Rates::harsh(),
            Kind::Drift => Rates::published().drifted(&mut random),
            _ => Rates::published(),
        };
        // Where there are eleven campaigns, the deploy has a day without any.
        let deploy = if kind.is_full() { 2.0 } else { random.pick(&[2.0, 3.0, 7.0, 8.0, 9.0]) };
        let outage = if kind.is_full() { 11.0 } else { random.pick(&[10.0, 11.0]) };
        let episodes = Episodes::drawn(&mut random, deploy, outage);
        let mut scene = Scene::new(random, episodes);
        let mut honest = Honest::new(people, rates, &mut scene);
        populate(kind, days, &mut honest, &mut scene);
        let campaigns = attack(kind, days, &mut honest, &mut scene);
        if kind == Kind::Proxy {
            let proxy = honest.town.home_v4(&mut scene.random, &mut scene.names);
            scene.events.iter_mut().for_each(|event| event.source = proxy);
        }
        let mut world = World {
            kind,
            seed,
            days,
            names: scene.names,
            events: scene.events,
            campaigns,
            episodes: scene.episodes,
        };
        world.settle();
        world
    }

    /// Puts the events in order and drops those after the end.
    pub fn settle(&mut self) {
        let end = BEGIN + self.days * DAY;
        self.events.retain(|event| event.t < end);
        // The file has milliseconds, and the judge sees what is in the file.
        for event in &mut self.events {
            event.t = (event.t * 1_000.0).round() / 1_000.0;
        }
        self.events.sort_by(|a, b| a.t.total_cmp(&b.t));
    }

    pub fn honest_attempts(&self) -> usize {
        self.events.iter().filter(|event| !event.is_hostile()).count()
    }
}

fn populate(kind: Kind, days: f64, honest: &mut Honest, scene: &mut Scene) {
    if kind == Kind::Migrated {
        honest.live(Span { from: BEGIN, to: UPSET.from }, scene);
        crowd::migrate(honest, UPSET.from, scene);
        honest.live(Span { from: UPSET.from, to: BEGIN + days * DAY }, scene);
    } else {
        honest.live(Span { from: BEGIN, to: BEGIN + days * DAY }, scene);
    }
    let fifth = honest.people.len() / 1_000;
    crowd::retriers(honest, fifth * (days / 14.0).ceil() as usize, days, scene);
    if kind == Kind::Expiry {
        crowd::expiry(honest, 3_000, MONDAY, 1.0, scene);
    } else {
        crowd::expiry(honest, honest.people.len() / 50, MONDAY, 0.3, scene);
    }
    let day = if kind.is_full() { 5.0 } else { scene.random.pick(&[3.0, 4.0, 5.0, 12.0]) };
    let spike = Span::new(day, scene.random.between(17.0, 20.0), 1.0);
    crowd::spike(honest, spike, scene);
    let monitor = { honest.town.home_v4(&mut scene.random, &mut scene.names) };
    crowd::health_checks(monitor, days, scene);
}

fn attack(kind: Kind, days: f64, honest: &mut Honest, scene: &mut Scene) -> Vec<Campaign> {
    let mut hostile = Hostile { honest, scene, campaigns: Vec::new() };
    let to = |from: f64| Span { from: BEGIN + from * DAY, to: BEGIN + days * DAY };
    match kind {
        Kind::Normal | Kind::Harsh | Kind::Drift => eleven::run(&mut hostile),
        Kind::Benign | Kind::Expiry | Kind::Migrated | Kind::Over => {}
        Kind::Ramp => long::ramp(&mut hostile, to(4.0), 6.0, 6_000.0),
        Kind::Flood => long::flood(&mut hostile, Span::new(6.0, 12.0, 2.0), 300_000),
        Kind::Washing => long::washing(&mut hostile, Span::new(6.0, 8.0, 10.0)),
        Kind::Nat => nat(&mut hostile),
        Kind::Outage => outage(&mut hostile),
        Kind::Proxy => stuffing(&mut hostile),
        Kind::Otp => factors::otp(&mut hostile, Span::new(6.0, 8.0, 24.0)),
        Kind::Push => factors::push(&mut hostile, Span::new(6.0, 8.0, 24.0)),
        Kind::Forgery => factors::forgery(&mut hostile, Span::new(6.0, 8.0, 24.0)),
        Kind::Replay => factors::replay(&mut hostile, Span::new(6.0, 8.0, 24.0)),
        Kind::Month => long::month_of_spraying(&mut hostile, to(4.0)),
        Kind::Tail => tail::run(&mut hostile, to(0.0)),
    }
    hostile.campaigns
}

const ALONE: Raid = Raid {
    name: "inside the largest NAT",
    span: Span { from: 0.0, to: 0.0 },
    fleet: Fleet::Machines(1),
    each: (500, 700),
    busy: 3.0 * HOUR,
    targets: Targets::Anybody,
    unknown: 0.25,
    hit: 0.01,
};

fn nat(hostile: &mut Hostile<'_>) {
    let largest = hostile.honest.town.offices.first().map_or(0, |office| office.0);
    Raid { span: Span::new(8.0, 10.0, 3.0), fleet: Fleet::Shared(largest), ..ALONE }.run(hostile);
}

fn stuffing(hostile: &mut Hostile<'_>) {
    let span = Span::new(8.0, 10.0, 6.0);
    let raid =
        Raid { name: "stuffing behind a proxy", span, fleet: Fleet::Botnet(300), each: (5, 12), ..ALONE };
    raid.run(hostile);
}

fn outage(hostile: &mut Hostile<'_>) {
    let Some(episode) = hostile.scene.episodes.of(Trouble::Outage) else { return };
    let span = Span { from: episode.span.from + 300.0, to: episode.span.to + 2.0 * HOUR };
    let fleet = Fleet::Botnet(300);
    Raid { name: "during an outage", span, fleet, each: (6, 14), busy: HOUR, unknown: 0.1, ..ALONE }
        .run(hostile);
}

#[cfg(test)]
#[path = "world_tests.rs"]
mod tests;
