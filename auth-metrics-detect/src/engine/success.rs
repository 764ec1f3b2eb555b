//! What a success does: it makes a pair familiar, and speaks for its source.

use super::contact::CREDIT;
use super::options::Part;
use super::pairs::Failures;
use super::recents::{HOUR, Recent};
use super::seen::Seen;
use super::state::{State, Table, Told};
use crate::detector::Detector;
use crate::detectors::{compromise, mfa, place};
use crate::evidence::weights;
use crate::keys::{mix, place_of};

/// Tells an excuse from a failure in the filter of the hour.
const EXCUSED: u64 = 0xe8c5;
/// Users who make a source a known one on the day they come.
const SHARED_BY: u8 = 3;
/// A user who got the name wrong gets it right within this time, in seconds.
const CORRECTED_SECONDS: f64 = 120.0;
/// Sources that guess at an account within an hour.
const GUESSERS: u8 = 12;

impl State {
    pub(crate) fn succeed(&mut self, seen: &Seen, told: Told<'_>) {
        let operation = self.operations.get_mut(seen.operation);
        operation.tally.successes += 1;
        let Some(pair) = seen.pair else { return };
        if seen.is_familiar {
            operation.tally.familiar += 1;
            operation.count_familiar(false, seen.now);
            self.credit(seen, pair);
            if let Some((hash, index)) = seen.source.and_then(|hash| Some((hash, self.sources.find(hash)?))) {
                self.excuse(seen, index, (hash, pair));
            }
        } else {
            self.meet(seen, pair, told);
        }
        self.pairs.forget(pair);
        self.arrive(seen, told);
    }

    /// Where a user is, if the service can tell.
    fn arrive(&mut self, seen: &Seen, told: Told<'_>) {
        let (Some(places), Some(subject), Some(address)) = (&mut self.places, seen.subject, seen.peer) else {
            return;
        };
        let arrived = places.arrive(subject, address, seen.now);
        if let Some(finding) =
            arrived.and_then(|(from, to, seconds)| place::travel(subject, from, to, seconds))
        {
            self.find(seen, &finding, told);
        }
    }

    /// From now on the pair, the account and its device are known.
    fn know(&mut self, seen: &Seen, pair: u64) {
        for known in [Some(pair), seen.device].into_iter().flatten() {
            if self.familiar.insert(known, seen.now) {
                self.share_familiar(known);
            }
        }
        if let Some(subject) = seen.subject {
            self.familiar.insert(subject, seen.now);
        }
    }

    /// A known user speaks for their source and its network, once in half a day. Nobody makes room for credit: that there are known users
    /// at the source is in the filter.
    fn credit(&mut self, seen: &Seen, pair: u64) {
        if self.credited.contains(pair) {
            return;
        }
        self.credited.insert(pair, seen.now);
        self.know(seen, pair);
        if let Some(hash) = seen.source {
            self.familiar.insert(hash, seen.now);
        }
        if !self.options.has(Part::Credit) {
            return;
        }
        if let Some(hash) = seen.source
            && let Some(index) = self.sources.find_or_fill(hash, seen.now)
        {
            self.sources.add(index, hash, seen.now, weights::SUCCESS);
            let note = self.sources.note(index);
            note.familiar |= 1 << place_of(seen.subject.unwrap_or_default(), 8);
            note.count_day(seen.now, 0, 1);
        }
        if let Some(hash) = seen.net
            && let Some(index) = self.nets.find_or_fill(hash, seen.now)
        {
            self.nets.add(index, hash, seen.now, weights::SUCCESS);
        }
    }

    /// A user who typed names that have no account gets in at last: what these weighed is taken back, once an hour for each user.
    fn excuse(&mut self, seen: &Seen, index: usize, (hash, pair): (u64, u64)) {
        let age = self.sources.age(index, seen.now);
        let note = self.sources.note(index);
        let is_corrected = note.gap(seen.now, age) <= CORRECTED_SECONDS;
        let (weight, probes) = note.take_row();
        let excused = mix(pair, EXCUSED);
        if weight <= 0.0
            || !is_corrected
            || self.broken.contains(excused)
            || !self.options.has(Part::TakeBack)
        {
            return;
        }
        self.broken.insert(excused, seen.now);
        self.sources.add(index, hash, seen.now, -weight);
        if let Some((net, index)) = seen.net.and_then(|net| Some((net, self.nets.find(net)?))) {
            self.nets.add(index, net, seen.now, -weight);
        }
        let operation = self.operations.get_mut(seen.operation);
        operation.excuse(probes, seen.now);
    }

