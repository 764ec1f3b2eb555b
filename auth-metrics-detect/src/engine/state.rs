//! `State`: everything that the engine knows. One owner feeds it, one attempt after another.

use std::cell::Cell;

use super::counts::Counts;
use super::distinct::DistinctCounts;
use super::kept::Replicas;
use super::notes::{NetNote, SourceNote, SubjectNote};
use super::operation::WINDOW;
use super::operations::Operations;
use super::options::{Options, Part};
use super::pairs::Pairs;
use super::places::Places;
use super::proxy::Proxies;
use super::recents::Recents;
use super::seen::{Seen, address};
use super::shared::Shared;
use super::trusted::Trusted;
use super::verdicts::Verdicts;
use crate::attempt::Attempt;
use crate::clock::EventClock;
use crate::detection::Detection;
use crate::detectors::timing;
use crate::evidence::Class;
use crate::keys::{Keys, SubjectHash, mix};
use crate::learning::Forecasts;
use crate::sketch::{Filter, Walks};

/// How long a pair that succeeded is known, in seconds: between one and two of these.
const FAMILIAR_LIFETIME: f64 = 15.0 * 86_400.0;
/// How long a failed contact is remembered, and a credit lasts, and a known user that fails counts once.
const FAILED_LIFETIME: f64 = 24.0 * 3600.0;
const CREDIT_LIFETIME: f64 = 12.0 * 3600.0;
const BROKEN_LIFETIME: f64 = 3600.0;
/// After a longer silence of all operations nothing is left to fade.
const MOST_WINDOWS: usize = 2000;

/// The share of attempts that end without an error of the service: that of the rules, unless they are told another.
const OBJECTIVE: f32 = 0.999;
/// Walks that are swept in a window.
const SWEPT: usize = 4;
/// After a longer silence nothing of a walk is left, in seconds.
const LONG_AGO: f64 = 100.0 * 86_400.0;
/// One in so many attempts is looked at for proxies.
const SAMPLE: u64 = 4;

/// What is no table, in bytes, at most; the rest of the memory is shared among tables, in so many parts.
const FIXED: usize = 62 << 10;
const SHARES: usize = 450;

/// Who is told of detections.
pub(crate) type Told<'a> = &'a mut dyn FnMut(&Detection);

pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) keys: Keys,
    pub(crate) trusted: Trusted,
    pub(crate) clock: EventClock,
    pub(crate) sources: Walks<SourceNote>,
    pub(crate) nets: Walks<NetNote>,
    pub(crate) subjects: Walks<SubjectNote>,
    pub(crate) familiar: Filter,
    pub(crate) failed: Filter,
    pub(crate) credited: Filter,
    pub(crate) broken: Filter,
    pub(crate) pairs: Pairs,
    pub(crate) recents: Recents,
    pub(crate) verdicts: Verdicts,
    pub(crate) operations: Operations,
    pub(crate) proxies: Proxies,
    pub(crate) distinct: DistinctCounts,
    pub(crate) places: Option<Places>,
    pub(crate) forecasts: Forecasts,
    pub(crate) window_began: f64,
    pub(crate) swept: usize,
    pub(crate) next_id: u32,
    pub(crate) counts: Counts,
    pub(crate) shared: Shared,
    /// None if nothing is shared.
    pub(crate) replicas: Option<Box<Replicas>>,
}

/// A table of walks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Table {
    Sources,
    Nets,
    Subjects,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fed {
    pub(crate) operation: u8,
    pub(crate) is_unfamiliar: bool,
}

