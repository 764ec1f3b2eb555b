//! Lives a deployment minute by minute, and scrapes it.

use auth_metrics_random::Random;

use crate::calendar::Minute;
use crate::deployment::Deployment;
use crate::drift::Drift;
use crate::episode::Effect;
use crate::house::House;
use crate::latency::Latency;
use crate::operation::AWAY;
use crate::process::{Happened, Process};
use crate::series::Store;

/// How long callers wait before they give up.
const PATIENCE: f64 = 30.0;

/// A place for a replica, and what runs there.
#[derive(Debug, Default)]
struct Slot {
    process: Option<Process>,
    /// How many processes have run here.
    generation: u32,
    /// The next scrapes fail: the old process is gone, and the new one does not answer yet.
    lost: u32,
}

/// A deployment in the middle of its life.
#[derive(Debug)]
pub struct Life<'a> {
    deployment: &'a Deployment,
    random: Random,
    slots: Vec<Slot>,
    drift: Drift,
    /// Of each reason of each operation.
    drifts: Vec<Vec<Drift>>,
}

/// What comes to each serving replica in a minute, before chance decides.
#[derive(Clone, Debug)]
struct Load {
    /// Attempts that succeed unless something is wrong.
    good: f64,
    reasons: Vec<f64>,
    latency: f64,
}

