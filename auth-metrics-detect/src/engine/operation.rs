//! `Operation`: what is known of one operation as a whole, in windows of a minute.

use std::sync::Arc;

use super::learned::Lessons;
use crate::detectors::regression;
use crate::evidence::{Prior, weights};
use crate::sketch::{Cusum, Fading, Smooth};

/// Seconds of a window.
pub(crate) const WINDOW: f64 = 60.0;
/// How long the prior remembers; and the one that follows fast.
const PRIOR_HALF_LIFE: f64 = 3.0 * 3600.0;
const FAST_HALF_LIFE: f64 = 600.0;
/// Windows that the traffic is smoothed over.
const TRAFFIC: f32 = 30.0;
/// A day of windows.
const DAY: f32 = 1440.0;
/// What first contacts fail for each success, before anything is learned, and the most and the least that is believed.
const FAILED_SHARE: f32 = 0.01;
const FAILED_SHARES: [f32; 2] = [0.002, 0.1];
/// First contacts that are never resolved, for each stranger who gets in.
const UNRESOLVED: f32 = 0.1;
/// There is always some noise, in first contacts a window.
const NOISE: f32 = 0.03;
/// What an attack adds at least, in first contacts a window.
const SMALLEST_ATTACK: f32 = 0.4;
/// Known users that fail for each attempt of a known user, before anything is learned, and within which limits it is.
const BROKEN_SHARE: f32 = 0.05;
const BROKEN_SHARES: [f32; 2] = [0.01, 0.3];
/// Known users that fail more in a broken window.
const SMALLEST_REGRESSION: f32 = 0.6;
const BROKEN_NOISE: f32 = 0.05;
/// How long the share of known users that fail now is remembered, in seconds.
const NOW_HALF_LIFE: f64 = 180.0;

/// Sums below which a window is learned.
const CALM: f32 = 4.0;

/// What happened in a window that is not over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) successes: u32,
    pub(crate) strangers_in: u32,
    /// Failed first contacts of sources without credit, less those that were resolved; and how many of them were probes.
    pub(crate) contacts: f32,
    pub(crate) probes: f32,
    pub(crate) familiar: u32,
    pub(crate) broken: u32,
}

/// One operation of one service.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) service: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) tally: Tally,
    pub(crate) prior: Prior,
    pub(crate) fast_prior: Prior,
    /// How often an honest stranger's first contact fails.
    pub(crate) honest: Smooth,
    successes: Smooth,
    strangers_in: Smooth,
    familiar: Smooth,
    failed_share: f32,
    broken_share: f32,
    dispersion: Smooth,
    pub(crate) campaign: Cusum,
    pub(crate) enumeration: Cusum,
    pub(crate) regression: Cusum,
    /// Known users that fail now as strangers do, and known users.
    failing_now: Fading,
    familiar_now: Fading,
    /// Which of 64 groups of accounts and sources the failed contacts of the last windows fall into.
    pub(crate) shape: Shape,
    /// Since when learning is held.
    pub(crate) held_since: Option<f64>,
    /// Only of the first operations: each takes some kibibytes.
    pub(crate) lessons: Option<Box<Lessons>>,
}

/// Distinct accounts and sources of failed contacts, roughly.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    pub(crate) contacts: f32,
    pub(crate) subjects: u64,
    pub(crate) sources: u64,
    pub(crate) probes: f32,
}

impl Operation {
    pub(crate) fn new(service: &str, name: &str, lessons: Option<Box<Lessons>>) -> Operation {
        Operation {
            service: service.into(),
            name: name.into(),
            tally: Tally::default(),
            prior: Prior::new(PRIOR_HALF_LIFE),
            fast_prior: Prior::new(FAST_HALF_LIFE),
            honest: Smooth { value: weights::GUESS_OF_HONEST, weight: 200.0 },
            successes: Smooth::default(),
            strangers_in: Smooth::default(),
            familiar: Smooth::default(),
            failed_share: FAILED_SHARE,
            broken_share: BROKEN_SHARE,
            dispersion: Smooth { value: 1.0, weight: 60.0 },
            campaign: Cusum::default(),
            enumeration: Cusum::default(),
            regression: Cusum::default(),
            failing_now: Fading::default(),
            familiar_now: Fading::default(),
            shape: Shape::default(),
            held_since: None,
            lessons,
        }
    }

