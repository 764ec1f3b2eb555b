//! The baseline: the rule of fail2ban, five failures of a source within ten minutes, banned for ten minutes.

use std::collections::VecDeque;

use crate::judge::replay::Said;
use crate::judge::verdict::{Severity, Verdict};
use crate::time::MINUTE;
use crate::world::World;

const FAILURES: usize = 5;
const WITHIN: f64 = 10.0 * MINUTE;
const BAN: f64 = 10.0 * MINUTE;

/// What fail2ban would say over a world.
pub fn run(world: &World) -> Said {
    let names = &world.names;
    let mut recent: Vec<VecDeque<f64>> = vec![VecDeque::new(); names.units.len()];
    let mut said = Said::default();
    for event in world.events.iter().filter(|event| event.ending.is_failure()) {
        let unit = names.unit_of[event.source as usize] as usize;
        let times = &mut recent[unit];
        times.push_back(event.t);
        while times.front().is_some_and(|first| event.t - first > WITHIN) {
            times.pop_front();
        }
        if times.len() >= FAILURES {
            times.clear();
            said.verdicts.push(Verdict {
                id: said.verdicts.len() as u64,
                t: event.t,
                ended: event.t + BAN,
                detector: "fail2ban".to_owned(),
                severity: Severity::Attack,
                operation: event.operation.0.to_owned(),
                source: Some(names.units[unit].clone()),
                net: None,
                subject: None,
            });
        }
    }
    said
}
