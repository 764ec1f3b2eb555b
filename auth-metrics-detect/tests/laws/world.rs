//! A town of honest users, and an engine that watches it: what the laws are tested on.

use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::{Outcome, Reason};
use auth_metrics_detect::{
    Action, Attempt, Detection, Detector, Engine, EngineBuilder, Peer, Scope, Severity,
};

pub(crate) const SUCCESS: Outcome = Outcome::Success;
pub(crate) const WRONG: Outcome = Outcome::Failure(Reason::InvalidCredentials);
pub(crate) const UNKNOWN: Outcome = Outcome::Failure(Reason::UnknownSubject);
pub(crate) const BROKEN: Outcome = Outcome::Failure(Reason::DependencyUnavailable);

pub(crate) const MINUTE: f64 = 60.0;
pub(crate) const HOUR: f64 = 3600.0;
pub(crate) const DAY: f64 = 86_400.0;

/// A day in 2026.
pub(crate) const START: f64 = 1_780_000_000.0;

/// Builds an engine with a fixed key, so that every run is the same.
pub(crate) fn builder() -> EngineBuilder {
    Engine::builder().key([7; 16])
}

/// The address of a user's home: each in a network of its own.
pub(crate) fn home(user: u32) -> IpAddr {
    address(0x0b00_0009 + (user << 8))
}

/// An address of the attackers: each in a network of its own.
pub(crate) fn den(attacker: u32) -> IpAddr {
    address(0x5000_0007 + (attacker << 8))
}

pub(crate) fn address(bits: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from(bits))
}

/// Numbers without end, the same for the same seed (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap()
    }

    /// Whether something happens that does so once in `times`.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }
}

/// A detection as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: u64,
    pub(crate) detector: Detector,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    pub(crate) operation: String,
    pub(crate) began: u64,
    pub(crate) until: Option<u64>,
    pub(crate) scope: Scope,
    pub(crate) is_shared: bool,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) probability: f32,
    pub(crate) why: String,
}

impl Told {
    pub(crate) fn of(detection: &Detection) -> Told {
        Told {
            id: detection.id(),
            detector: detection.detector(),
            severity: detection.severity(),
            action: detection.action(),
            operation: [detection.service_id(), detection.operation()].join("/"),
            began: detection.began().to_bits(),
            until: detection.until().map(f64::to_bits),
            scope: detection.scope(),
            is_shared: detection.is_shared(),
            peer: detection.peer(),
            probability: detection.evidence().probability,
            why: detection.evidence().to_string(),
        }
    }

    /// Whether it says that somebody attacks, and not only that something is worth a look.
    pub(crate) fn is_attack(&self) -> bool {
        self.severity >= Severity::Attack && self.until.is_none()
    }
}

/// An engine and what it told.
pub(crate) struct Watch {
    pub(crate) engine: Engine,
    pub(crate) told: Vec<Told>,
}

impl Watch {
    pub(crate) fn new() -> Watch {
        Watch::of(builder())
    }

    pub(crate) fn of(builder: EngineBuilder) -> Watch {
        Watch { engine: builder.build().unwrap(), told: Vec::new() }
    }

    pub(crate) fn feed(&mut self, attempt: &Attempt<'_>) {
        self.engine.feed(attempt, &mut |detection| self.told.push(Told::of(detection)));
    }

    /// An attempt to log in to the service `gateway`.
    pub(crate) fn login(&mut self, at: f64, peer: IpAddr, subject: &str, outcome: Outcome) {
        self.feed(&login(at, peer, subject, outcome));
    }

    /// Every user of a town logs in once, some after an error; the next begins `gap` seconds later. Returns when it ends.
    pub(crate) fn town(&mut self, users: u32, from: f64, gap: f64) -> f64 {
        let mut random = Random(u64::from(users) ^ from.to_bits());
        (0..users).fold(from, |at, user| {
            self.user(user, at, random.once_in(12));
            at + gap
        })
    }

    /// A user logs in at home, maybe at the second try.
    pub(crate) fn user(&mut self, user: u32, at: f64, errs: bool) {
        let name = format!("user-{user}");
        if errs {
            self.login(at, home(user), &name, WRONG);
        }
        self.login(at + f64::from(u8::from(errs)) * 9.0, home(user), &name, SUCCESS);
    }

    /// Whether a source was convicted, and not only noticed.
    pub(crate) fn is_convicted(&self, peer: IpAddr) -> bool {
        let scope = Scope::Source(self.engine.source_hash(&Peer::Address(peer)));
        self.told.iter().any(|told| told.is_attack() && told.scope == scope)
    }

    /// Whether a detector found something.
    pub(crate) fn has(&self, detector: Detector) -> bool {
        self.told.iter().any(|told| told.detector == detector && told.until.is_none())
    }

    /// What says that somebody attacks.
    pub(crate) fn attacks(&self) -> Vec<&Told> {
        self.told.iter().filter(|told| told.is_attack()).collect()
    }
}

pub(crate) fn login(at: f64, peer: IpAddr, subject: &str, outcome: Outcome) -> Attempt<'_> {
    Attempt::new(at, "login", outcome).service("gateway").peer(Peer::Address(peer)).subject(subject)
}
