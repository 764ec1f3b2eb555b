//! Attackers: their campaigns, and what is true about them.

pub mod eleven;
pub mod factors;
pub mod long;
pub mod raid;
pub mod tail;

use auth_metrics_random::Random;

use crate::address::{SourceId, SubjectId};
use crate::event::{Ending, Event, LOGIN, Operation, Truth};
use crate::honest::Honest;
use crate::scene::Scene;

/// A campaign. Events name it by its place in the list, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Campaign {
    pub name: &'static str,
}

/// What attackers have: the accounts and addresses of the honest, and addresses of their own.
#[derive(Debug)]
pub struct Hostile<'a> {
    pub honest: &'a mut Honest,
    pub scene: &'a mut Scene,
    pub campaigns: Vec<Campaign>,
}

impl Hostile<'_> {
    /// Begins a campaign: the events that follow are its.
    pub fn begin(&mut self, name: &'static str) {
        self.campaigns.push(Campaign { name });
    }

    fn campaign(&self) -> u8 {
        self.campaigns.len() as u8
    }

    /// Records an attempt of the campaign that began last.
    pub fn attempt(
        &mut self,
        t: f64,
        (source, subject): (SourceId, SubjectId),
        operation: Operation,
        ending: Ending,
    ) -> Ending {
        let truth = Truth { campaign: self.campaign(), taken: false };
        self.scene.hostile(Event { t, source, subject, operation, ending, truth })
    }

    /// Guesses at an account. A hit takes it over.
    pub fn guess(&mut self, t: f64, (source, subject): (SourceId, SubjectId), hit: f64) {
        let taken = self.scene.random.chance(hit);
        let ending = if taken { Ending::SUCCESS } else { Ending::WRONG };
        let truth = Truth { campaign: self.campaign(), taken };
        let event = Event { t, source, subject, operation: LOGIN, ending, truth };
        self.scene.hostile(event);
    }

    /// An address that no honest person has.
    pub fn address(&mut self) -> SourceId {
        let Scene { random, names, .. } = &mut *self.scene;
        self.honest.town.hostile(random, names)
    }

    /// An account of somebody.
    pub fn account(&mut self) -> SubjectId {
        self.scene.random.pick(&self.honest.subjects)
    }

    /// A name that belongs to nobody.
    pub fn nobody(&mut self) -> SubjectId {
        let Scene { random, names, .. } = &mut *self.scene;
        let word = random.pick(&["info", "test", "office", "sales", "john", "maria", "support", "web"]);
        names.subject(&format!("{word}{}", random.whole(0, 99_999)))
    }

    pub fn random(&mut self) -> &mut Random {
        &mut self.scene.random
    }
}
