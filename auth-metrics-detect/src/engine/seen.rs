//! `Seen`: an attempt as the engine knows it, by hashes alone.

use std::net::IpAddr;

use crate::attempt::Peer;
use crate::evidence::Class;

/// An attempt, by hashes.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(crate) struct Seen {
    pub(crate) now: f64,
    pub(crate) operation: u8,
    pub(crate) class: Class,
    pub(crate) source: Option<u64>,
    pub(crate) subject: Option<u64>,
    /// The source and the account; of an unknown account the source alone.
    pub(crate) pair: Option<u64>,
    /// The account and its device.
    pub(crate) device: Option<u64>,
    /// Whether the source may be convicted: not if it is trusted, or a proxy.
    pub(crate) is_convictable: bool,
    pub(crate) is_familiar: bool,
    /// Whether a known user succeeded at the source.
    pub(crate) is_known_source: bool,
    pub(crate) is_code: bool,
    pub(crate) peer: Option<IpAddr>,
    /// The network of that address.
    pub(crate) net: Option<u64>,
}

/// The address of a source.
pub(crate) fn address(peer: Option<&Peer<'_>>) -> Option<IpAddr> {
    match peer {
        Some(Peer::Address(address)) => Some(address.to_canonical()),
        _ => None,
    }
}
