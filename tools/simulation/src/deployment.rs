//! The deployments of a world: sizes, operations, replicas, and when they are rolled out.

use auth_metrics_random::Random;

use crate::calendar::{DAY, HOUR, Minute, WEEK};
use crate::episode::{Effect, Episode};
use crate::incident::{self, Incident};
use crate::noise;
use crate::operation::{self, Operation};
use crate::traffic::{Rhythm, Traffic};

/// One service, scraped as one job.
#[expect(clippy::struct_excessive_bools, reason = "what a deployment has or has not is independent")]
#[derive(Clone, Debug)]
pub struct Deployment {
    pub job: String,
    pub traffic: Traffic,
    pub operations: Vec<Operation>,
    /// The first minute of its life.
    pub from: Minute,
    pub until: Minute,
    pub replicas: usize,
    /// Whether half of the replicas are stopped where little is to do.
    pub scales: bool,
    /// Whether a replica has another name after each rollout, as a pod has.
    pub renames: bool,
    pub rollouts: Vec<Minute>,
    /// Every how many minutes it fetches the keys of an issuer, if it does.
    pub key_fetches: Option<Minute>,
    /// Whether it tracks a certificate and a client secret that is rotated each week.
    pub credentials: bool,
    pub limits: bool,
    /// Everything that happens to it, wanted or not.
    pub episodes: Vec<Episode>,
    pub incidents: Vec<Incident>,
}

/// All that one Prometheus watches.
#[derive(Clone, Debug)]
pub struct World {
    pub seed: u64,
    pub weeks: Minute,
    pub deployments: Vec<Deployment>,
    /// When Prometheus itself is away: from and to.
    pub gaps: Vec<(Minute, Minute)>,
}

impl World {
    /// Draws a world.
    pub fn new(seed: u64, weeks: Minute) -> World {
        let mut random = Random::new(seed, "world");
        let end = weeks * WEEK;
        let gaps = gaps(weeks, &mut random);
        let mut deployments = Vec::new();
        for (number, rate) in sizes(&mut random).into_iter().enumerate() {
            let mut random = Random::new(seed, &format!("deployment {number}"));
            deployments.push(established(rate, weeks, &mut random));
        }
        let mut random = Random::new(seed, "fresh");
        deployments.push(fresh(end, weeks, &mut random));
        for deployment in &mut deployments {
            let mut random = Random::new(seed, &format!("incidents of {}", deployment.job));
            deployment.incidents = incident::plant(deployment, &gaps, &mut random);
            noise::plant(deployment, &mut random);
            deployment.avoid_rollouts_in_incidents();
        }
        World { seed, weeks, deployments, gaps }
    }

    pub fn end(&self) -> Minute {
        self.weeks * WEEK
    }

    /// Whether Prometheus is there to scrape and to evaluate.
    pub fn is_watched(&self, minute: Minute) -> bool {
        !self.gaps.iter().any(|&(from, to)| (from..to).contains(&minute))
    }
}

/// The rates of the established deployments: always a small one, and two of the larger ones.
fn sizes(random: &mut Random) -> Vec<f64> {
    let mut sizes =
        vec![random.pick(&[0.01, 0.05]), random.pick(&[1.0, 20.0]), 200.0, random.pick(&[2_000.0, 5_000.0])];
    sizes.remove(random.whole(1, 3) as usize);
    sizes
}

fn gaps(weeks: Minute, random: &mut Random) -> Vec<(Minute, Minute)> {
    let one = |random: &mut Random| {
        let from = random.whole(DAY, weeks * WEEK - DAY);
        (from, from + random.pick(&[3, 5, 8, 15, 40, 90]))
    };
    (0..=weeks).map(|_| one(random)).collect()
}

