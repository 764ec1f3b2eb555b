//! Honest people.

pub mod crowd;
pub mod person;
pub mod rates;
pub mod season;
pub mod session;
pub mod town;

use crate::address::SubjectId;
use crate::scene::Scene;
use crate::time::{DAY, Span};
use person::{Draw, Person};
use rates::Rates;
use town::Town;

/// All honest people of a world, and where they are.
#[derive(Clone, Debug)]
pub struct Honest {
    pub rates: Rates,
    pub town: Town,
    pub people: Vec<Person>,
    pub subjects: Vec<SubjectId>,
}

impl Honest {
    pub fn new(count: usize, rates: Rates, scene: &mut Scene) -> Honest {
        let Scene { random, names, .. } = scene;
        let mut town = Town::new(count, &rates, random, names);
        let mut people: Vec<Person> = Vec::with_capacity(count);
        for at in 0..count {
            // A third share home and device with the person before.
            let housemate = people.last().filter(|_| random.chance(0.33)).cloned();
            let name = format!("u{at:05}");
            let draw = Draw { random, names };
            people.push(Person::new(&name, housemate.as_ref(), &rates, &mut town, draw));
        }
        let subjects = people.iter().map(|person| person.subject).collect();
        Honest { rates, town, people, subjects }
    }

    /// The usual logins of all people in a span.
    pub fn live(&mut self, span: Span, scene: &mut Scene) {
        let days = span.length() / DAY;
        for index in 0..self.people.len() {
            let (activity, zone) = (self.people[index].activity, self.people[index].zone);
            let count = scene.random.poisson(activity * self.rates.logins * days);
            let mut moments: Vec<f64> =
                (0..count).map(|_| season::moment(&mut scene.random, span, zone)).collect();
            moments.sort_by(f64::total_cmp);
            for t in moments {
                self.visit(index, t, scene);
            }
        }
    }

    /// One login of a person, from wherever they are.
    pub fn visit(&mut self, index: usize, t: f64, scene: &mut Scene) {
        let Scene { random, names, .. } = scene;
        let source = self.people[index].place(t, &self.rates, &mut self.town, Draw { random, names });
        session::run(t, &self.people[index], source, &self.subjects, &self.rates, scene);
    }
}
