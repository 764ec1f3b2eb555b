//! Counts what was found, and what fired for nothing.

use std::collections::BTreeMap;

use crate::calendar::{DAY, HOUR, Minute, WEEK};
use crate::deployment::{Deployment, World};
use crate::evaluate::{Alarm, Labels};
use crate::incident::{GRACE, Incident};
use crate::kind::Class;
use crate::nature::{self, Nature};

/// An alert that comes back within this time is the same alarm.
const SAME: Minute = HOUR;

/// What is true of a deployment, for the tables.
#[derive(Clone, Debug)]
pub struct Watched {
    pub job: String,
    pub rate: f64,
    pub weeks: f64,
}

/// An incident, and who told it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub seed: u64,
    pub job: String,
    pub incident: Incident,
    /// Alerts soon enough and loud enough, with their delay; the first one first.
    pub told: Vec<(String, Minute)>,
    /// Alerts that told it as a ticket where a page was due.
    pub too_quiet: Vec<(String, Minute)>,
}

/// An alert that fired where nothing was.
#[derive(Clone, Debug)]
pub struct FalseAlarm {
    pub seed: u64,
    pub job: String,
    pub alert: String,
    pub severity: String,
    pub from: Minute,
    /// One, and one more for each day that it stays.
    pub count: Minute,
}

/// The score of one world, or of several.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub watched: Vec<Watched>,
    pub incidents: Vec<Judged>,
    pub false_alarms: Vec<FalseAlarm>,
    /// Minutes for nothing by alert and job.
    pub idle: BTreeMap<(String, String), Minute>,
    /// The alerts of the rules and their severity.
    pub alerts: BTreeMap<String, String>,
}

/// One alarm after those that are the same are one.
struct Told {
    alarm: Alarm,
    nature: Nature,
}

impl Score {
    /// Judges the alarms of a world.
    pub fn of(world: &World, alarms: &[Alarm]) -> Score {
        let mut score = Score::default();
        let told = merged(alarms);
        for deployment in &world.deployments {
            let weeks = (deployment.until - deployment.from) as f64 / WEEK as f64;
            let (job, rate) = (deployment.job.clone(), deployment.traffic.rate);
            score.watched.push(Watched { job, rate, weeks });
            let judge = |incident: &Incident| judge(world.seed, deployment, incident, &told);
            score.incidents.extend(deployment.incidents.iter().map(judge));
        }
        score.count_false(world, &told);
        score.count_idle(world, alarms);
        score
    }

    /// Adds the score of another world.
    pub fn join(&mut self, other: Score) {
        self.watched.extend(other.watched);
        self.incidents.extend(other.incidents);
        self.false_alarms.extend(other.false_alarms);
        self.alerts.extend(other.alerts);
        for (key, minutes) in other.idle {
            *self.idle.entry(key).or_default() += minutes;
        }
    }

    /// Incidents of a class, and how many of them were found.
    pub fn found(&self, class: Class) -> (usize, usize) {
        let all: Vec<_> = self.incidents.iter().filter(|judged| judged.incident.class == class).collect();
        (all.iter().filter(|judged| !judged.told.is_empty()).count(), all.len())
    }

    /// The share of core incidents that were found.
    pub fn recall(&self) -> f64 {
        let (found, all) = self.found(Class::Core);
        if all == 0 { 1.0 } else { found as f64 / all as f64 }
    }

    /// Weeks of all deployments.
    pub fn weeks(&self) -> f64 {
        self.watched.iter().map(|watched| watched.weeks).sum()
    }

    /// False alarms of a severity for each week of a deployment.
    pub fn false_per_week(&self, severity: &str) -> f64 {
        let count: Minute = self
            .false_alarms
            .iter()
            .filter(|alarm| alarm.severity == severity)
            .map(|alarm| alarm.count)
            .sum();
        count as f64 / self.weeks().max(f64::MIN_POSITIVE)
    }

