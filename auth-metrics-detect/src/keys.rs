//! Keyed hashes of who an attempt is about. Nothing here leads back to an identity.

use std::fmt;
use std::net::IpAddr;

use siphasher::sip::SipHasher13;

use crate::attempt::Peer;

/// What is longer was cut in the event too.
pub(crate) const LONGEST: usize = 256;

/// The key of an engine: whoever has it can test guesses against the hashes, so it is a secret.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) key: [u8; 16],
    hasher: SipHasher13,
    /// Two numbers made of the key.
    halves: [u64; 2],
}

/// A hash of a source: an IPv4 address, the /64 of an IPv6 address, or a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceHash(pub(crate) u64);

/// A hash of a network: the /24 of an IPv4 address, the /48 of an IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetHash(pub(crate) u64);

/// A hash of an account.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectHash(pub(crate) u64);

macro_rules! silent {
    ($($hash:ident)*) => {
        $(impl fmt::Debug for $hash {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($hash), "(..)"))
            }
        })*
    };
}

silent! { SourceHash NetHash SubjectHash }

/// What a hash is of, so that no two kinds share one.
#[derive(Clone, Copy)]
enum Domain {
    Subject = 1,
    Device = 2,
    Address = 3,
    Name = 4,
    Prefix = 5,
    Net = 6,
    LongNet = 7,
}

impl Keys {
    pub(crate) fn new(key: [u8; 16]) -> Keys {
        let hasher = SipHasher13::new_with_key(&key);
        Keys { key, hasher, halves: [hasher.hash(b"one"), hasher.hash(b"other")] }
    }

    pub(crate) fn subject(&self, subject: &str) -> SubjectHash {
        SubjectHash(self.text(Domain::Subject, subject))
    }

    pub(crate) fn device(&self, device: &str) -> u64 {
        self.text(Domain::Device, device)
    }

    pub(crate) fn source(&self, peer: &Peer<'_>) -> SourceHash {
        SourceHash(match peer {
            Peer::Name(name) => self.text(Domain::Name, name),
            Peer::Address(address) => match address.to_canonical() {
                IpAddr::V4(address) => self.prefix(Domain::Address, u64::from(u32::from(address)) | 1 << 32),
                // Two domains, since an address may look like a /64.
                IpAddr::V6(address) => self.prefix(Domain::Prefix, (u128::from(address) >> 64) as u64),
            },
        })
    }

    pub(crate) fn net(&self, address: IpAddr) -> NetHash {
        NetHash(match address.to_canonical() {
            IpAddr::V4(address) => self.prefix(Domain::Net, u64::from(u32::from(address) >> 8) | 1 << 32),
            IpAddr::V6(address) => self.prefix(Domain::LongNet, (u128::from(address) >> 80) as u64),
        })
    }

    /// Mixes a number of 64 bits with both halves of the key: faster than a hash of a text, and as secret.
    fn prefix(&self, domain: Domain, bits: u64) -> u64 {
        let [one, other] = self.halves;
        mix(mix(bits ^ one, (domain as u64).rotate_left(32) ^ other), one.rotate_left(23) ^ other)
    }

    fn text(&self, domain: Domain, text: &str) -> u64 {
        self.bytes(domain, cut(text).as_bytes())
    }

    fn bytes(&self, domain: Domain, bytes: &[u8]) -> u64 {
        mix(self.hasher.hash(bytes), domain as u64)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keys(..)")
    }
}

/// The beginning of a text, as long as an event keeps it.
pub(crate) fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Combines two hashes into one. Both are secret, so nobody can look for collisions.
#[inline]
pub(crate) fn mix(one: u64, other: u64) -> u64 {
    let product = u128::from(one ^ 0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(u128::from(other ^ 0xd6e8_feb8_6659_fd93) | 1 << 64);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are folded together")]
    let folded = (product as u64) ^ (product >> 64) as u64;
    (folded ^ (folded >> 32)).wrapping_mul(0xe703_7ed1_a0b4_28db) ^ (folded >> 29)
}

/// The place of a hash among so many.
#[inline]
pub(crate) fn place_of(hash: u64, places: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "it is below `places`")]
    let place = ((u128::from(hash) * places as u128) >> 64) as usize;
    place
}