fn established(rate: f64, weeks: Minute, random: &mut Random) -> Deployment {
    let (name, rhythm) = match rate {
        0.01 => ("admin", Rhythm::Office),
        0.05 => ("partners", Rhythm::Office),
        1.0 => ("workspace", Rhythm::Office),
        20.0 => ("shop", Rhythm::Consumer),
        200.0 => ("consumer", Rhythm::Consumer),
        2_000.0 => ("machines", Rhythm::Machine),
        _ => ("gateway", Rhythm::Machine),
    };
    let operations = match rate {
        0.01 => vec![operation::login(0.0)],
        0.05 => vec![operation::login(0.9), operation::second_factor(0.85)],
        1.0 => vec![operation::login(0.4), operation::second_factor(0.4)],
        20.0 => vec![operation::login(0.0), operation::refresh(1.5)],
        200.0 => vec![operation::login(0.15), operation::second_factor(0.15)],
        2_000.0 => vec![operation::verify_token(1.0, 0.02), operation::token(0.05)],
        _ => vec![operation::verify_token(1.0, 0.05), operation::authorize(0.8)],
    };
    let replicas = match rate {
        200.0 => random.whole(3, 6) as usize,
        2_000.0.. => random.whole(2, 4) as usize,
        1.0 | 20.0 => 2,
        _ => 1,
    };
    let traffic = Traffic::new(rate, rhythm, weeks, random);
    let mut deployment = empty(name, traffic, operations, (0, weeks * WEEK), replicas);
    deployment.scales = name == "consumer" && random.chance(0.6);
    deployment.renames = random.chance(0.5);
    let per_week = if deployment.renames { random.between(1.0, 3.0) } else { random.between(2.0, 14.0) };
    deployment.rollouts = rollouts(&deployment.traffic, deployment.until, per_week, random);
    deployment.credentials = rate >= 20.0 || random.chance(0.5);
    deployment.key_fetches = (rate >= 2_000.0).then(|| random.pick(&[5, 15]));
    deployment.limits = rate >= 1.0;
    deployment
}

/// Four days old at the end: nothing is usual yet.
fn fresh(end: Minute, weeks: Minute, random: &mut Random) -> Deployment {
    let rate = random.pick(&[0.05, 1.0, 20.0]);
    let rhythm = if rate < 2.0 { Rhythm::Office } else { Rhythm::Consumer };
    let operations = vec![operation::login(0.2), operation::second_factor(0.2)];
    let traffic = Traffic::new(rate, rhythm, weeks, random);
    let from = end - random.whole(3, 5) * DAY - random.whole(0, DAY - 1);
    let mut deployment = empty("fresh", traffic, operations, (from, end), 2);
    deployment.rollouts = rollouts(&deployment.traffic, end, 7.0, random);
    deployment.rollouts.retain(|&at| at > from + HOUR);
    deployment.limits = true;
    deployment
}

fn empty(
    job: &str,
    traffic: Traffic,
    operations: Vec<Operation>,
    (from, until): (Minute, Minute),
    replicas: usize,
) -> Deployment {
    Deployment {
        job: job.to_owned(),
        traffic,
        operations,
        from,
        until,
        replicas,
        scales: false,
        renames: false,
        rollouts: Vec::new(),
        key_fetches: None,
        credentials: false,
        limits: false,
        episodes: Vec::new(),
        incidents: Vec::new(),
    }
}

/// On working days between nine and seventeen, as people do.
fn rollouts(traffic: &Traffic, until: Minute, per_week: f64, random: &mut Random) -> Vec<Minute> {
    let days = until / DAY;
    let mut all = Vec::new();
    for day in 0..days {
        for _ in 0..random.poisson(per_week / 5.0) {
            let at = day * DAY + random.whole(9 * HOUR, 17 * HOUR) - traffic.zone.ahead;
            if at > 0 && traffic.zone.weekday(at) < 5 {
                all.push(at);
            }
        }
    }
    all.sort_unstable();
    all.dedup_by(|next, last| *next - *last < 30);
    all
}

impl Deployment {
    /// How many replicas run.
    pub fn wanted(&self, minute: Minute) -> usize {
        if self.scales && self.traffic.at(minute) < 0.35 * self.traffic.rate {
            self.replicas.div_ceil(2)
        } else {
            self.replicas
        }
    }

    /// What happens to it in a minute.
    pub fn effects(&self, minute: Minute) -> impl Iterator<Item = &Effect> {
        self.episodes.iter().filter(move |episode| episode.holds(minute)).map(|episode| &episode.effect)
    }

    /// The incident that goes on in a minute.
    pub fn incident_at(&self, from: Minute, to: Minute) -> Option<&Incident> {
        self.incidents.iter().find(|incident| incident.from < to && from < incident.to)
    }

    /// Nobody rolls out in the middle of an incident.
    fn avoid_rollouts_in_incidents(&mut self) {
        let rollouts = std::mem::take(&mut self.rollouts);
        self.rollouts =
            rollouts.into_iter().filter(|&at| self.incident_at(at - HOUR, at + HOUR).is_none()).collect();
    }
}

#[cfg(test)]
#[path = "world_tests.rs"]
mod tests;