    /// A known user succeeded, or failed in a way that a stranger may fail too.
    pub(crate) fn count_familiar(&mut self, is_failing: bool, now: f64) {
        self.familiar_now.add(1.0, now, NOW_HALF_LIFE);
        if is_failing {
            self.failing_now.add(1.0, now, NOW_HALF_LIFE);
        }
    }

    /// How often an honest stranger fails now: as often as they ever do, and at least as often as known users fail at this moment.
    pub(crate) fn honest_failures(&self, now: f64) -> f32 {
        let familiar = self.familiar_now.get(now, NOW_HALF_LIFE);
        let failing = self.failing_now.get(now, NOW_HALF_LIFE);
        let share = (failing - failing.sqrt()).max(0.0) / familiar.max(8.0);
        self.honest.value.max(share)
    }

    /// The share of bad ones among strangers, on the careful side: what convicts.
    pub(crate) fn share_of_bad(&self, now: f64) -> f32 {
        self.prior.share(now, self.honest.value, 1.0)
    }

    /// The same without care, and following fast: what a risk is made of.
    pub(crate) fn risk(&self, now: f64) -> f32 {
        self.fast_prior.share(now, self.honest.value, 0.0)
    }

    /// Whether nothing is believed, nor learned: known users fail.
    pub(crate) fn is_held(&self, now: f64) -> bool {
        self.held_since.is_some_and(|since| now - since < regression::LONGEST_HOLD)
    }

    /// A stranger fails for the first time; `is_fresh` if nothing is known of its source.
    pub(crate) fn contact(&mut self, is_fresh: bool, now: f64) {
        if self.is_held(now) {
            return;
        }
        self.prior.contact(now);
        if is_fresh {
            self.fast_prior.contact(now);
        }
    }

    /// A stranger gets in: for the first time, or after failures, which are taken back then.
    pub(crate) fn stranger_in(&mut self, failed_before: bool, is_fresh: bool, now: f64) {
        if self.is_held(now) {
            return;
        }
        let priors = [Some(&mut self.prior), Some(&mut self.fast_prior).filter(|_| is_fresh)];
        for prior in priors.into_iter().flatten() {
            if !failed_before {
                prior.contact(now);
            }
            prior.success(now);
        }
    }

    /// Takes back names without an account that a user typed before they got in. At a known source they never counted.
    pub(crate) fn excuse(&mut self, probes: u8, now: f64) {
        if self.is_held(now) {
            return;
        }
        for _ in 0..probes {
            self.prior.success(now);
        }
        self.tally.contacts -= f32::from(probes);
        self.tally.probes -= f32::from(probes);
    }

    /// Learns from a stranger who got in, at once or after failures.
    pub(crate) fn learn_honest(&mut self, failed_first: bool) {
        self.honest.add(f32::from(u8::from(failed_first)), 2000.0);
        self.honest.value = self.honest.value.clamp(0.04, 0.2);
    }

    /// Whether a detector of attacks fires, or nearly does.
    pub(crate) fn looks_attacked(&self) -> bool {
        self.campaign.value >= CALM || self.enumeration.value >= CALM
    }

