//! The score of a world, or of several.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Net;
use crate::episode::Trouble;
use crate::judge::accounts::{self, Accounts};
use crate::judge::calibration::{Calibration, Reached};
use crate::judge::coverage::{self, Coverage};
use crate::judge::facts::Facts;
use crate::judge::replay::Said;
use crate::judge::verdict::Verdict;
use crate::time::MINUTE;
use crate::world::{UPSET, World};

/// A campaign, and who found it first.
#[derive(Clone, Debug)]
pub struct Found {
    pub seed: u64,
    pub name: &'static str,
    /// Seconds after its first attempt that the service answered, and the detector.
    pub first: Option<(f64, String)>,
}

/// A trouble of the service, and what was made of it.
#[derive(Clone, Debug)]
pub struct Named {
    pub trouble: Trouble,
    pub delay: Option<f64>,
    /// Campaigns that were seen in it.
    pub campaigns: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Score {
    pub worlds: usize,
    pub days: f64,
    pub honest: usize,
    /// Sources that have to be found, and how many were convicted or noticed.
    pub due: usize,
    pub found: usize,
    pub noticed: usize,
    /// All hostile sources, even of one guess.
    pub hostile: usize,
    pub convicted: usize,
    pub false_sources: usize,
    pub false_nets: usize,
    /// Accounts that were said to be guessed at, and were not.
    pub false_subjects: usize,
    pub false_campaigns: usize,
    /// Of the false sources and campaigns, those within two days after passwords expired or people got new names.
    pub upset_sources: usize,
    pub upset_campaigns: usize,
    pub campaigns: Vec<Found>,
    pub troubles: Vec<Named>,
    pub coverage: Coverage,
    pub taken: Accounts,
    pub fatigue: Accounts,
    pub calibration: Calibration,
    pub reached: Reached,
    pub bytes: f64,
    pub nanoseconds: f64,
    /// Sources that were taken for a proxy.
    pub proxies: usize,
    pub seconds: f64,
    pub events: usize,
    /// Verdicts by detector.
    pub detectors: BTreeMap<String, usize>,
    /// False ones by detector: whom, and when.
    pub wrongs: BTreeMap<String, Vec<(String, f64)>>,
    /// Sources that had to be found and were not, with their campaigns.
    pub missed: Vec<(String, String)>,
}

impl Score {
    /// Judges what was said about a world.
    pub fn of(world: &World, facts: &Facts<'_>, said: &Said) -> Score {
        let mut verdicts = said.verdicts.clone();
        verdicts.sort_by(|a, b| a.t.total_cmp(&b.t));
        let mut score = Score {
            worlds: 1,
            days: world.days,
            honest: world.honest_attempts(),
            events: world.events.len(),
            bytes: said.summary.bytes,
            nanoseconds: said.summary.nanoseconds,
            proxies: said.summary.proxies as usize,
            seconds: said.seconds,
            coverage: coverage::measure(world, &verdicts),
            calibration: Calibration::of(world, &said.assessed),
            reached: Reached::of(facts, &said.assessed),
            ..Score::default()
        };
        for verdict in &verdicts {
            *score.detectors.entry(verdict.detector.clone()).or_default() += 1;
        }
        score.judge_sources(facts, &verdicts);
        score.judge_campaigns(facts, &verdicts);
        score.judge_troubles(world, &verdicts);
        let (taken, wrong) = accounts::taken(facts, &verdicts);
        score.taken = taken;
        for verdict in wrong {
            score.blame(verdict);
        }
        score.fatigue = accounts::fatigue(facts, &verdicts);
        score
    }

    fn judge_sources(&mut self, facts: &Facts<'_>, verdicts: &[Verdict]) {
        let mut seen = BTreeSet::new();
        let (mut convicted, mut noticed) = (BTreeSet::new(), BTreeSet::new());
        for verdict in verdicts {
            let Some(unit) = &verdict.source else { continue };
            let Some(id) = facts.world.names.find_unit(unit) else { continue };
            let truly = facts.sources[id as usize].was_hostile_at(verdict.t);
            if truly {
                noticed.insert(id);
            }
            if !verdict.is_attack() {
                continue;
            }
            if truly {
                convicted.insert(id);
            }
            if seen.insert((id, truly)) && !truly {
                self.false_sources += 1;
                self.upset_sources += usize::from(UPSET.contains(verdict.t));
                self.blame(verdict);
            }
        }
        let due = facts.sources.iter().enumerate().filter(|(_, source)| source.is_due());
        for (id, source) in due {
            self.due += 1;
            if convicted.contains(&(id as u32)) {
                self.found += 1;
            } else {
                let campaigns =
                    source.campaigns.iter().map(|&at| facts.world.campaigns[usize::from(at) - 1].name);
                let of = campaigns.collect::<Vec<_>>().join("+");
                self.missed.push((facts.world.names.units[id].to_string(), of));
            }
            self.noticed += usize::from(noticed.contains(&(id as u32)));
        }
        self.hostile = facts.sources.iter().filter(|source| source.hostile > 0).count();
        self.convicted = convicted.len();
    }

