//! The kinds of incidents: what they are called, how soon somebody must know, which alerts are about them.

use crate::deployment::Deployment;
use crate::nature::Nature;

/// How sure rules must be to find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Counts for the bar.
    Core,
    /// Near the noise, or without any history. Shown, but no bar.
    Hard,
}

/// How soon somebody must know.
///
/// A page is due if users can't log in, if somebody gets in or may get in who should not, or if nobody would see either: it can't wait
/// for the morning. A ticket is due if nothing is lost before the next working day: the attack is slow or is refused, the fault has a
/// deadline days away, other replicas do the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Page,
    Ticket,
}

impl Due {
    /// Whether an alert of a severity says it soon enough.
    pub fn is_met_by(self, severity: &str) -> bool {
        severity == "page" || self == Due::Ticket
    }

    pub fn name(self) -> &'static str {
        match self {
            Due::Page => "page",
            Due::Ticket => "ticket",
        }
    }
}

/// A kind of incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    StuffingTwice,
    StuffingTen,
    StuffingFifty,
    SprayFifteen,
    SprayThirty,
    LowAndSlow,
    Fatigue,
    Lockouts,
    Forgeries,
    Replays,
    CustomStorm,
    RevokedStorm,
    UnknownKeys,
    RetryingClient,
    DatabaseAway,
    ServerFaults,
    HangAll,
    HangOne,
    TrafficDrop,
    SickErrors,
    SickRejections,
    KeysStale,
    FetchesFail,
    Expired,
    ExpiresSoon,
    RotationsFail,
    Compromised,
    RetiredKey,
    SlowThree,
    SlowFifty,
    Leak,
    ReplicaDown,
    ReplicaGone,
    JobGone,
    FailOpen,
    LimitFills,
    SecondHour,
}

use Nature::{
    Attack, Credentials, Errors, FailOpen, InFlight, Keys, Latency, Limits, Rejections, Replica, Targets,
    Traffic,
};

/// Guesses raise rejections; where nobody else is awake, nothing succeeds.
const GUESSES: &[Nature] = &[Rejections, Attack, Errors];
const OUTAGE: &[Nature] = &[Errors, Latency, InFlight, Traffic, Replica, FailOpen, Targets];

