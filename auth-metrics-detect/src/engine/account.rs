//! What strangers do to accounts, and which accounts they got into.

use super::contact::seconds;
use super::options::Part;
use super::recents::HOUR;
use super::seen::Seen;
use super::state::{State, Table, Told};
use crate::detector::Detector;
use crate::detectors::{Finding, Source, account, compromise, hash_of_operation, mfa};
use crate::evidence::{Class, Prior, weights};

/// An account that strangers from so many sources failed at tells something about the next one: if nobody ever got in, and if its user
/// does.
const SOURCES: u8 = 3;
const SOURCES_OF_KNOWN: u8 = 8;
const WALK_OF_SUBJECT: f32 = 3.0;
/// Accounts that are named during a campaign.
const ACCOUNTS: u32 = 64;

impl State {
    /// The share of bad ones among the strangers who fail at an account. Where nobody ever got in, few are enough to tell.
    pub(super) fn share_of_subject(&mut self, seen: &Seen) -> f32 {
        let Some(subject) = seen.subject.filter(|_| self.options.has(Part::Subject)) else { return 0.0 };
        let Some(index) = self.subjects.find(subject) else { return 0.0 };
        let is_known = self.familiar.contains(subject);
        let least = if is_known { SOURCES_OF_KNOWN } else { SOURCES };
        let note = *self.subjects.note(index);
        // Where its user gets in, only what happens now tells.
        let sources = if is_known { note.guessers.within(seen.now, HOUR) } else { note.sources };
        let is_recent = !is_known || self.subjects.age(index, seen.now) <= HOUR;
        if sources < least || !is_recent || self.subjects.evidence(index, seen.now) < WALK_OF_SUBJECT {
            return 0.0;
        }
        (1.0 - 2.0 / (f32::from(sources) + 2.0)).min(Prior::MOST)
    }

    pub(super) fn blame_subject(&mut self, seen: &Seen, is_first: bool, told: Told<'_>) {
        let Some(subject) = seen.subject.filter(|_| self.options.has(Part::Subject)) else { return };
        let Some(index) = self.admitted(Table::Subjects, |state| state.subjects.admit(subject, seen.now))
        else {
            return;
        };
        let before = self.subjects.evidence(index, seen.now);
        let gap = seconds(self.subjects.age(index, seen.now));
        if before <= 0.0 {
            self.subjects.note(index).sources = 0;
        }
        let honest = self.operations.get(seen.operation).honest_failures(seen.now);
        let weight = if is_first { weights::SUBJECT.min(weights::guess(honest)) } else { 0.2 };
        let walk = self.subjects.add(index, subject, seen.now, weight);
        let note = self.subjects.note(index);
        if is_first {
            note.sources = note.sources.saturating_add(1);
            note.guessers.count(seen.now, HOUR);
        }
        let sources = note.sources;
        self.subjects.set_flag(index, sources >= SOURCES);
        if let Some(finding) =
            account::find(subject, walk, sources, gap).filter(|_| !self.is_everywhere(seen))
        {
            self.find(seen, &finding, told);
        }
    }

    /// Whether a campaign tries so many accounts that naming more of them tells nobody anything.
    pub(crate) fn is_everywhere(&self, seen: &Seen) -> bool {
        let campaign = hash_of_operation(seen.operation);
        self.verdicts.active(Detector::AccountGuessing) >= ACCOUNTS
            && self.verdicts.get(Detector::Campaign, campaign).is_some()
    }

    /// The accounts that this source got into within the hour, now that more is known of it.
    pub(crate) fn name_accounts(&mut self, seen: &Seen, blamed: &Source, told: Told<'_>) {
        if !compromise::is_guesser(blamed) {
            return;
        }
        let mut found: [Option<(Finding, u8)>; 4] = [None; 4];
        let mut free = found.iter_mut();
        for recent in self.recents.unnamed_from(blamed.hash, seen.now) {
            if Some(recent.subject) == seen.subject && seen.class != Class::Success {
                continue;
            }
            let others = blamed.contacts.saturating_sub(recent.failed_first.into());
            let finding = compromise::by_source(blamed, recent.subject, others);
            if let (Some(finding), Some(place)) = (finding, free.next()) {
                recent.is_named = true;
                *place = Some((finding, recent.operation));
            }
        }
        for (finding, operation) in found.into_iter().flatten() {
            self.find_at(seen.now, operation, seen.peer, &finding, told);
        }
    }

    /// The account of an attempt and its entry, without counts that are too old for their ticks, which wrap.
    pub(crate) fn refreshed_subject(&mut self, seen: &Seen) -> Option<(u64, usize)> {
        let subject = seen.subject?;
        let index = self.admitted(Table::Subjects, |state| state.subjects.admit(subject, seen.now))?;
        if self.subjects.age(index, seen.now) > HOUR {
            let note = self.subjects.note(index);
            (note.codes, note.fatigue, note.guessers) = Default::default();
        }
        self.subjects.add(index, subject, seen.now, 0.0);
        Some((subject, index))
    }

    /// Wrong one-time passwords.
    pub(super) fn count_code(&mut self, seen: &Seen, told: Told<'_>) {
        let Some((subject, index)) = self.refreshed_subject(seen) else { return };
        let codes = self.subjects.note(index).codes.count(seen.now, mfa::CODES_SECONDS);
        if let Some(finding) = mfa::codes(subject, codes) {
            self.find(seen, &finding, told);
        }
    }
}