    fn count_false(&mut self, world: &World, told: &[Told]) {
        for Told { alarm, nature } in told {
            let of = concerned(world, &alarm.labels);
            let excused = |minute| of.iter().any(|deployment| is_excused(deployment, *nature, minute));
            let begins_for_nothing = !excused(alarm.from);
            let stays = (alarm.from..alarm.to).filter(|&minute| !excused(minute)).count() as Minute;
            let count = Minute::from(begins_for_nothing) + stays / DAY;
            let job = job_of(world, &alarm.labels);
            if count > 0 {
                let (alert, severity) = (alarm.alert.clone(), alarm.severity.clone());
                self.false_alarms.push(FalseAlarm {
                    seed: world.seed,
                    job,
                    alert,
                    severity,
                    from: alarm.from,
                    count,
                });
            }
        }
    }

    fn count_idle(&mut self, world: &World, alarms: &[Alarm]) {
        for alarm in alarms {
            let nature = nature::of(&alarm.alert);
            let of = concerned(world, &alarm.labels);
            let idle = (alarm.from..alarm.to)
                .filter(|&minute| !of.iter().any(|deployment| is_excused(deployment, nature, minute)))
                .count();
            *self.idle.entry((alarm.alert.clone(), job_of(world, &alarm.labels))).or_default() +=
                idle as Minute;
        }
    }
}

/// Whether an incident of a deployment excuses an alert of this nature in a minute.
pub fn is_excused(deployment: &Deployment, nature: Nature, minute: Minute) -> bool {
    deployment.incidents.iter().any(|incident| incident.excuses(nature, minute))
}

/// The deployments that an alert may be about: the one of its job, or all if it names none.
pub fn concerned<'a>(world: &'a World, labels: &Labels) -> Vec<&'a Deployment> {
    let job = labels.get("job");
    world.deployments.iter().filter(|deployment| job.is_none_or(|job| *job == deployment.job)).collect()
}

/// Where an alert is counted: at its job, or at the first one if it names none.
fn job_of(world: &World, labels: &Labels) -> String {
    let first = world.deployments.first().map(|deployment| deployment.job.clone()).unwrap_or_default();
    labels.get("job").cloned().unwrap_or(first)
}

fn judge(seed: u64, deployment: &Deployment, incident: &Incident, told: &[Told]) -> Judged {
    let mut all: Vec<&Told> = told
        .iter()
        .filter(|told| {
            let labels = &told.alarm.labels;
            let here = labels.get("job").is_none_or(|job| *job == deployment.job);
            let begins = (incident.from..=incident.to + GRACE).contains(&told.alarm.from);
            here && begins && incident.is_told_by(told.nature, labels.get("operation").map(String::as_str))
        })
        .collect();
    all.sort_by_key(|told| told.alarm.from);
    let mut judged = Judged {
        seed,
        job: deployment.job.clone(),
        incident: incident.clone(),
        told: Vec::new(),
        too_quiet: Vec::new(),
    };
    for Told { alarm, .. } in all {
        let list =
            if incident.due.is_met_by(&alarm.severity) { &mut judged.told } else { &mut judged.too_quiet };
        if list.iter().all(|(alert, _)| *alert != alarm.alert) {
            list.push((alarm.alert.clone(), alarm.from - incident.from));
        }
    }
    judged
}

/// Joins the alarms of the same alert and labels between which there is less than an hour.
fn merged(alarms: &[Alarm]) -> Vec<Told> {
    let mut sorted: Vec<&Alarm> = alarms.iter().collect();
    sorted.sort_by(|a, b| (&a.alert, &a.labels, a.from).cmp(&(&b.alert, &b.labels, b.from)));
    let mut all: Vec<Told> = Vec::new();
    for alarm in sorted {
        match all.last_mut() {
            Some(Told { alarm: last, .. })
                if last.alert == alarm.alert
                    && last.labels == alarm.labels
                    && alarm.from - last.to <= SAME =>
            {
                last.to = last.to.max(alarm.to);
            }
            _ => all.push(Told { alarm: alarm.clone(), nature: nature::of(&alarm.alert) }),
        }
    }
    all
}

/// The alarms after those that are the same are one.
pub fn merged_alarms(alarms: &[Alarm]) -> Vec<Alarm> {
    merged(alarms).into_iter().map(|told| told.alarm).collect()
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