impl Kind {
    pub const ALL: &'static [Kind] = &[
        Kind::StuffingTwice,
        Kind::StuffingTen,
        Kind::StuffingFifty,
        Kind::SprayFifteen,
        Kind::SprayThirty,
        Kind::LowAndSlow,
        Kind::Fatigue,
        Kind::Lockouts,
        Kind::Forgeries,
        Kind::Replays,
        Kind::CustomStorm,
        Kind::RevokedStorm,
        Kind::UnknownKeys,
        Kind::RetryingClient,
        Kind::DatabaseAway,
        Kind::ServerFaults,
        Kind::HangAll,
        Kind::HangOne,
        Kind::TrafficDrop,
        Kind::SickErrors,
        Kind::SickRejections,
        Kind::KeysStale,
        Kind::FetchesFail,
        Kind::Expired,
        Kind::ExpiresSoon,
        Kind::RotationsFail,
        Kind::Compromised,
        Kind::RetiredKey,
        Kind::SlowThree,
        Kind::SlowFifty,
        Kind::Leak,
        Kind::ReplicaDown,
        Kind::ReplicaGone,
        Kind::JobGone,
        Kind::FailOpen,
        Kind::LimitFills,
    ];

    /// What it is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::StuffingTwice => "credential stuffing, failures x2",
            Kind::StuffingTen => "credential stuffing, failures x10",
            Kind::StuffingFifty => "credential stuffing, failures x50",
            Kind::SprayFifteen => "password spraying, failures +15 % for 12 h",
            Kind::SprayThirty => "password spraying, failures +30 % for 36 h",
            Kind::LowAndSlow => "distributed guessing, failures +60 % for hours",
            Kind::Fatigue => "MFA fatigue: many denied prompts",
            Kind::Lockouts => "lockout storm",
            Kind::Forgeries => "burst of forged tokens",
            Kind::Replays => "replayed refresh tokens",
            Kind::CustomStorm => "storm of a custom reason with fault attack",
            Kind::RevokedStorm => "a revoked key in use",
            Kind::UnknownKeys => "a fifth of tokens refused, unknown key",
            Kind::RetryingClient => "a client retries a bad secret for hours",
            Kind::DatabaseAway => "database away",
            Kind::ServerFaults => "server faults for 3 h",
            Kind::HangAll => "hang of all replicas",
            Kind::HangOne => "hang of one replica",
            Kind::TrafficDrop => "traffic down to 2 %",
            Kind::SickErrors => "a sick replica, errors",
            Kind::SickRejections => "a sick replica, rejections",
            Kind::KeysStale => "a replica no longer fetches keys",
            Kind::FetchesFail => "key set fetches fail",
            Kind::Expired => "a replica uses an expired certificate",
            Kind::ExpiresSoon => "certificate about to expire",
            Kind::RotationsFail => "rotation keeps failing",
            Kind::Compromised => "credential compromised",
            Kind::RetiredKey => "a retired key in use",
            Kind::SlowThree => "latency x3",
            Kind::SlowFifty => "latency x50, below the objective",
            Kind::Leak => "attempts leak",
            Kind::ReplicaDown => "a replica can't be scraped",
            Kind::ReplicaGone => "a replica is gone from discovery",
            Kind::JobGone => "the whole job is gone from discovery",
            Kind::FailOpen => "requests are let in unchecked",
            Kind::LimitFills => "a global rate limit fills up",
            Kind::SecondHour => "credential stuffing in the second hour of life",
        }
    }

    /// The natures of the alerts that can tell it, and that it excuses if it is long.
    pub fn natures(self) -> &'static [Nature] {
        match self {
            Kind::StuffingTwice
            | Kind::StuffingTen
            | Kind::StuffingFifty
            | Kind::SecondHour
            | Kind::SprayFifteen
            | Kind::SprayThirty
            | Kind::LowAndSlow
            | Kind::Fatigue
            | Kind::Lockouts
            | Kind::Forgeries
            | Kind::Replays
            | Kind::CustomStorm
            | Kind::RevokedStorm
            | Kind::RetryingClient => GUESSES,
            Kind::UnknownKeys => &[Rejections, Attack, Keys, Errors],
            Kind::DatabaseAway | Kind::ServerFaults | Kind::HangAll | Kind::HangOne | Kind::SickErrors => {
                OUTAGE
            }
            Kind::TrafficDrop => &[Traffic, Errors],
            Kind::SickRejections => &[Rejections, Attack, Replica, Errors],
            Kind::KeysStale | Kind::FetchesFail | Kind::RetiredKey => &[Keys, Replica],
            Kind::Expired | Kind::ExpiresSoon | Kind::RotationsFail => &[Credentials],
            Kind::Compromised => &[Credentials, Attack],
            Kind::SlowThree | Kind::SlowFifty => &[Latency, InFlight],
            Kind::Leak => &[InFlight, Replica],
            Kind::ReplicaDown | Kind::ReplicaGone | Kind::JobGone => &[Targets, Replica, Traffic],
            Kind::FailOpen => &[FailOpen],
            Kind::LimitFills => &[Limits],
        }
    }

    /// Whether a deployment has what it is about.
    pub fn fits(self, deployment: &Deployment) -> bool {
        let has = |name: &str| deployment.operations.iter().any(|operation| operation.name == name);
        match self {
            Kind::StuffingTwice
            | Kind::StuffingTen
            | Kind::StuffingFifty
            | Kind::SprayFifteen
            | Kind::SprayThirty
            | Kind::LowAndSlow
            | Kind::Lockouts
            | Kind::CustomStorm => has("login"),
            Kind::Fatigue => has("second_factor"),
            Kind::Forgeries | Kind::UnknownKeys | Kind::SlowFifty => has("verify_token"),
            Kind::Replays => has("refresh"),
            Kind::RevokedStorm | Kind::RetryingClient => has("token"),
            Kind::HangOne | Kind::SickErrors | Kind::SickRejections => deployment.replicas >= 3,
            Kind::KeysStale | Kind::FetchesFail | Kind::RetiredKey => deployment.key_fetches.is_some(),
            Kind::Expired | Kind::ExpiresSoon | Kind::RotationsFail | Kind::Compromised => {
                deployment.credentials
            }
            // Where replicas come and go with the traffic, one that is gone can't be told from one that is not needed.
            Kind::ReplicaGone => deployment.replicas >= 2 && !deployment.scales,
            Kind::FailOpen | Kind::LimitFills => deployment.limits,
            Kind::DatabaseAway
            | Kind::ServerFaults
            | Kind::HangAll
            | Kind::TrafficDrop
            | Kind::SlowThree
            | Kind::Leak
            | Kind::ReplicaDown
            | Kind::JobGone => true,
            // Planted by name.
            Kind::SecondHour => false,
        }
    }
}
