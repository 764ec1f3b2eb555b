//! How findings come into force and end, and what is told of them.

use std::net::IpAddr;

use super::seen::Seen;
use super::state::{State, Told};
use super::verdicts::Verdict;
use crate::detection::{Detection, Evidence, Scope};
use crate::detector::{Detector, Severity};
use crate::detectors::{Finding, Kind};
use crate::keys::{NetHash, SourceHash, SubjectHash};

impl State {
    /// Puts a finding in force and tells of it, or renews it.
    pub(crate) fn find(&mut self, seen: &Seen, finding: &Finding, told: Told<'_>) {
        self.find_at(seen.now, seen.operation, seen.peer, finding, told);
    }

    pub(crate) fn find_at(
        &mut self,
        now: f64,
        operation: u8,
        peer: Option<IpAddr>,
        finding: &Finding,
        told: Told<'_>,
    ) {
        let (kind, hash) = finding.convicted.parts();
        self.share_verdict(finding.detector, finding.convicted, now);
        if self.verdicts.renew(finding.detector, hash, now) {
            return;
        }
        // Where more attack than there are places, nobody is told of one of them again and again.
        let is_source = kind == Kind::Source && finding.severity > Severity::Notice;
        let index = self.sources.find(hash).filter(|_| is_source);
        let is_told = index.is_some_and(|index| self.sources.note(index).is_told(now));
        if is_told || !self.verdicts.has_place(finding.detector, hash, finding.severity) {
            return;
        }
        let count = &mut self.counts.detections[finding.detector as usize];
        *count = count.saturating_add(1);
        let id = self.next_id;
        self.next_id = self.next_id.checked_add(1).unwrap_or(1);
        let verdict = Verdict {
            id,
            gap: finding.gap,
            hash,
            began: now,
            last: 0.0,
            detector: finding.detector,
            operation,
            severity: finding.severity,
            action: finding.action,
            kind,
            is_repeated: self.is_told_elsewhere(finding.detector, finding.convicted, now),
        };
        if let Some(before) = self.verdicts.begin(verdict) {
            self.tell_end(&before, now, told);
        }
        let peer = peer.filter(|_| self.options.reveals_peer);
        let (is_shared, evidence) = (finding.is_shared, finding.evidence);
        told(&Detection { is_shared, peer, evidence, ..self.detection(&verdict) });
    }

    pub(crate) fn end(&mut self, detector: Detector, hash: u64, now: f64, told: Told<'_>) {
        if let Some(verdict) = self.verdicts.end(detector, hash) {
            self.tell_end(&verdict, now, told);
        }
    }

    pub(crate) fn tell_end(&self, verdict: &Verdict, now: f64, told: Told<'_>) {
        told(&Detection { until: Some(self.clock.said(now)), ..self.detection(verdict) });
    }

    fn detection(&self, verdict: &Verdict) -> Detection {
        let [service, operation] = self.operations.names(verdict.operation);
        Detection {
            id: u64::from(verdict.id),
            detector: verdict.detector,
            severity: verdict.severity,
            action: verdict.action,
            service,
            operation,
            began: self.clock.said(verdict.began),
            until: None,
            scope: match verdict.kind {
                Kind::Source => Scope::Source(SourceHash(verdict.hash)),
                Kind::Net => Scope::Net(NetHash(verdict.hash)),
                Kind::Subject => Scope::Subject(SubjectHash(verdict.hash)),
                Kind::Operation => Scope::Operation,
            },
            is_shared: false,
            is_repeated: verdict.is_repeated,
            peer: None,
            evidence: Evidence::NONE,
        }
    }

    /// When the oldest verdict of each detector began.
    pub(crate) fn oldest(&self) -> [Option<f64>; Detector::ALL.len()] {
        let mut oldest = [None; Detector::ALL.len()];
        for verdict in self.verdicts.iter() {
            let began = &mut oldest[verdict.detector as usize];
            *began = Some(began.map_or(verdict.began, |began: f64| began.min(verdict.began)));
        }
        oldest.map(|began| began.map(|began| self.clock.said(began)))
    }
}
