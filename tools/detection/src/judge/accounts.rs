//! Accounts that attackers got into or worked at, and those that verdicts name.

use std::collections::BTreeSet;

use crate::address::SubjectId;
use crate::judge::facts::Facts;
use crate::judge::score::ratio;
use crate::judge::verdict::Verdict;
use crate::time::HOUR;

/// Accounts: how many there were to be named, and who was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    pub due: usize,
    pub named: usize,
    pub wrong: usize,
}

impl Accounts {
    /// The share that was named.
    pub fn share(&self) -> f64 {
        ratio(self.named, self.due)
    }

    /// The share of the named that was named for nothing.
    pub fn wrong_share(&self) -> f64 {
        self.wrong as f64 / (self.named + self.wrong).max(1) as f64
    }

    pub fn join(&mut self, other: Accounts) {
        self.due += other.due;
        self.named += other.named;
        self.wrong += other.wrong;
    }
}

/// Accounts that were taken, and those that a verdict named within the hour. And the verdicts that named others.
pub fn taken<'a>(facts: &Facts<'_>, verdicts: &'a [Verdict]) -> (Accounts, Vec<&'a Verdict>) {
    let named = named(facts, verdicts, &["compromise_suspected"]);
    let in_time = |subject: SubjectId, at: f64| {
        named.iter().any(|&(name, verdict)| name == subject && verdict.t >= at && verdict.t <= at + HOUR)
    };
    let is_wrong = |name: &SubjectId, t: f64| facts.taken.get(name).is_none_or(|&at| at > t);
    let wrong: Vec<&Verdict> = named
        .iter()
        .filter(|(name, verdict)| is_wrong(name, verdict.t))
        .map(|&(_, verdict)| verdict)
        .collect();
    let accounts = Accounts {
        due: facts.taken.len(),
        named: facts.taken.iter().filter(|(subject, at)| in_time(**subject, **at)).count(),
        wrong: wrong.len(),
    };
    (accounts, wrong)
}

/// Accounts whose second factor was attacked, and those that a verdict named.
pub fn fatigue(facts: &Facts<'_>, verdicts: &[Verdict]) -> Accounts {
    let verdicts = named(facts, verdicts, &["mfa_fatigue", "otp_guessing"]);
    let named: BTreeSet<SubjectId> = verdicts.into_iter().map(|(subject, _)| subject).collect();
    let attacked = |name: &str| matches!(name, "OTP guessing" | "push bombing");
    let due: BTreeSet<SubjectId> = facts
        .contacts
        .keys()
        .filter(|(campaign, _)| attacked(facts.world.campaigns[*campaign as usize - 1].name))
        .map(|&(_, subject)| subject)
        .collect();
    Accounts {
        due: due.len(),
        named: due.intersection(&named).count(),
        wrong: named.difference(&due).count(),
    }
}

fn named<'a>(
    facts: &Facts<'_>,
    verdicts: &'a [Verdict],
    detectors: &[&str],
) -> Vec<(SubjectId, &'a Verdict)> {
    let of = verdicts.iter().filter(|verdict| detectors.contains(&verdict.detector.as_str()));
    of.filter_map(|verdict| Some((facts.world.names.find_subject(verdict.subject.as_deref()?)?, verdict)))
        .collect()
}
