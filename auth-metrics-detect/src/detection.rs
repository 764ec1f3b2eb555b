//! `Detection`: what a detector found, with the numbers that it goes by.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::detector::{Action, Detector, Severity};
use crate::keys::{NetHash, SourceHash, SubjectHash};

/// What a detection convicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// A source.
    Source(SourceHash),
    /// A network.
    Net(NetHash),
    /// An account.
    Subject(SubjectHash),
    /// Nobody in particular: the operation as a whole.
    Operation,
}

/// Something that a detector found. It begins, and it ends an hour after its last evidence: then the same detection is told again, with
/// [`until`](Detection::until).
///
/// It has hashes for whom it convicts, and no identity, but for [`peer`](Detection::peer) if you asked for that.
#[derive(Clone)]
pub struct Detection {
    pub(crate) id: u64,
    pub(crate) detector: Detector,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    pub(crate) service: Arc<str>,
    pub(crate) operation: Arc<str>,
    pub(crate) began: f64,
    pub(crate) until: Option<f64>,
    pub(crate) scope: Scope,
    pub(crate) is_shared: bool,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) evidence: Evidence,
}

/// The numbers behind a detection. `Display` writes them as a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// How likely it is an attack, from 0 to 1.
    pub probability: f32,
    /// The evidence of the source, network or account itself, in nats: the logarithm of a likelihood ratio.
    pub walk: f32,
    /// The share of bad ones among the unfamiliar first contacts at present.
    pub prior: f32,
    /// What the detector counted: failed first contacts, sources, refused prompts; the sentence says what.
    pub count: u32,
    /// How many different accounts, or different sources of an account or a network, are behind it, about.
    pub distinct: u32,
    /// How many known users succeeded from there.
    pub familiar: u32,
    pub(crate) sentence: Sentence,
}

/// How the numbers become a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sentence {
    SourceGuessing,
    NetGuessing,
    AccountGuessing,
    /// The shape of a campaign, in words.
    Campaign(&'static str),
    Enumeration,
    MfaFatigue,
    OtpGuessing,
    TokenForgery,
    TokenReplay,
    Compromise(&'static str),
    Regression { expected: f32 },
    StuckClient { gap: f32 },
    SourceBurst,
    NewSource,
    Travel { kilometres: f32, hours: f32 },
    MixDrift { strength: f32 },
    Timing { gap: f32, z: f32, pairs: u32 },
    Exhaustion { what: &'static str, seconds: f32 },
}
