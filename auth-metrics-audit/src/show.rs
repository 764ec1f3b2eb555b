//! What is shown of whom: the decision of whoever owns the program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use auth_metrics::events::{Event, Field, Pseudonyms};
use auth_metrics::{OperationKind, Reason, ReasonClass};

use crate::record::{Kind, Shown, ShownPeer};

/// What a line shows of a subject, a session or a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Show {
    /// Nothing.
    Omit,
    /// A pseudonym; nothing if there is no key for it.
    #[default]
    Pseudonym,
    /// The text itself. Of a failed authentication still a pseudonym, unless the reason says that there is such an account, as
    /// `account_locked` does: people type passwords into the wrong field. See
    /// [`clear_unknown`](crate::AuditBuilder::clear_unknown).
    Clear,
}

/// What a line shows of the client's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShowPeer {
    /// Nothing.
    Omit,
    /// Its network: the first address of its /24, or its /48 for IPv6.
    #[default]
    Prefix,
    /// A pseudonym; nothing if there is no key for it.
    Pseudonym,
    /// The address itself.
    Clear,
}

/// What is shown of everybody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Showing {
    pub(crate) subject: Show,
    pub(crate) session: Show,
    pub(crate) device: Show,
    pub(crate) peer: ShowPeer,
    pub(crate) clear_unknown: bool,
    pub(crate) pseudonyms: Option<Pseudonyms>,
}

impl Showing {
    /// The pseudonyms of the trail, else those of the handle.
    fn pseudonyms<'a>(&'a self, event: &'a Event) -> Option<&'a Pseudonyms> {
        self.pseudonyms.as_ref().or_else(|| event.pseudonyms())
    }

    /// What is shown of one of the texts of an event.
    pub(crate) fn text(&self, event: &Event, field: Field) -> Shown {
        let Some(text) = event.text(field) else { return Shown::Omitted };
        let show = match field {
            Field::Subject
                if self.subject == Show::Clear && !self.clear_unknown && may_name_nobody(event) =>
            {
                Show::Pseudonym
            }
            Field::Subject => self.subject,
            Field::Session => self.session,
            _ => self.device,
        };
        match show {
            Show::Omit => Shown::Omitted,
            Show::Clear => Shown::Clear(text.into()),
            Show::Pseudonym => self.pseudonyms(event).map_or(Shown::Omitted, |pseudonyms| {
                let previous = pseudonyms.previous().map(|previous| previous.of(field, text));
                Shown::Pseudonym(pseudonyms.of(field, text), previous)
            }),
        }
    }

    /// What is shown of the client's address.
    pub(crate) fn peer(&self, event: &Event) -> ShownPeer {
        let Some(peer) = event.peer().map(|peer| peer.to_canonical()) else { return ShownPeer::Omitted };
        match self.peer {
            ShowPeer::Omit => ShownPeer::Omitted,
            ShowPeer::Prefix => ShownPeer::Prefix(network(peer)),
            ShowPeer::Clear => ShownPeer::Clear(peer),
            ShowPeer::Pseudonym => {
                let pseudonym = self.pseudonyms(event).map(|pseudonyms| pseudonyms.of_peer(peer));
                pseudonym.map_or(ShownPeer::Omitted, ShownPeer::Pseudonym)
            }
        }
    }
}

/// Whether the text in the field of the subject may be anything: the outcome does not say that there is such an account.
fn may_name_nobody(event: &Event) -> bool {
    let is_authentication = Kind::of(event.kind()) == Kind::Attempt(OperationKind::Authentication);
    let is_known = event.reason().is_none_or(|reason| {
        let says_so = matches!(reason.class(), ReasonClass::Account | ReasonClass::Mfa);
        says_so && reason != Reason::UnknownSubject
    });
    is_authentication && !is_known
}

/// The first address of the /24, or of the /48.
pub(crate) fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => {
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & Ipv4Addr::new(255, 255, 255, 0).to_bits()))
        }
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (!0 << 80))),
    }
}
