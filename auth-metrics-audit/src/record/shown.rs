//! What is shown of an identity. `Debug` shows none.

use std::fmt;
use std::net::IpAddr;

use auth_metrics::events::Pseudonym;

/// What a line shows of a text that says who it was.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing.
    #[default]
    Omitted,
    /// Its pseudonym, and the one under the previous key if there is one.
    Pseudonym(Pseudonym, Option<Pseudonym>),
    /// Itself.
    Clear(Box<str>),
}

/// What a line shows of the client's address.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) enum ShownPeer {
    /// Nothing.
    #[default]
    Omitted,
    /// Its network: the first address of the /24 or the /48.
    Prefix(IpAddr),
    /// Its pseudonym.
    Pseudonym(Pseudonym),
    /// Itself.
    Clear(IpAddr),
}

impl fmt::Debug for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Shown::Omitted => "Omitted",
            Shown::Pseudonym(..) => "Pseudonym(..)",
            Shown::Clear(_) => "Clear(..)",
        })
    }
}

impl fmt::Debug for ShownPeer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            ShownPeer::Omitted => "Omitted",
            ShownPeer::Prefix(_) => "Prefix(..)",
            ShownPeer::Pseudonym(_) => "Pseudonym(..)",
            ShownPeer::Clear(_) => "Clear(..)",
        })
    }
}