    /// A stranger gets in.
    fn meet(&mut self, seen: &Seen, pair: u64, told: Told<'_>) {
        let failures = self.pairs.within(pair, seen.now, HOUR).copied();
        let failed_before = self.failed.contains(pair);
        let Some(hash) = seen.source else { return };
        let Some(index) = self.admitted(Table::Sources, |state| state.sources.admit(hash, seen.now)) else {
            return;
        };
        let before = self.sources.evidence(index, seen.now);
        let is_fresh = self.sources.note(index).contacts <= u8::from(failed_before);
        self.operations.get_mut(seen.operation).learn_honest(failed_before);
        if before > CREDIT && !seen.is_known_source {
            self.count_met(seen, failures, failed_before, is_fresh);
        }
        self.credited.insert(pair, seen.now);
        self.know(seen, pair);
        self.note_met(seen, index, hash, failed_before);
        self.excuse(seen, index, (hash, pair));
        self.acquit(seen);
        let Some(subject) = seen.subject else { return };
        if self.options.tells_new_sources {
            self.find(seen, &place::new_source(pair), told);
        }
        let is_program = failures.is_some_and(|failures| failures.is_program());
        let is_named = self.suspect(seen, index, (subject, hash), is_program, told);
        self.recents.push(Recent {
            at: seen.now,
            source: hash,
            subject,
            operation: seen.operation,
            failed_first: failed_before,
            is_named,
        });
        if !is_named {
            let source = self.source(seen, index, hash);
            self.name_accounts(seen, &source, told);
        }
    }

    /// A stranger who got in counts for the operation, and their failures do so no longer.
    fn count_met(&mut self, seen: &Seen, failures: Option<Failures>, failed_before: bool, is_fresh: bool) {
        let takes_back = self.options.has(Part::TakeBack);
        self.operations.get_mut(seen.operation).tally.strangers_in += 1;
        // Who fails to log in may get in by another operation: what is taken back is taken back where they failed.
        let failed_at = failures.map_or(seen.operation, |failures| failures.operation);
        let operation = self.operations.get_mut(failed_at);
        if !failed_before || takes_back {
            operation.stranger_in(failed_before, is_fresh, seen.now);
        }
        if failures.is_some() && takes_back {
            operation.tally.contacts -= 1.0;
        }
    }

    /// A stranger who got in speaks for their source.
    fn note_met(&mut self, seen: &Seen, index: usize, hash: u64, failed_before: bool) {
        let age = self.sources.age(index, seen.now);
        let note = self.sources.note(index);
        let gap = note.gap(seen.now, age);
        note.count_day(seen.now, 0, 1);
        if failed_before {
            note.strays = note.strays.saturating_sub(1);
        }
        note.met = note.met.saturating_add(1);
        // An office on its first day: several users got in, and it failed at fewer accounts.
        if note.met >= SHARED_BY && note.strays < note.met {
            self.familiar.insert(hash, seen.now);
        }
        self.sources.add(index, hash, seen.now, weights::corrected(gap));
    }

    /// The network and the account have less evidence against them.
    fn acquit(&mut self, seen: &Seen) {
        if let Some((hash, index)) = seen.net.and_then(|hash| Some((hash, self.nets.find(hash)?))) {
            self.nets.add(index, hash, seen.now, weights::SUCCESS);
        }
        if let Some((hash, index)) = seen.subject.and_then(|hash| Some((hash, self.subjects.find(hash)?))) {
            self.subjects.add(index, hash, seen.now, weights::SUCCESS);
        }
    }

    /// Whether the success itself looks like a guess that was right.
    fn suspect(
        &mut self,
        seen: &Seen,
        index: usize,
        (subject, hash): (u64, u64),
        is_program: bool,
        told: Told<'_>,
    ) -> bool {
        let source = self.source(seen, index, hash);
        let known = self.subjects.find(subject).map(|index| *self.subjects.note(index));
        if known.is_none() && !is_program {
            return false;
        }
        let prompts = known.map_or(0, |note| note.fatigue.count);
        let why = match () {
            () if self.is_under_guessing(seen, subject) => "many sources guessed at it",
            () if self.verdicts.get(Detector::MfaFatigue, subject).is_some() && prompts >= mfa::PROMPTS => {
                "its user was asked until they gave in"
            }
            () if self.verdicts.get(Detector::OtpGuessing, subject).is_some() => {
                "its one-time passwords were guessed"
            }
            () if is_program => "a program tried it until it got in",
            () => return false,
        };
        self.find(seen, &compromise::named(subject, why, compromise::NAMED, &source), told);
        true
    }

    /// Whether so many guess at an account that one of them is likelier to get in than its user from a new place.
    fn is_under_guessing(&mut self, seen: &Seen, subject: u64) -> bool {
        !self.is_everywhere(seen)
            && self.verdicts.get(Detector::AccountGuessing, subject).is_some()
            && self
                .subjects
                .find(subject)
                .is_some_and(|index| self.subjects.note(index).guessers.within(seen.now, HOUR) >= GUESSERS)
    }
}
