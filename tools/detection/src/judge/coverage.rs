//! How many hostile attempts came after a verdict that covers them: what a service could have stopped.

use std::collections::HashMap;

use crate::address::{Net, SubjectId};
use crate::event::Event;
use crate::judge::verdict::Verdict;
use crate::world::World;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub attempts: usize,
    pub after_source: usize,
    pub after_any: usize,
}

/// Verdicts that began so far: when the last one of each ends.
#[derive(Default)]
struct InForce<'a> {
    sources: HashMap<u32, f64>,
    nets: HashMap<Net, f64>,
    subjects: HashMap<SubjectId, f64>,
    operations: HashMap<&'a str, f64>,
}

/// Goes through the events of a world with the verdicts, which have to be ascending.
pub fn measure(world: &World, verdicts: &[Verdict]) -> Coverage {
    let mut coverage = Coverage::default();
    let mut force = InForce::default();
    let mut waiting = verdicts.iter().filter(|verdict| verdict.is_attack()).peekable();
    for event in &world.events {
        while let Some(verdict) = waiting.next_if(|verdict| verdict.t < event.t) {
            force.take(world, verdict);
        }
        if event.is_hostile() {
            let unit = world.names.unit_of[event.source as usize];
            let source = force.sources.get(&unit).is_some_and(|&ended| event.t < ended);
            coverage.attempts += 1;
            coverage.after_source += usize::from(source);
            coverage.after_any += usize::from(source || force.covers(world, event));
        }
    }
    coverage
}

impl<'a> InForce<'a> {
    fn take(&mut self, world: &World, verdict: &'a Verdict) {
        fn later<K: Eq + std::hash::Hash>(map: &mut HashMap<K, f64>, key: K, ended: f64) {
            let entry = map.entry(key).or_insert(ended);
            *entry = entry.max(ended);
        }
        if let Some(unit) = verdict.source.as_ref().and_then(|unit| world.names.find_unit(unit)) {
            later(&mut self.sources, unit, verdict.ended);
        }
        if let Some(net) = &verdict.net {
            later(&mut self.nets, net.clone(), verdict.ended);
        }
        if let Some(subject) = verdict.subject.as_ref().and_then(|name| world.names.find_subject(name)) {
            later(&mut self.subjects, subject, verdict.ended);
        }
        if verdict.is_campaign() {
            later(&mut self.operations, verdict.operation.as_str(), verdict.ended);
        }
    }

    fn covers(&self, world: &World, event: &Event) -> bool {
        let on = |ended: Option<&f64>| ended.is_some_and(|&ended| event.t < ended);
        let unit = &world.names.units[world.names.unit_of[event.source as usize] as usize];
        on(self.subjects.get(&event.subject))
            || on(self.operations.get(event.operation.0))
            || on(self.operations.get(""))
            || Net::around(unit).is_some_and(|net| on(self.nets.get(&net)))
    }
}
