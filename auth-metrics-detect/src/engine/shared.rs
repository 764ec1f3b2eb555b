//! `Shared`: what `assess` reads, from any thread, without waiting for the owner.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::notes::{NetNote, SourceNote, SubjectNote};
use super::operation::Operation;
use super::operations::MOST;
use super::options::Thresholds;
use super::risk::{Risk, Why};
use super::seen::address;
use crate::attempt::Peer;
use crate::detectors::{CONVICTING, FIXED, KNOWN, net};
use crate::evidence::{Prior, logit, sigmoid};
use crate::keys::{Keys, mix};
use crate::sketch::{Filter, FilterReader, Reader, Walks};

/// How likely it is that a known user, or a known device, is not them.
const FAMILIAR: f32 = 0.001;
/// What is taken from the walks of networks and accounts, so that what convicts them is as likely as what convicts a source.
const OF_NET: f32 = net::WALK - CONVICTING;
const OF_SUBJECT: f32 = FIXED - CONVICTING;
/// Credit of a source counts down to here.
const LEAST_WALK: f32 = -4.0;

/// The tables that `assess` reads.
#[derive(Clone)]
pub(crate) struct Shared {
    sources: Reader,
    nets: Reader,
    subjects: Reader,
    familiar: FilterReader,
    /// Pairs that succeeded at other replicas; none if nothing is shared.
    #[cfg(feature = "redis")]
    elsewhere: Option<FilterReader>,
    keys: Keys,
    thresholds: Thresholds,
    said: Arc<Said>,
}

/// What the owner says after each attempt.
struct Said {
    now: AtomicU64,
    /// The highest of the priors, and one for each operation.
    prior: AtomicU32,
    priors: [AtomicU32; MOST],
}

impl Shared {
    pub(crate) fn new(
        sources: &Walks<SourceNote>,
        nets: &Walks<NetNote>,
        subjects: &Walks<SubjectNote>,
        familiar: &Filter,
        keys: Keys,
        thresholds: Thresholds,
    ) -> Shared {
        let least = || AtomicU32::new(Prior::LEAST.to_bits());
        let said =
            Said { now: AtomicU64::default(), prior: least(), priors: std::array::from_fn(|_| least()) };
        Shared {
            sources: sources.reader(),
            nets: nets.reader(),
            subjects: subjects.reader(),
            familiar: familiar.reader(),
            #[cfg(feature = "redis")]
            elsewhere: None,
            keys,
            thresholds,
            said: Arc::new(said),
        }
    }

    /// Knows pairs of other replicas from now on.
    #[cfg(feature = "redis")]
    pub(crate) fn add_elsewhere(&mut self, familiar: &Filter) {
        self.elsewhere = Some(familiar.reader());
    }

    /// Whether a pair or its device succeeded at another replica. That excuses no source with evidence against it.
    #[cfg(feature = "redis")]
    fn is_familiar_elsewhere(&self, pair: u64, device: u64, walk: f32) -> bool {
        let is_known = |known: &FilterReader| known.contains(pair) | known.contains(device);
        let is_known = self.elsewhere.as_ref().is_some_and(is_known);
        // Both are looked at, whatever the answer.
        let is_suspect = walk >= super::kept::SUSPECT;
        is_known && !is_suspect
    }

    /// Says the time.
    pub(crate) fn publish_time(&self, now: f64) {
        self.said.now.store(now.to_bits(), Ordering::Relaxed);
    }

    /// Says how bad the strangers of an operation are.
    pub(crate) fn publish(&self, now: f64, index: u8, operation: &Operation) {
        let prior = operation.risk(now);
        let before =
            f32::from_bits(self.said.priors[usize::from(index)].swap(prior.to_bits(), Ordering::Relaxed));
        let highest = f32::from_bits(self.said.prior.load(Ordering::Relaxed));
        if prior >= highest {
            self.said.prior.store(prior.to_bits(), Ordering::Relaxed);
        } else if before >= highest {
            let priors = self.said.priors.iter().map(|prior| f32::from_bits(prior.load(Ordering::Relaxed)));
            self.said.prior.store(priors.fold(Prior::LEAST, f32::max).to_bits(), Ordering::Relaxed);
        }
    }

    /// The work is the same whatever the answer.
    pub(crate) fn assess(
        &self,
        subject: Option<&str>,
        peer: Option<&Peer<'_>>,
        device: Option<&str>,
    ) -> Risk {
        let now = f64::from_bits(self.said.now.load(Ordering::Relaxed));
        let prior = f32::from_bits(self.said.prior.load(Ordering::Relaxed));
        let subject =
            subject.filter(|subject| !subject.is_empty()).map_or(0, |subject| self.keys.subject(subject).0);
        let source = peer.map_or(0, |peer| self.keys.source(peer).0);
        let net = address(peer).map_or(0, |address| self.keys.net(address).0);
        let device = device.map_or(0, |device| mix(self.keys.device(device), subject));
        let pair = mix(source, subject);
        let is_familiar = self.familiar.contains(pair) | self.familiar.contains(device);
        let (source_walk, _) = self.sources.evidence(source, now);
        #[cfg(feature = "redis")]
        let is_familiar = is_familiar | self.is_familiar_elsewhere(pair, device, source_walk);
        let (net_walk, net_is_several) = self.nets.evidence(net, now);
        let (subject_walk, subject_is_several) = self.subjects.evidence(subject, now);

        let known = if self.familiar.contains(source) { KNOWN } else { 0.0 };
        let of_source = calibrated(source_walk.max(LEAST_WALK) + logit(prior) + known);
        let of_net = if net_is_several { net_walk - OF_NET } else { f32::NEG_INFINITY };
        let of_subject = if subject_is_several { subject_walk - OF_SUBJECT } else { f32::NEG_INFINITY };
        let log_odds = of_source.max(of_net).max(of_subject);
        // The last one that applies decides, so that none is skipped.
        let mut why = if source_walk > 0.0 { Why::Source } else { Why::Strangers };
        why = if of_net >= log_odds { Why::Net } else { why };
        why = if of_subject >= log_odds { Why::Account } else { why };
        why = if is_familiar { Why::Familiar } else { why };
        // Else the compiler leaves it out for those who are familiar.
        let probability = black_box(sigmoid(log_odds));
        let probability = if is_familiar { FAMILIAR } else { probability };
        Risk { probability, action: self.thresholds.action(probability), why }
    }
}

/// Log-odds, corrected: honest people fail several times in a row, which is less evidence than the walk has. Fitted on generated worlds;
/// docs/detection.md has the curve. All of its pieces are computed, whichever is the answer.
fn calibrated(log_odds: f32) -> f32 {
    const CURVE: [(f32, f32); 4] = [(-1.0, -1.0), (3.0, 0.6), (6.0, 3.0), (9.0, 8.0)];
    let mut said = if log_odds < 0.0 { log_odds } else { log_odds - 1.0 };
    for piece in CURVE.windows(2) {
        let [(from, low), (to, high)] = [piece[0], piece[1]];
        let here = low + (high - low) * (log_odds - from) / (to - from);
        said = if (from..to).contains(&log_odds) { here } else { said };
    }
    said
}
