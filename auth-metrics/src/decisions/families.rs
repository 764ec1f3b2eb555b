//! The families of credentials, keys and decisions.

use super::read::{KindEntry, LifeEntry, Observations};
use super::{CredentialTimes, REMAINING_SECONDS, ROTATION_SECONDS};
use crate::read::{HistogramView, ServiceEntry, Snapshot, Visitor};
use crate::terms::{
    CredentialEvent, Family, KeyFetch, KeyState, RotationOutcome, ShadowDecision, families, label,
};

impl Snapshot {
    /// The services of which something is known here.
    fn lives(&self) -> impl Iterator<Item = (&ServiceEntry, &LifeEntry)> {
        self.services.iter().filter_map(|service| Some((service, service.life.as_deref()?)))
    }

    pub(crate) fn visit_decisions<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::FAIL_OPEN);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            let policies = self.live(service).and_then(|live| live.known_life()?.fail_open.get());
            for (index, count) in &life.fail_open {
                let policy = policies.map_or(label::OTHER, |policies| policies.name(*index));
                visitor.count(Some(policy), *count);
            }
        }
        visitor.family(&families::SHADOW_DECISIONS);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            let counts = life.shadow_decisions.into_iter().flatten();
            for (decision, count) in ShadowDecision::ALL.iter().zip(counts) {
                visitor.count(Some(decision.label()), count);
            }
        }
    }

    pub(crate) fn visit_credentials<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        self.visit_times(&families::NOT_AFTER, visitor, |times| times.not_after);
        self.visit_times(&families::LAST_ROTATED, visitor, |times| times.last_rotated);
        self.visit_times(&families::ROTATION_INTERVAL, visitor, |times| times.rotation_interval);
        self.visit_kinds(&families::ROTATIONS, visitor, |kind, visitor| {
            let counts = kind.rotations.into_iter().flatten();
            for (outcome, count) in RotationOutcome::ALL.iter().zip(counts) {
                visitor.count(Some(outcome.label()), count);
            }
        });
        self.visit_kinds(&families::ROTATION_DURATION, visitor, |kind, visitor| {
            visit_observations(kind.durations.as_ref(), &ROTATION_SECONDS, visitor);
        });
        self.visit_kinds(&families::CREDENTIAL_EVENTS, visitor, |kind, visitor| {
            for (event, count) in CredentialEvent::ALL.iter().zip(kind.events.into_iter().flatten()) {
                visitor.count(Some(event.label()), count);
            }
        });
        self.visit_kinds(&families::PRESENTED_REMAINING, visitor, |kind, visitor| {
            visit_observations(kind.remaining.as_ref(), &REMAINING_SECONDS, visitor);
        });
    }

    pub(crate) fn visit_keys<'s>(&'s self, visitor: &mut impl Visitor<'s>) {
        visitor.family(&families::KEY_FETCHES);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            for (result, count) in KeyFetch::ALL.iter().zip(life.key_fetches.into_iter().flatten()) {
                visitor.count(Some(result.label()), count);
            }
        }
        visitor.family(&families::KEY_LAST_SUCCESS);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            if let Some(at) = life.last_fetch {
                visitor.level(None, at);
            }
        }
        visitor.family(&families::TOKEN_KEYS);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            for (state, count) in KeyState::ALL.iter().zip(life.key_states.into_iter().flatten()) {
                visitor.count(Some(state.label()), count);
            }
        }
    }

    /// Hands a family to the visitor: by service and kind, what `samples` makes of each.
    fn visit_kinds<'s, V: Visitor<'s>>(
        &'s self,
        family: &'static Family,
        visitor: &mut V,
        samples: impl Fn(&'s KindEntry, &mut V),
    ) {
        visitor.family(family);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            for kind in &life.kinds {
                visitor.label(1, kind.kind.label());
                samples(kind, visitor);
            }
        }
    }

    fn visit_times<'s>(
        &'s self,
        family: &'static Family,
        visitor: &mut impl Visitor<'s>,
        time: impl Fn(&CredentialTimes) -> Option<f64>,
    ) {
        visitor.family(family);
        for (service, life) in self.lives() {
            visitor.service(self.id(service));
            for kind in &life.kinds {
                visitor.label(1, kind.kind.label());
                for (slug, times) in &kind.credentials {
                    if let Some(time) = time(times) {
                        visitor.level(Some(slug), time);
                    }
                }
            }
        }
    }
}

fn visit_observations<'s>(observed: Option<&Observations>, bounds: &[f64], visitor: &mut impl Visitor<'s>) {
    if let Some(Observations { nanos, counts }) = observed {
        visitor.histogram(&HistogramView { bounds, counts, nanos: *nanos });
    }
}