impl<'a> Life<'a> {
    pub fn new(deployment: &'a Deployment, seed: u64) -> Life<'a> {
        let random = Random::new(seed, &format!("life of {}", deployment.job));
        let drifts = deployment
            .operations
            .iter()
            .map(|operation| {
                operation
                    .reasons
                    .iter()
                    .map(|usual| Drift::new(45.0, usual.spread * 0.6, usual.spread))
                    .collect()
            })
            .collect();
        let slots = (0..deployment.replicas).map(|_| Slot::default()).collect();
        Life { deployment, random, slots, drift: Drift::new(90.0, 0.04, 0.03), drifts }
    }

    /// Lives a minute. If Prometheus is there, it scrapes at its end.
    pub fn minute(&mut self, minute: Minute, watched: bool, store: &mut Store) {
        if minute < self.deployment.from || minute >= self.deployment.until {
            return;
        }
        self.roll(minute, store);
        let effects: Vec<&Effect> = self.deployment.effects(minute).collect();
        let down = |replica| {
            effects.iter().any(|effect| matches!(effect, Effect::Down { replica: only } if *only == replica))
        };
        let serving: Vec<usize> =
            (0..self.slots.len()).filter(|&slot| self.slots[slot].process.is_some() && !down(slot)).collect();
        let times: f64 = effects
            .iter()
            .map(|effect| if let Effect::Traffic { times } = effect { *times } else { 1.0 })
            .product();
        let rate = self.deployment.traffic.at(minute) * self.drift.next(&mut self.random) * times;
        for operation in 0..self.deployment.operations.len() {
            let load = self.load(operation, rate / serving.len().max(1) as f64, serving.len(), &effects);
            for &slot in &serving {
                self.serve(operation, slot, &load, &effects);
            }
        }
        for &slot in &serving {
            let share = 1.0 / serving.len() as f64;
            let busy = rate / self.deployment.traffic.rate;
            if let Some(process) = &mut self.slots[slot].process {
                process.house.pass(self.deployment, minute, (share, busy), &mut self.random);
            }
        }
        if watched {
            self.scrape(minute, &effects, &down, store);
        }
    }

    /// Starts and stops processes: the first ones, rollouts one replica after the other, more or fewer as the traffic wants.
    fn roll(&mut self, minute: Minute, store: &mut Store) {
        let wanted = self.deployment.wanted(minute);
        for number in 0..self.slots.len() {
            let rolled = self.deployment.rollouts.iter().any(|&at| minute == at + 2 * number as Minute);
            let slot = &mut self.slots[number];
            slot.lost = slot.lost.saturating_sub(1);
            if number >= wanted {
                slot.process = None;
                continue;
            }
            if slot.process.is_some() && !rolled {
                continue;
            }
            if slot.process.is_some() {
                slot.lost = if self.random.chance(0.4) { self.random.whole(1, 2) as u32 } else { 0 };
            }
            slot.generation += 1;
            let name = if self.deployment.renames {
                format!("{}-{number}-{:x}:9000", self.deployment.job, 0xa1_u32 + slot.generation)
            } else {
                format!("{}-{number}:9000", self.deployment.job)
            };
            let house = House::new(self.deployment, &name, number, minute, store);
            let process =
                Process::start(&self.deployment.job, &name, &self.deployment.operations, house, store);
            slot.process = Some(process);
        }
    }

    /// The load of one replica of several, at its part of the rate.
    fn load(&mut self, number: usize, rate: f64, serving: usize, effects: &[&Effect]) -> Load {
        let operation = &self.deployment.operations[number];
        let attempts = rate * operation.share * 60.0;
        let part = 60.0 / serving.max(1) as f64;
        let mut reasons = Vec::with_capacity(operation.reasons.len());
        for (usual, drift) in operation.reasons.iter().zip(&mut self.drifts[number]) {
            let times: f64 =
                effects.iter().map(|effect| times(effect, operation.name, usual.reason)).product();
            let factor = drift.next(&mut self.random) * times;
            reasons.push((attempts * usual.share + part * usual.steady) * factor);
        }
        let usual: f64 = operation.reasons.iter().map(|usual| usual.share).sum();
        let good = attempts * (1.0 - usual);
        let mut latency = operation.latency;
        for effect in effects {
            match effect {
                Effect::Extra { operation: only, reason, per_second } if *only == operation.name => {
                    if let Some(position) = operation.position(reason) {
                        reasons[position] += per_second * part;
                    }
                }
                Effect::Latency { operation: only, times }
                    if only.is_none_or(|only| only == operation.name) =>
                {
                    latency *= times;
                }
                _ => {}
            }
        }
        Load { good, reasons, latency }
    }

    /// What one replica makes of its load.
    fn serve(&mut self, number: usize, slot: usize, load: &Load, effects: &[&Effect]) {
        let operation = &self.deployment.operations[number];
        let random = &mut self.random;
        let mut happened = Happened {
            successes: random.poisson(load.good),
            failures: load.reasons.iter().map(|&mean| random.poisson(mean)).collect(),
            ..Happened::default()
        };
        for effect in effects {
            let (reason, share) = match effect {
                Effect::Away { share } => (AWAY, *share),
                Effect::Fail { operation: only, reason, share, replica }
                    if *only == operation.name && replica.is_none_or(|only| only == slot) =>
                {
                    (*reason, *share)
                }
                _ => continue,
            };
            if let Some(position) = operation.position(reason) {
                spoil(&mut happened, position, share, random);
            }
        }
        let hanging: f64 = effects.iter().map(|effect| hang(effect, slot)).fold(0.0, f64::max);
        let ended = happened.successes + happened.failures.iter().sum::<u64>();
        let mut hung = 0;
        if let Some(position) = operation.position(crate::operation::CANCELLED).filter(|_| hanging > 0.0) {
            hung = spoil(&mut happened, position, hanging, random);
        }
        let latency = Latency { median: load.latency, bounds: operation.bounds };
        (happened.within, happened.seconds) = latency.draw(ended - hung, random);
        if let Some(all) = happened.within.last_mut() {
            *all += hung;
        }
        happened.seconds += hung as f64 * PATIENCE;
        let waiting = (ended - hung) as f64 / 60.0 * load.latency + hung as f64 / 60.0 * PATIENCE;
        happened.in_flight = random.poisson(waiting);
        let Some(process) = &mut self.slots[slot].process else { return };
        for effect in effects {
            if let Effect::Leak { operation: only, per_minute, replica } = effect
                && *only == operation.name
                && *replica == slot
            {
                process.leaked[number] += random.poisson(*per_minute) as f64;
            }
        }
        if operation.verifies_tokens {
            let unknown =
                operation.position("token_key_unknown").map_or(0, |position| happened.failures[position]);
            process.house.verified(happened.successes, unknown);
        }
        process.count(number, &happened);
    }

    fn scrape(&self, minute: Minute, effects: &[&Effect], down: &dyn Fn(usize) -> bool, store: &mut Store) {
        for (number, slot) in self.slots.iter().enumerate() {
            let gone = effects.iter().any(|effect| {
                matches!(effect, Effect::Gone { replica } if replica.is_none_or(|only| only == number))
            });
            let Some(process) = slot.process.as_ref().filter(|_| !gone) else { continue };
            if down(number) || slot.lost > 0 {
                process.miss(minute, store);
            } else {
                process.scrape(minute, store);
            }
        }
    }
}

/// By how much an effect multiplies a reason.
fn times(effect: &Effect, operation: &str, reason: &str) -> f64 {
    match effect {
        Effect::Times { operation: only, reason: own, times } if *only == operation && *own == reason => {
            *times
        }
        _ => 1.0,
    }
}

fn hang(effect: &Effect, slot: usize) -> f64 {
    match effect {
        Effect::Hang { share, replica } if replica.is_none_or(|only| only == slot) => *share,
        _ => 0.0,
    }
}

/// Lets a share of all attempts end with one reason, and returns how many did.
fn spoil(happened: &mut Happened, position: usize, share: f64, random: &mut Random) -> u64 {
    let mut spoiled = random.binomial(happened.successes, share);
    happened.successes -= spoiled;
    for (other, count) in happened.failures.iter_mut().enumerate() {
        if other != position {
            let part = random.binomial(*count, share);
            *count -= part;
            spoiled += part;
        }
    }
    happened.failures[position] += spoiled;
    spoiled
}
