//! What a world is made on: its names and events, and the troubles of the service.

use auth_metrics_random::Random;

use crate::address::{Names, SourceId, SubjectId};
use crate::episode::Episodes;
use crate::event::{Ending, Event, LOGIN, Operation, Truth};

#[derive(Clone, Debug)]
pub struct Scene {
    pub names: Names,
    pub events: Vec<Event>,
    pub episodes: Episodes,
    pub random: Random,
}

impl Scene {
    pub fn new(random: Random, episodes: Episodes) -> Scene {
        Scene { names: Names::default(), events: Vec::new(), episodes, random }
    }

    /// Records an honest attempt, and says how it ended: as it should, or as a trouble of the service has it.
    pub fn attempt(
        &mut self,
        t: f64,
        (source, subject): (SourceId, SubjectId),
        operation: Operation,
        due: Ending,
    ) -> Ending {
        let ending = self.episodes.at(t, &mut self.random).unwrap_or(due);
        self.events.push(Event { t, source, subject, operation, ending, truth: Truth::default() });
        ending
    }

    /// Records an attempt to log in.
    pub fn login(&mut self, t: f64, pair: (SourceId, SubjectId), due: Ending) -> Ending {
        self.attempt(t, pair, LOGIN, due)
    }

    /// Records a hostile attempt, and says how it ended.
    pub fn hostile(&mut self, mut event: Event) -> Ending {
        if let Some(ending) = self.episodes.at(event.t, &mut self.random) {
            event.ending = ending;
            event.truth.taken = false;
        }
        self.events.push(event);
        event.ending
    }
}
