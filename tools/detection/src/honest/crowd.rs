//! Days that are unlike others: a marketing spike, expired passwords, migrated users, people who retry, health checks.

use crate::address::SourceId;
use crate::event::Ending;
use crate::honest::Honest;
use crate::honest::person::{self, Draw, Person};
use crate::honest::season;
use crate::honest::session::{self, Trial};
use crate::scene::Scene;
use crate::time::{BEGIN, DAY, HOUR, MINUTE, Span};

/// Ten times as many sign-ins for a while, half of them of new accounts.
pub fn spike(honest: &mut Honest, span: Span, scene: &mut Scene) {
    let usual = honest.people.len() as f64 * honest.rates.logins * season::weight(span.from) / 12.0 / HOUR;
    let count = (usual * 9.0 * span.length()) as usize;
    for at in 0..count {
        let t = scene.random.between(span.from, span.to);
        if scene.random.chance(0.5) {
            let index = scene.random.below(honest.people.len());
            honest.visit(index, t, scene);
            continue;
        }
        let name = format!("new{at:05}");
        let Scene { random, names, .. } = scene;
        let mut person = Person::new(&name, None, &honest.rates, &mut honest.town, Draw { random, names });
        person.second_factor = false;
        let source = person.place(t, &honest.rates, &mut honest.town, Draw { random, names });
        if random.chance(0.05) {
            // Wants to log in before they signed up.
            scene.login(t - 90.0, (source, person.subject), Ending::UNKNOWN);
        }
        session::run(t, &person, source, &honest.subjects, &honest.rates, scene);
    }
}

/// Passwords expire on a Monday: people log in within two days, four of ten with errors, `away` of them from new places.
pub fn expiry(honest: &mut Honest, count: usize, monday: f64, away: f64, scene: &mut Scene) {
    let span = Span::new(monday, 6.0, 42.0);
    for _ in 0..count {
        let index = scene.random.below(honest.people.len());
        let person = &honest.people[index];
        let t = season::moment(&mut scene.random, span, person.zone);
        let Scene { random, names, .. } = scene;
        let source = if random.chance(away) {
            person::new_place(&mut honest.town, Draw { random, names })
        } else {
            person.at_home(&honest.town, Draw { random, names })
        };
        let failures = if random.chance(0.4) { random.count(1, 4) } else { 0 };
        let trial = Trial { failures, gives_up: false };
        let person = honest.people[index].clone();
        session::attempt(t, &person, source, trial, &honest.rates, scene);
    }
}

/// All people get new names on a day, so no pair is familiar. Some don't know theirs.
pub fn migrate(honest: &mut Honest, t: f64, scene: &mut Scene) {
    for person in &mut honest.people {
        let name = format!("migrated.{}", scene.names.subjects[person.subject as usize]);
        let old = person.subject;
        person.subject = scene.names.subject(&name);
        if scene.random.chance(0.05) {
            let first = t + scene.random.between(6.0 * HOUR, 20.0 * HOUR);
            let Scene { random, names, .. } = scene;
            let source = person.at_home(&honest.town, Draw { random, names });
            for at in 0..=scene.random.repeats(0.4, 3) {
                scene.login(first + at as f64 * 9.0, (source, old), Ending::UNKNOWN);
            }
        }
    }
    honest.subjects = honest.people.iter().map(|person| person.subject).collect();
}

/// Honest people who retry a dozen times from a new place. Some give up.
pub fn retriers(honest: &mut Honest, count: usize, days: f64, scene: &mut Scene) {
    for _ in 0..count {
        let index = scene.random.below(honest.people.len());
        let person = honest.people[index].clone();
        let span = Span { from: BEGIN, to: BEGIN + days * DAY };
        let t = season::moment(&mut scene.random, span, person.zone);
        let Scene { random, names, .. } = scene;
        let source = person::new_place(&mut honest.town, Draw { random, names });
        let trial = Trial { failures: random.count(8, 20), gives_up: random.chance(0.3) };
        session::attempt(t, &person, source, trial, &honest.rates, scene);
    }
}

/// A monitor logs in every five minutes, for ever from the same address.
pub fn health_checks(source: SourceId, days: f64, scene: &mut Scene) {
    let subject = scene.names.subject("healthcheck");
    let mut t = BEGIN + 17.0;
    while t < BEGIN + days * DAY {
        scene.login(t, (source, subject), Ending::SUCCESS);
        t += 5.0 * MINUTE;
    }
}
