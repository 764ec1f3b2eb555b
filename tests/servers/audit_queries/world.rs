//! A seeded world of attempts: harmless traffic, and the planted cases between it.

use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;

use auth_metrics::{AuthMetrics, Outcome, Reason};

use super::cases::cases;

/// One attempt.
#[derive(Clone, Default)]
pub(super) struct Step {
    pub(super) operation: &'static str,
    pub(super) subject: Option<String>,
    pub(super) session: Option<String>,
    pub(super) peer: Option<IpAddr>,
    pub(super) failure: Option<Reason>,
    /// What the line is in the eyes of whoever planted it: always shown.
    pub(super) mark: Option<String>,
}

impl Step {
    pub(super) fn happen(self, metrics: &AuthMetrics) {
        let mut attempt = metrics.attempt(self.operation);
        if let Some(subject) = self.subject {
            attempt = attempt.subject(subject);
        }
        if let Some(session) = self.session {
            attempt = attempt.session(session);
        }
        if let Some(peer) = self.peer {
            attempt = attempt.peer(peer);
        }
        if let Some(mark) = self.mark {
            attempt = attempt.resource(mark);
        }
        attempt.finish(self.failure.map_or(Outcome::Success, Outcome::Failure));
    }
}

/// Xorshift.
pub(super) struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn of<T: Copy>(&mut self, choice: &[T]) -> T {
        choice[self.below(choice.len())]
    }
}

const USERS: usize = 2_500;

/// Somebody harmless, who stays in one network and mistypes now and then: at most four times, so that no five of them are a pattern.
#[derive(Clone, Default)]
struct User {
    logins: usize,
    rejections: usize,
    is_in: bool,
}

pub(super) struct World {
    random: Random,
    users: Vec<User>,
    /// The cases that have begun, and those that have not.
    open: Vec<VecDeque<Step>>,
    later: Vec<VecDeque<Step>>,
    early: bool,
    sessions: BTreeSet<String>,
}

impl World {
    /// A world with each case so many times.
    pub(super) fn new(seed: u64, each: usize) -> World {
        let mut random = Random::new(seed);
        let mut later = cases(&mut random, each);
        // In another order each time.
        for place in (1..later.len()).rev() {
            later.swap(place, random.below(place + 1));
        }
        World {
            random,
            users: vec![User::default(); USERS],
            open: Vec::new(),
            later,
            early: true,
            sessions: BTreeSet::new(),
        }
    }

    /// Whether everything that was planted has happened.
    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty() && self.later.is_empty()
    }

    pub(super) fn sessions(&self) -> usize {
        self.sessions.len()
    }

    pub(super) fn next(&mut self) -> Step {
        let step = self.choose();
        self.sessions.extend(step.session.clone());
        step
    }

    fn choose(&mut self) -> Step {
        if std::mem::take(&mut self.early) {
            // Nobody has logged in yet, so nobody knows where this one is from.
            let mark = Some("near token_without_login early".to_owned());
            return Step {
                operation: "verify_token",
                session: Some("early".to_owned()),
                mark,
                ..Step::default()
            };
        }
        if self.random.percent(2) && self.open.len() < 50 {
            self.open.extend(self.later.pop());
        }
        if self.random.percent(20) && !self.open.is_empty() {
            let place = self.random.below(self.open.len());
            let step = self.open[place].pop_front();
            if self.open[place].is_empty() {
                self.open.swap_remove(place);
            }
            if let Some(step) = step {
                return step;
            }
        }
        self.harmless()
    }

    fn harmless(&mut self) -> Step {
        let number = self.random.below(USERS);
        let random = &mut self.random;
        let user = &mut self.users[number];
        let [high, low] = u16::try_from(number).unwrap().to_be_bytes();
        // A neighbour's address is of the same network.
        let peer = IpAddr::from([10, high, low, u8::try_from(random.below(256)).unwrap()]);
        let step = Step { subject: Some(format!("user-{number}")), peer: Some(peer), ..Step::default() };
        let failed = |step, failure| Step { failure: Some(failure), ..step };
        if !user.is_in || random.percent(8) {
            let step = Step { operation: "login", ..step };
            return match random.below(100) {
                0..10 if user.rejections < 4 => {
                    user.rejections += 1;
                    failed(step, random.of(&[Reason::InvalidCredentials, Reason::AccountLocked]))
                }
                10..20 => failed(step, random.of(&[Reason::DependencyUnavailable, Reason::MfaRequired])),
                _ => {
                    user.is_in = true;
                    user.logins = (user.logins + 1).min(2);
                    Step { session: Some(format!("session-{number}-{}", user.logins)), ..step }
                }
            };
        }
        let session = Some(format!("session-{number}-{}", user.logins));
        match random.below(100) {
            0..40 => Step { operation: "verify_token", session, ..step },
            40..44 => failed(Step { operation: "verify_token", session, ..step }, Reason::TokenExpired),
            44..50 => failed(Step { operation: "may_transfer", session, ..step }, Reason::PermissionDenied),
            50..60 => Step { operation: "may_transfer", session, peer: None, ..step },
            _ => Step { operation: "may_transfer", session, ..step },
        }
    }
}
