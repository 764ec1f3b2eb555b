//! What is true of a world, in the form that the judge asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{SubjectId, Unit};
use crate::event::Outcome;
use crate::judge::verdict::Verdict;
use crate::time::{DAY, HOUR, Span};
use crate::world::World;

/// A source that guesses less often than this can't be told from a person.
pub const GUESSES: u32 = 5;
/// A verdict this long after a campaign's end is still about it.
const GRACE: f64 = HOUR;

#[derive(Clone, Debug, Default)]
pub struct Source {
    pub hostile: u32,
    /// Of these, those that the service answered. What failed in an outage is no evidence.
    pub answered: u32,
    pub honest: u32,
    pub first_hostile: Option<f64>,
    pub campaigns: BTreeSet<u8>,
}

impl Source {
    /// Whether it has to be found: an attacker who is not drowned by honest people at the same address.
    pub fn is_due(&self) -> bool {
        self.answered >= GUESSES && self.hostile > self.honest
    }

    pub fn was_hostile_at(&self, t: f64) -> bool {
        self.first_hostile.is_some_and(|first| first <= t)
    }
}

/// The facts of a world.
#[derive(Debug)]
pub struct Facts<'a> {
    pub world: &'a World,
    /// By unit.
    pub sources: Vec<Source>,
    /// From first to last attempt, by campaign, counted from 0.
    pub spans: Vec<Span>,
    /// The first attempt of each that the service answered: delays count from here.
    pub started: Vec<f64>,
    /// Accounts of others that attackers got into, with the first time.
    pub taken: BTreeMap<SubjectId, f64>,
    /// Hostile attempts at a subject, by campaign: their times.
    pub contacts: BTreeMap<(u8, SubjectId), Vec<f64>>,
}

impl<'a> Facts<'a> {
    pub fn of(world: &'a World) -> Facts<'a> {
        let mut facts = Facts {
            world,
            sources: vec![Source::default(); world.names.units.len()],
            spans: vec![Span { from: f64::INFINITY, to: f64::NEG_INFINITY }; world.campaigns.len()],
            started: vec![f64::INFINITY; world.campaigns.len()],
            taken: BTreeMap::new(),
            contacts: BTreeMap::new(),
        };
        for event in &world.events {
            let source = &mut facts.sources[world.names.unit_of[event.source as usize] as usize];
            if !event.is_hostile() {
                source.honest += 1;
                continue;
            }
            let campaign = event.truth.campaign;
            source.hostile += 1;
            if event.ending.outcome != Outcome::Error {
                source.answered += 1;
                let started = &mut facts.started[campaign as usize - 1];
                *started = started.min(event.t);
            }
            source.first_hostile.get_or_insert(event.t);
            source.campaigns.insert(campaign);
            let span = &mut facts.spans[campaign as usize - 1];
            span.from = span.from.min(event.t);
            span.to = span.to.max(event.t);
            facts.contacts.entry((campaign, event.subject)).or_default().push(event.t);
            if event.truth.taken {
                facts.taken.entry(event.subject).or_insert(event.t);
            }
        }
        facts
    }

    pub fn source_of(&self, unit: &Unit) -> Option<&Source> {
        self.world.names.find_unit(unit).map(|id| &self.sources[id as usize])
    }

    /// Whether a campaign was on when a verdict began.
    pub fn is_on(&self, campaign: usize, t: f64) -> bool {
        self.spans[campaign].and(GRACE).contains(t)
    }

    /// The campaigns, counted from 1, of a network at a time.
    pub fn of_net(&self, verdict: &Verdict) -> BTreeSet<u8> {
        let Some(net) = &verdict.net else { return BTreeSet::new() };
        let units = self.world.names.units.iter().zip(&self.sources);
        units
            .filter(|(unit, source)| source.was_hostile_at(verdict.t) && net.contains(unit))
            .flat_map(|(_, source)| source.campaigns.iter().copied())
            .collect()
    }

    /// The campaign, counted from 1, that made the most attempts within the hour before.
    pub fn loudest(&self, t: f64) -> Option<u8> {
        let events = &self.world.events;
        let from = events.partition_point(|event| event.t < t - HOUR);
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        for event in events[from..].iter().take_while(|event| event.t <= t) {
            if event.is_hostile() {
                *counts.entry(event.truth.campaign).or_default() += 1;
            }
        }
        counts.into_iter().max_by_key(|&(_, count)| count).map(|(campaign, _)| campaign)
    }

    /// The campaigns, counted from 1, that a verdict is about.
    pub fn blamed(&self, verdict: &Verdict) -> BTreeSet<u8> {
        let on = |campaign: &u8| self.is_on(*campaign as usize - 1, verdict.t);
        if let Some(unit) = &verdict.source {
            let source = self.source_of(unit).filter(|source| source.was_hostile_at(verdict.t));
            return source
                .map(|source| source.campaigns.iter().copied().filter(on).collect())
                .unwrap_or_default();
        }
        if verdict.net.is_some() {
            return self.of_net(verdict).into_iter().filter(on).collect();
        }
        if let Some(name) = &verdict.subject {
            return self.of_subject(name, verdict.t);
        }
        self.loudest(verdict.t).into_iter().filter(on).collect()
    }

    /// The campaigns that a verdict about a subject can be about: three contacts within a day, or it was taken.
    fn of_subject(&self, name: &str, t: f64) -> BTreeSet<u8> {
        let Some(subject) = self.world.names.find_subject(name) else { return BTreeSet::new() };
        let day = |times: &[f64]| times.iter().filter(|&&at| at <= t && at >= t - DAY).count();
        let taken = self.taken.get(&subject).is_some_and(|&at| at <= t && at >= t - DAY);
        let campaigns = 1..=self.world.campaigns.len() as u8;
        campaigns
            .filter(|&campaign| {
                let contacts = self.contacts.get(&(campaign, subject)).map_or(0, |times| day(times));
                contacts >= 3 || (taken && contacts > 0)
            })
            .collect()
    }
}