    /// Ends a window; how many known users it expected to fail.
    pub(crate) fn close_window(&mut self, is_guarded: bool, is_held: bool) -> f32 {
        let tally = std::mem::take(&mut self.tally);
        let expected = self.expected(&tally);
        let attacked = 2.0 * expected + SMALLEST_ATTACK;
        // What strangers do while known users fail too says nothing.
        if !is_held {
            self.campaign.add(tally.contacts, expected, attacked, self.dispersion.value.max(1.0));
            self.enumeration.add(tally.probes, expected, attacked, self.dispersion.value.max(1.0));
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
        let [successes, strangers_in, familiar, failed] =
            [tally.successes, tally.strangers_in, tally.familiar, tally.broken].map(|count| count as f32);
        let broken = self.broken_share * self.familiar.value.max(familiar) + BROKEN_NOISE;
        self.regression.add(failed, broken, 3.0 * broken + SMALLEST_REGRESSION, 1.5);

        let is_calm = self.campaign.value < CALM && self.regression.value < CALM;
        if is_calm || !is_guarded {
            self.learn(tally.contacts, expected, [failed, familiar]);
        }
        self.successes.add(successes, TRAFFIC);
        self.strangers_in.add(strangers_in, TRAFFIC);
        self.familiar.add(familiar, TRAFFIC);
        broken
    }

    fn learn(&mut self, contacts: f32, expected: f32, [failed, familiar]: [f32; 2]) {
        let smoothed = self.successes.value.max(0.2);
        let step = (contacts.max(0.0) / smoothed - self.failed_share) / DAY;
        // Whoever raises it slowly does not raise it far: at most a tenth a day.
        self.failed_share = (self.failed_share + step.min(0.1 * self.failed_share / DAY))
            .clamp(FAILED_SHARES[0], FAILED_SHARES[1]);
        let off = contacts - expected;
        self.dispersion.add((off * off / expected).min(20.0), DAY);
        self.dispersion.value = self.dispersion.value.clamp(1.0, 4.0);
        if familiar > 0.0 {
            let step = (failed / familiar - self.broken_share) * familiar / (familiar + 200.0) / 4.0;
            self.broken_share = (self.broken_share + step).clamp(BROKEN_SHARES[0], BROKEN_SHARES[1]);
        }
    }

    /// How many failed first contacts of sources without credit a window has without an attack.
    fn expected(&self, tally: &Tally) -> f32 {
        // A crowd comes at once: what succeeds in this window counts as well as what did before.
        #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
        let [successes, strangers_in] = [tally.successes, tally.strangers_in].map(|count| count as f32);
        self.failed_share * self.successes.value.max(successes)
            + UNRESOLVED * self.strangers_in.value.max(strangers_in)
            + NOISE
    }

    /// Whether nothing is going on: no window without counts changes anything.
    pub(crate) fn is_idle(&self) -> bool {
        self.tally == Tally::default()
            && self.campaign.value == 0.0
            && self.enumeration.value == 0.0
            && self.regression.value == 0.0
            && self.successes.value < 0.001
    }
}

impl Shape {
    pub(crate) fn count(&mut self, source: u64, subject: u64, is_probe: bool) {
        self.contacts += 1.0;
        self.subjects |= 1 << (subject >> 58);
        self.sources |= 1 << (source >> 58);
        self.probes += f32::from(u8::from(is_probe));
    }

    /// Begins anew once the windows have enough.
    pub(crate) fn fade(&mut self) {
        if self.contacts > 64.0 {
            *self = Shape::default();
        }
    }

    /// Failed contacts and, about, different accounts.
    pub(crate) fn counts(&self) -> [u32; 2] {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some dozens")]
        let contacts = self.contacts as u32;
        [contacts, self.subjects.count_ones()]
    }

    /// What a campaign looks like, in words.
    pub(crate) fn word(&self) -> &'static str {
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let [subjects, sources] = [self.subjects, self.sources].map(|groups| groups.count_ones() as f32);
        if self.probes > 0.5 * self.contacts {
            "enumeration"
        } else if subjects <= 2.0 && sources > 4.0 {
            "many sources try one account"
        } else if sources <= 2.0 {
            "few sources try many accounts"
        } else if sources < 0.5 * subjects {
            "password spraying"
        } else {
            "credential stuffing"
        }
    }
}

crate::saved::saved! { Operation {
    service, name, tally, prior, fast_prior, honest, successes, strangers_in, familiar, failed_share, broken_share, dispersion, campaign,
    enumeration, regression, failing_now, familiar_now, shape, held_since, lessons,
} }
crate::saved::saved! { Tally { successes, strangers_in, contacts, probes, familiar, broken } }
crate::saved::saved! { Shape { contacts, subjects, sources, probes } }
