//! `Attempt`: what the engine is fed with.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use auth_metrics::Outcome;

/// Who is at the other end: an address, or a name without a network.
#[derive(Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a source has a network or it has none")]
pub enum Peer<'a> {
    /// The client's address, not the proxy's.
    Address(IpAddr),
    /// A name of its own, such as a host name in a log.
    Name(&'a str),
}

impl fmt::Debug for Peer<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Peer::Address(_) => "Address(..)",
            Peer::Name(_) => "Name(..)",
        })
    }
}

/// An attempt that ended, for [`Engine::feed`](crate::Engine::feed). Events of a handle become attempts by themselves; make your own to
/// read a log.
///
/// `Debug` shows no identity.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub(crate) at: f64,
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) peer: Option<Peer<'a>>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) device: Option<&'a str>,
    pub(crate) took: Option<Duration>,
}

impl<'a> Attempt<'a> {
    /// Describes an attempt at `at` seconds from any origin, the same for all attempts of an engine.
    pub const fn new(at: f64, operation: &'a str, outcome: Outcome) -> Attempt<'a> {
        let (peer, subject, device, took) = (None, None, None, None);
        Attempt { at, service: "", operation, outcome, peer, subject, device, took }
    }

    /// Sets the service id. Default: empty.
    #[must_use]
    pub const fn service(mut self, service_id: &'a str) -> Attempt<'a> {
        self.service = service_id;
        self
    }

    /// Sets where it came from. Default: unknown.
    #[must_use]
    pub const fn peer(mut self, peer: Peer<'a>) -> Attempt<'a> {
        self.peer = Some(peer);
        self
    }

    /// Sets who tried. Default: unknown.
    #[must_use]
    pub const fn subject(mut self, subject: &'a str) -> Attempt<'a> {
        self.subject = Some(subject);
        self
    }

    /// Sets the device: a cookie that was given after an earlier success. Default: unknown.
    #[must_use]
    pub const fn device(mut self, device: &'a str) -> Attempt<'a> {
        self.device = Some(device);
        self
    }

    /// Sets how long it took. Default: unknown.
    #[must_use]
    pub const fn took(mut self, took: Duration) -> Attempt<'a> {
        self.took = Some(took);
        self
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = out.debug_struct("Attempt");
        debug.field("at", &self.at).field("service", &self.service).field("operation", &self.operation);
        debug.field("outcome", &self.outcome).field("took", &self.took).finish_non_exhaustive()
    }
}