impl State {
    pub(crate) fn new(options: Options, keys: Keys, trusted: Trusted) -> State {
        let share = |share: usize| options.memory.saturating_sub(FIXED) / SHARES * share;
        let half_life = options.half_life;
        let sources = Walks::new(share(124), half_life);
        let nets = Walks::new(share(30), half_life);
        let subjects = Walks::new(share(60), half_life);
        let familiar = Filter::new(share(112), FAMILIAR_LIFETIME);
        let shared = Shared::new(&sources, &nets, &subjects, &familiar, keys.clone(), options.thresholds);
        State {
            failed: Filter::new(share(36), FAILED_LIFETIME),
            credited: Filter::new(share(20), CREDIT_LIFETIME),
            broken: Filter::new(share(4), BROKEN_LIFETIME),
            pairs: Pairs::new(share(12)),
            recents: Recents::new(share(12)),
            verdicts: Verdicts::new(share(40)),
            operations: Operations::new(),
            proxies: Proxies::default(),
            distinct: DistinctCounts::new(EventClock::ORIGIN),
            places: None,
            forecasts: Forecasts::new(OBJECTIVE),
            clock: EventClock::default(),
            window_began: EventClock::ORIGIN,
            swept: 0,
            next_id: 1,
            counts: Counts::default(),
            options,
            keys,
            trusted,
            sources,
            nets,
            subjects,
            familiar,
            shared,
            replicas: None,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let walks = self.sources.bytes() + self.nets.bytes() + self.subjects.bytes();
        let filters = [&self.familiar, &self.failed, &self.credited, &self.broken].map(Filter::bytes);
        let tables =
            self.pairs.bytes() + self.recents.bytes() + self.verdicts.bytes() + self.operations.bytes();
        let places = self.places.as_ref().map_or(0, |_| Places::BYTES);
        let own = size_of::<State>()
            + walks
            + filters.iter().sum::<usize>()
            + tables
            + places
            + DistinctCounts::BYTES;
        own + self.bytes_of_replicas()
    }

    /// Takes an attempt in, and tells what begins and ends with it.
    pub(crate) fn feed(&mut self, attempt: &Attempt<'_>, told: Told<'_>) -> Fed {
        let now = self.clock.advance(attempt.at);
        self.counts.events = self.counts.events.saturating_add(1);
        self.pass(now, usize::MAX, told);
        let seen = self.see(attempt, now);
        self.learn(&seen, attempt, told);
        match seen.class {
            Class::Success => self.succeed(&seen, told),
            Class::Guess | Class::Probe => self.fail(&seen, told),
            Class::Misuse(misuse) => self.misuse(&seen, misuse, told),
            Class::Fatigue => self.tire(&seen, told),
            Class::Fault => self.fault(&seen, told),
            Class::Refused | Class::Nothing => {}
        }
        self.shared.publish_time(now);
        if !seen.is_familiar {
            self.shared.publish(now, seen.operation, self.operations.get(seen.operation));
        }
        Fed { operation: seen.operation, is_unfamiliar: seen.pair.is_some() && !seen.is_familiar }
    }

    fn see(&mut self, attempt: &Attempt<'_>, now: f64) -> Seen {
        let operation = self.operations.index(attempt.service, attempt.operation);
        let class = Class::of(attempt.outcome);
        let peer = address(attempt.peer.as_ref());
        let subject =
            attempt.subject.filter(|subject| !subject.is_empty()).map(|subject| self.keys.subject(subject).0);
        let source = attempt.peer.as_ref().map(|peer| self.keys.source(peer).0);
        let pair = source.map(|source| mix(source, subject.unwrap_or_default()));
        let device = attempt.device.filter(|device| !device.is_empty()).zip(subject);
        let device = device.map(|(device, subject)| mix(self.keys.device(device), subject));
        let has_familiar = self.options.has(Part::Familiar);
        let is_known = |hash: Option<u64>| hash.is_some_and(|hash| self.familiar.contains(hash));
        let is_familiar = has_familiar && (is_known(pair) | is_known(device));
        let is_known_source = !is_familiar && self.options.has(Part::Credit) && is_known(source);
        let is_failing = matches!(class, Class::Guess | Class::Probe | Class::Misuse(_));
        let failing = source.filter(|_| is_failing);
        let is_familiar =
            is_familiar || has_familiar && self.is_familiar_elsewhere([pair, device], failing, now);
        let is_code = attempt.outcome.reason() == Some(auth_metrics::Reason::MfaInvalid);
        let mut is_convictable = !peer.is_some_and(|peer| peer.is_loopback() || self.trusted.contains(peer));
        if let Some(source) = source {
            let is_success = class == Class::Success;
            // A proxy has a quarter of all attempts, so a sample finds it.
            if self.counts.events.is_multiple_of(SAMPLE)
                && self.proxies.count(source, subject.unwrap_or_default(), is_success, now)
            {
                self.counts.proxies += 1;
            }
            is_convictable &= !self.proxies.is_proxy(source);
        }
        Seen {
            now,
            operation,
            class,
            source,
            subject,
            pair,
            device,
            is_convictable,
            is_familiar,
            is_known_source,
            is_code,
            peer,
            net: peer.map(|peer| self.keys.net(peer).0),
        }
    }

    /// Counts an attempt for what is learned of its operation, and takes its latency.
    fn learn(&mut self, seen: &Seen, attempt: &Attempt<'_>, told: Told<'_>) {
        self.distinct.add([seen.subject, seen.source, seen.net]);
        let operation = self.operations.get_mut(seen.operation);
        let is_held = operation.is_held(seen.now);
        let Some(lessons) = &mut operation.lessons else { return };
        lessons.count(attempt.outcome, seen.is_familiar);
        let Some(took) = attempt.took.filter(|_| !is_held) else { return };
        if let Some(leak) = lessons.time(seen.now, attempt.outcome, took.as_secs_f32()) {
            self.find(seen, &timing::find(seen.operation, &leak), told);
        }
    }

    /// Lets time pass: windows end, and verdicts that are silent. Stops after a window, or a verdict, when it has told as much as there is
    /// `room` for; whether it got to the end.
    fn pass(&mut self, now: f64, room: usize, told: Told<'_>) -> bool {
        if now - self.window_began > LONG_AGO {
            // Their ticks wrap, and after so long nothing is left of them anyway.
            self.sources.clear_all();
            self.nets.clear_all();
            self.subjects.clear_all();
        }
        let (mut windows, count) = (0, Cell::new(0));
        let told = &mut |detection: &Detection| {
            count.set(count.get() + 1);
            told(detection);
        };
        loop {
            while let Some(verdict) = self.verdicts.expire(self.window_began) {
                self.tell_end(&verdict, self.window_began, told);
                if count.get() >= room {
                    return false;
                }
            }
            if now - self.window_began < WINDOW {
                return true;
            }
            self.window_began += WINDOW;
            windows += 1;
            if windows > MOST_WINDOWS {
                self.window_began = now;
            }
            self.close_windows(told);
            if count.get() >= room {
                return false;
            }
        }
    }

    /// Whether a window ends before a time as attempts have it.
    pub(crate) fn is_behind(&self, at: f64) -> bool {
        self.clock.now + (at - self.clock.latest) - self.window_began >= WINDOW
    }

    /// Lets time pass until an attempt comes, or until a time as attempts have it while there are none. What it tells at once fits into
    /// `room`, but for what the operations say at the end of one window; whether it got to the end.
    pub(crate) fn pass_until(&mut self, at: f64, room: usize, told: Told<'_>) -> bool {
        if !self.clock.has_begun || at < self.clock.latest {
            return true;
        }
        let now = self.clock.advance(at);
        let is_done = self.pass(now, room, told);
        self.shared.publish_time(now);
        is_done
    }

    /// Forgets what is known of an account.
    pub(crate) fn forget(&mut self, subject: SubjectHash) {
        if let Some(index) = self.subjects.find(subject.0) {
            self.subjects.clear(index);
        }
        self.forget_elsewhere(subject.0);
        self.recents.forget(subject.0);
        if let Some(places) = &mut self.places {
            places.forget(subject.0);
        }
        self.verdicts.forget(subject.0);
    }

    fn close_windows(&mut self, told: Told<'_>) {
        let at = self.window_began;
        self.distinct.pass(at);
        for filter in [&mut self.familiar, &mut self.failed, &mut self.credited, &mut self.broken] {
            filter.pass(at);
        }
        for index in 0..self.operations.len() {
            self.close_window(index, at, told);
        }
        for _ in 0..SWEPT {
            self.swept = (self.swept + 1) % self.sources.len();
            let swept = self.swept;
            self.sources.sweep(swept, at);
            self.nets.sweep(swept % self.nets.len(), at);
            self.subjects.sweep(swept % self.subjects.len(), at);
        }
    }
}
