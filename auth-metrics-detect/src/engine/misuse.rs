//! What misused tokens, refused prompts and faults do.

use super::seen::Seen;
use super::state::{State, Table, Told};
use crate::detectors::{burst, mfa, source, token};
use crate::evidence::{Misuse, weights};

impl State {
    /// A forged or replayed token.
    pub(crate) fn misuse(&mut self, seen: &Seen, misuse: Misuse, told: Told<'_>) {
        if seen.is_familiar && misuse == Misuse::Doubtful {
            return self.fault(seen, told);
        }
        let (Some(hash), Some(pair)) = (seen.source, seen.pair) else { return };
        let is_held = self.operations.get(seen.operation).held_since.is_some();
        let (_, repeat) = self.pairs.fail(pair, seen.operation, seen.now);
        let is_first = repeat.nth == 1;
        let Some(index) = self.admitted(Table::Sources, |state| state.sources.admit(hash, seen.now)) else {
            return;
        };
        let nth = self.sources.note(index).forged.saturating_add(1);
        let weight = match misuse {
            Misuse::Replayed => weights::REPLAYED,
            Misuse::Forged if is_first => weights::FORGED,
            Misuse::Forged => weights::forged_again(nth),
            Misuse::Doubtful if is_held => 0.0,
            Misuse::Doubtful if is_first => weights::DOUBTFUL,
            Misuse::Doubtful => weights::doubtful_again(nth),
        };
        if self.sources.evidence(index, seen.now) <= 0.0 {
            self.sources.note(index).restart();
        }
        self.sources.add(index, hash, seen.now, if seen.is_convictable { weight } else { 0.0 });
        let note = self.sources.note(index);
        note.forged = note.forged.saturating_add(1);
        note.fail(seen.now);
        note.contacts = note.contacts.saturating_add(u8::from(is_first));
        note.burst.count(seen.now, burst::SECONDS);
        if !seen.is_convictable {
            return;
        }
        let blamed = self.source(seen, index, hash);
        if misuse == Misuse::Replayed {
            self.find(seen, &token::replay(&blamed, seen.is_familiar), told);
        } else if let Some(finding) = source::find(&blamed) {
            self.find(seen, &finding, told);
        }
        if let Some(finding) = burst::find(&blamed) {
            self.find(seen, &finding, told);
        }
    }

    /// The user refused, or ignored, a prompt.
    pub(crate) fn tire(&mut self, seen: &Seen, told: Told<'_>) {
        let Some((subject, index)) = self.refreshed_subject(seen) else { return };
        let prompts = self.subjects.note(index).fatigue.count(seen.now, mfa::PROMPTS_SECONDS);
        if let Some(finding) = mfa::fatigue(subject, prompts) {
            self.find(seen, &finding, told);
        }
    }

    /// The service failed; if it did so for a known user, that is counted. A stranger who tries one account after the other goes on doing
    /// so while the service fails.
    pub(crate) fn fault(&mut self, seen: &Seen, told: Told<'_>) {
        let Some(pair) = seen.pair else { return };
        if seen.is_familiar {
            self.count_broken(seen, pair);
        } else if seen.subject.is_some()
            && seen.is_convictable
            && !seen.is_known_source
            && !self.failed.contains(pair)
        {
            self.failed.insert(pair, seen.now);
            self.blame_on(seen, told);
        }
    }

    /// Blames a source for another account that it tried, though nobody knows whether it would have got in.
    fn blame_on(&mut self, seen: &Seen, told: Told<'_>) {
        let Some(hash) = seen.source else { return };
        let Some(index) = self.admitted(Table::Sources, |state| state.sources.admit(hash, seen.now)) else {
            return;
        };
        let note = self.sources.note(index);
        note.contacts = note.contacts.saturating_add(1);
        note.fail(seen.now);
        if note.contacts > 1 {
            self.sources.add(index, hash, seen.now, weights::UNTOLD);
            let blamed = self.source(seen, index, hash);
            if let Some(finding) = source::find(&blamed) {
                self.find(seen, &finding, told);
            }
        }
    }
}
