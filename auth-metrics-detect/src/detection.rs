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

/// Something that a detector found. It begins, and it ends after an hour without evidence, or later if its attempts were slow: then the same detection is told again, with
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
    pub(crate) is_repeated: bool,
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

impl Evidence {
    pub(crate) const NONE: Evidence = Evidence {
        probability: 0.0,
        walk: 0.0,
        prior: 0.0,
        count: 0,
        distinct: 0,
        familiar: 0,
        sentence: Sentence::Ended,
    };
}

/// How the numbers become a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sentence {
    Ended,
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
    Regression {
        expected: f32,
    },
    StuckClient {
        gap: f32,
    },
    SourceBurst,
    NewSource,
    Travel {
        kilometres: f32,
        hours: f32,
    },
    MixDrift {
        strength: f32,
    },
    SlowDrift {
        share: f32,
        usual: f32,
    },
    Timing {
        gap: f32,
        z: f32,
        pairs: u32,
    },
    Exhaustion {
        what: &'static str,
        seconds: f32,
    },
}

impl Detection {
    /// Returns its number: a detection that ends has that with which it began.
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Returns what found it.
    pub const fn detector(&self) -> Detector {
        self.detector
    }

    /// Returns how bad it is.
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns what a service may do about it.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Returns the service id.
    pub fn service_id(&self) -> &str {
        &self.service
    }

    /// Returns the operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Returns when it began, in the seconds of the attempts.
    pub const fn began(&self) -> f64 {
        self.began
    }

    /// Returns when it ended, in the seconds of the attempts; `None` while it is in force.
    pub const fn until(&self) -> Option<f64> {
        self.until
    }

    /// Returns whom it convicts.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Returns whether known users are at the source too, so that refusing it refuses them.
    pub const fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Returns whether another replica told of it first, so that you need not act on it again. It is in force here all the same. Always
    /// `false` unless replicas share what they know.
    pub const fn is_repeated(&self) -> bool {
        self.is_repeated
    }

    /// Returns the address of the attempt that crossed the line, if the engine was built to reveal it.
    pub const fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// Returns the numbers behind it. They are zero when it ends.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl fmt::Debug for Detection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Detection");
        debug.field("id", &self.id).field("detector", &self.detector).field("severity", &self.severity);
        debug.field("operation", &self.operation).field("until", &self.until).field("scope", &self.scope);
        debug.field("evidence", &self.evidence).finish_non_exhaustive()
    }
}

/// A count, which stops at 255.
struct Counted(u32);

impl fmt::Display for Counted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0 == u32::from(u8::MAX) { "at least " } else { "" })?;
        self.0.fmt(out)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evidence { probability, familiar, prior, .. } = *self;
        let (count, distinct) = (Counted(self.count), Counted(self.distinct));
        let percent = 100.0 * prior;
        match self.sentence {
            Sentence::Ended => return out.write_str("no more evidence"),
            Sentence::SourceGuessing => {
                write!(
                    out,
                    "{count} failed attempts at {distinct} accounts that this source never got into; {familiar} known users are there; {percent:.0} % of strangers are bad at present"
                )?;
            }
            Sentence::NetGuessing => {
                write!(out, "{count} failed first contacts of at least {distinct} sources of this network")?;
            }
            Sentence::AccountGuessing => write!(out, "{count} sources failed at this account")?,
            Sentence::Campaign(shape) => write!(
                out,
                "{shape}: about {count} strangers failed and stayed out lately, more than the successes explain; {percent:.0} % of strangers are bad at present"
            )?,
            Sentence::Enumeration => write!(out, "{count} names without an account were tried")?,
            Sentence::MfaFatigue => {
                write!(out, "{count} prompts were refused or ignored within ten minutes")?;
            }
            Sentence::OtpGuessing => write!(out, "{count} wrong one-time passwords within half an hour")?,
            Sentence::TokenForgery => write!(out, "{count} forged tokens from this source")?,
            Sentence::TokenReplay => write!(out, "a single-use token was used again")?,
            Sentence::Compromise(why) => write!(out, "a stranger got into this account, and {why}")?,
            Sentence::Regression { expected } => {
                return write!(
                    out,
                    "{count} known users failed within a minute, where {expected:.1} do usually: an outage or a deployment, no attack"
                );
            }
            Sentence::StuckClient { gap } => {
                return write!(out, "a client of a known user failed {count} times, every {gap:.0} s");
            }
            Sentence::SourceBurst => write!(out, "{count} failed attempts at {distinct} accounts")?,
            Sentence::NewSource => return out.write_str("a user succeeded from a new source"),
            Sentence::Travel { .. }
            | Sentence::MixDrift { .. }
            | Sentence::SlowDrift { .. }
            | Sentence::Timing { .. }
            | Sentence::Exhaustion { .. } => return self.sentence.write_measured(out),
        }
        write!(out, "; p = {probability:.4}")
    }
}

impl Sentence {
    /// Writes the sentences that have their own numbers, and no probability.
    fn write_measured(self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sentence::Travel { kilometres, hours } => {
                write!(out, "a user succeeded from places {kilometres:.0} km apart within {hours:.1} h")
            }
            Sentence::MixDrift { strength } => {
                write!(out, "the mix of failure reasons has changed (Cramér's V {strength:.2})")
            }
            Sentence::SlowDrift { share, usual } => {
                write!(
                    out,
                    "{:.1} % of attempts fail, which slowly grew from {:.1} %",
                    100.0 * share,
                    100.0 * usual
                )
            }
            Sentence::Timing { gap, z, pairs } => {
                let word = if gap < 0.0 { "less" } else { "longer" };
                write!(
                    out,
                    "attempts for unknown accounts take {:.1} ms {word} (z = {z:.1}, {pairs} pairs)",
                    gap.abs() * 1e3
                )
            }
            Sentence::Exhaustion { what, seconds } => {
                write!(out, "{what} will be used up in {:.0} min", seconds / 60.0)
            }
            _ => Ok(()),
        }
    }
}