    fn blame(&mut self, verdict: &Verdict) {
        let whom = match (&verdict.source, &verdict.net, &verdict.subject) {
            (Some(unit), ..) => unit.to_string(),
            (_, Some(net), _) => net.to_string(),
            (.., Some(subject)) => subject.clone(),
            _ => verdict.operation.clone(),
        };
        self.wrongs.entry(verdict.detector.clone()).or_default().push((whom, verdict.t));
    }

    fn judge_campaigns(&mut self, facts: &Facts<'_>, verdicts: &[Verdict]) {
        let mut first: BTreeMap<u8, (f64, String)> = BTreeMap::new();
        let mut nets: BTreeSet<&Net> = BTreeSet::new();
        let mut subjects: BTreeSet<&str> = BTreeSet::new();
        for verdict in verdicts.iter().filter(|verdict| verdict.is_attack()) {
            for campaign in facts.blamed(verdict) {
                let delay = verdict.t - facts.started[campaign as usize - 1];
                if delay >= 0.0 {
                    first.entry(campaign).or_insert((delay, verdict.detector.clone()));
                }
            }
            if let Some(net) = &verdict.net
                && facts.of_net(verdict).is_empty()
                && nets.insert(net)
            {
                self.false_nets += 1;
                self.blame(verdict);
            }
            if let Some(subject) = &verdict.subject
                && verdict.detector == "account_guessing"
                && facts.blamed(verdict).is_empty()
                && subjects.insert(subject)
            {
                self.false_subjects += 1;
                self.blame(verdict);
            }
            let nothing = (0..facts.spans.len()).all(|campaign| !facts.is_on(campaign, verdict.t));
            if verdict.is_campaign() && nothing {
                self.false_campaigns += 1;
                self.upset_campaigns += usize::from(UPSET.contains(verdict.t));
                self.blame(verdict);
            }
        }
        for (at, campaign) in facts.world.campaigns.iter().enumerate() {
            let first = first.remove(&(at as u8 + 1));
            self.campaigns.push(Found { seed: facts.world.seed, name: campaign.name, first });
        }
    }

    fn judge_troubles(&mut self, world: &World, verdicts: &[Verdict]) {
        for episode in &world.episodes.0 {
            let during = episode.span.and(10.0 * MINUTE);
            let named = verdicts
                .iter()
                .find(|verdict| verdict.detector == "regression_suspected" && during.contains(verdict.t));
            let inside = |verdict: &&Verdict| verdict.is_campaign() && during.contains(verdict.t);
            self.troubles.push(Named {
                trouble: episode.trouble,
                delay: named.map(|verdict| verdict.t - episode.span.from),
                campaigns: verdicts.iter().filter(inside).count(),
            });
        }
    }

    /// Adds the score of another world.
    pub fn join(&mut self, other: Score) {
        self.worlds += other.worlds;
        self.days += other.days;
        self.honest += other.honest;
        self.due += other.due;
        self.found += other.found;
        self.noticed += other.noticed;
        self.hostile += other.hostile;
        self.convicted += other.convicted;
        self.false_sources += other.false_sources;
        self.false_nets += other.false_nets;
        self.false_subjects += other.false_subjects;
        self.false_campaigns += other.false_campaigns;
        self.upset_sources += other.upset_sources;
        self.upset_campaigns += other.upset_campaigns;
        self.campaigns.extend(other.campaigns);
        self.troubles.extend(other.troubles);
        self.coverage.attempts += other.coverage.attempts;
        self.coverage.after_source += other.coverage.after_source;
        self.coverage.after_any += other.coverage.after_any;
        self.taken.join(other.taken);
        self.fatigue.join(other.fatigue);
        self.calibration.join(&other.calibration);
        self.reached.join(other.reached);
        self.missed.extend(other.missed);
        self.bytes = self.bytes.max(other.bytes);
        self.nanoseconds = self.nanoseconds.max(other.nanoseconds);
        self.proxies += other.proxies;
        self.seconds += other.seconds;
        self.events += other.events;
        for (detector, count) in other.detectors {
            *self.detectors.entry(detector).or_default() += count;
        }
        for (detector, wrong) in other.wrongs {
            self.wrongs.entry(detector).or_default().extend(wrong);
        }
    }

    pub fn recall(&self) -> f64 {
        ratio(self.found, self.due)
    }

    pub fn precision(&self) -> f64 {
        ratio(self.convicted, self.convicted + self.false_sources)
    }

    /// For each 100,000 honest attempts.
    pub fn per_100k(&self, count: usize) -> f64 {
        count as f64 * 1e5 / self.honest.max(1) as f64
    }
}

/// A share; of nothing, all.
pub fn ratio(part: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { part as f64 / all as f64 }
}
