//! `Pseudonyms`: names for identities that nobody can reverse without the key.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::about::Field;

/// The fewest bytes of a secret: as many as a pseudonym has.
const LEAST_SECRET: usize = 16;

/// Makes pseudonyms: HMAC-SHA256 under a key of yours, cut to 128 bits, with a domain for each field. The same text has the same pseudonym
/// wherever the key is the same; as a subject it has another one than as a session.
///
/// Give them to the builder, and every observer finds the same pseudonyms in its [`Event`](super::Event)s. They are computed on the
/// events thread, and only if an observer asks.
///
/// To rotate the key, give the new one a new id, and keep the old one beside it for a while:
///
/// ```
/// use auth_metrics::events::{Field, Pseudonyms};
///
/// # fn main() -> Result<(), auth_metrics::events::PseudonymsError> {
/// # let (old, new) = ([1; 32], [2; 32]);
/// let pseudonyms = Pseudonyms::with_key("2027", &new)?.and_previous("2026", &old)?;
/// let name = pseudonyms.of(Field::Subject, "user-001");
/// let before = pseudonyms.previous().map(|previous| previous.of(Field::Subject, "user-001"));
/// assert!(name.to_string().starts_with("2027:"));
/// assert!(before.is_some_and(|before| before.key_id() == "2026" && before != name));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pseudonyms {
    id: Arc<str>,
    keyed: Hmac<Sha256>,
    previous: Option<Box<Pseudonyms>>,
}

/// A name that stands for an identity, and the id of the key that it was made with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pseudonym {
    key_id: Arc<str>,
    bytes: [u8; 16],
}

/// Why there can be no pseudonyms.
#[derive(Debug)]
#[non_exhaustive]
pub enum PseudonymsError {
    /// The id of the key is not 1 to 32 of the characters `a-z`, `A-Z`, `0-9`, `-`, `_` and `.`.
    InvalidKeyId(String),
    /// The secret has less than 16 bytes.
    ShortSecret,
    /// Two keys have the same id, so nobody could tell their pseudonyms apart.
    SameKeyId(String),
    /// The system gave no random numbers.
    NoRandomness(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for PseudonymsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PseudonymsError::InvalidKeyId(id) => {
                write!(
                    out,
                    "the key id {id:?} must have 1 to 32 letters, digits, dashes, underscores or dots"
                )
            }
            PseudonymsError::ShortSecret => {
                write!(out, "the secret must have at least {LEAST_SECRET} bytes: take 32 random ones")
            }
            PseudonymsError::SameKeyId(id) => {
                write!(out, "the previous key has the id {id:?} too: give the new key an id of its own")
            }
            PseudonymsError::NoRandomness(error) => {
                write!(
                    out,
                    "the system gave no random numbers ({error}): pass a secret with `Pseudonyms::with_key`"
                )
            }
        }
    }
}

impl std::error::Error for PseudonymsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PseudonymsError::NoRandomness(error) => Some(&**error),
            _ => None,
        }
    }
}

impl Pseudonyms {
    /// Makes a random key, which lives as long as the process: after a restart, and in another replica, the same text has another
    /// pseudonym. Its id is `process`.
    ///
    /// # Errors
    ///
    /// [`PseudonymsError::NoRandomness`] if the system has none.
    pub fn random() -> Result<Pseudonyms, PseudonymsError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| PseudonymsError::NoRandomness(error.into()))?;
        Pseudonyms::with_key("process", &secret)
    }

    /// Takes a key that all replicas have, with an id that changes when the key does.
    ///
    /// # Errors
    ///
    /// [`PseudonymsError::InvalidKeyId`] or [`PseudonymsError::ShortSecret`].
    pub fn with_key(id: &str, secret: &[u8]) -> Result<Pseudonyms, PseudonymsError> {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !(1..=32).contains(&id.len()) || !id.bytes().all(is_valid) {
            return Err(PseudonymsError::InvalidKeyId(id.to_owned()));
        }
        if secret.len() < LEAST_SECRET {
            return Err(PseudonymsError::ShortSecret);
        }
        let keyed = Hmac::new_from_slice(secret).map_err(|_| PseudonymsError::ShortSecret)?;
        Ok(Pseudonyms { id: id.into(), keyed, previous: None })
    }

    /// Keeps the key from before the rotation, so that an event has both pseudonyms while others may know the old one only.
    ///
    /// # Errors
    ///
    /// As [`with_key`](Pseudonyms::with_key), and [`PseudonymsError::SameKeyId`] if the key has the id of the new one.
    pub fn and_previous(mut self, id: &str, secret: &[u8]) -> Result<Pseudonyms, PseudonymsError> {
        if id == &*self.id {
            return Err(PseudonymsError::SameKeyId(id.to_owned()));
        }
        self.previous = Some(Box::new(Pseudonyms::with_key(id, secret)?));
        Ok(self)
    }

    /// Returns those under the previous key.
    pub fn previous(&self) -> Option<&Pseudonyms> {
        self.previous.as_deref()
    }

    /// Returns the pseudonym of a text. What is longer than 256 bytes was cut in the event: cut it too.
    pub fn of(&self, field: Field, text: &str) -> Pseudonym {
        self.derive(field.label(), text.as_bytes())
    }

    /// Returns the pseudonym of an address. An IPv4 address and the IPv6 one that stands for it have the same.
    pub fn of_peer(&self, peer: IpAddr) -> Pseudonym {
        match peer.to_canonical() {
            IpAddr::V4(address) => self.derive("peer", &address.octets()),
            IpAddr::V6(address) => self.derive("peer", &address.octets()),
        }
    }

    fn derive(&self, domain: &str, value: &[u8]) -> Pseudonym {
        // No domain has a zero in it, so no two pairs of a domain and a value are the same bytes.
        let tag = self.keyed.clone().chain_update(domain).chain_update([0]).chain_update(value).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&tag.into_bytes()[..16]);
        Pseudonym { key_id: Arc::clone(&self.id), bytes }
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let previous = self.previous.as_ref().map(|previous| &previous.id);
        out.debug_struct("Pseudonyms")
            .field("id", &self.id)
            .field("previous", &previous)
            .finish_non_exhaustive()
    }
}

impl Pseudonym {
    /// Returns the id of the key.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Returns the 128 bits.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl fmt::Display for Pseudonym {
    /// Writes the id of the key, a colon, and 32 hexadecimal digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{:032x}", self.key_id, u128::from_be_bytes(self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = &[7; 32];

    fn pseudonyms(secret: &[u8]) -> Pseudonyms {
        Pseudonyms::with_key("k1", secret).unwrap()
    }

    #[test]
    fn it_is_hmac_sha256_of_the_domain_a_zero_and_the_text() {
        // Computed with `printf 'subject\0alice' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…`.
        let expected = "k1:9f00d99f839d533fa7c94fc59a0fb902";
        assert_eq!(pseudonyms(SECRET).of(Field::Subject, "alice").to_string(), expected);
    }

    #[test]
    fn fields_and_keys_have_their_own() {
        let made = [
            pseudonyms(SECRET).of(Field::Subject, "a"),
            pseudonyms(SECRET).of(Field::Session, "a"),
            pseudonyms(&[8; 32]).of(Field::Subject, "a"),
            pseudonyms(SECRET).of(Field::Subject, ""),
            pseudonyms(SECRET).of_peer(IpAddr::from([127, 0, 0, 1])),
        ];
        let distinct: std::collections::HashSet<_> = made.iter().collect();
        assert_eq!(distinct.len(), made.len());
    }

    #[test]
    fn replicas_with_the_same_key_agree() {
        assert_eq!(pseudonyms(SECRET).of(Field::Device, "d"), pseudonyms(SECRET).of(Field::Device, "d"));
        let mapped = IpAddr::from(std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        assert_eq!(pseudonyms(SECRET).of_peer(mapped), pseudonyms(SECRET).of_peer([127, 0, 0, 1].into()));
    }

    #[test]
    fn random_keys_differ() {
        let of = |pseudonyms: Pseudonyms| pseudonyms.of(Field::Subject, "alice");
        assert_ne!(of(Pseudonyms::random().unwrap()), of(Pseudonyms::random().unwrap()));
    }

    #[test]
    fn bad_keys_are_refused() {
        assert!(matches!(Pseudonyms::with_key("", SECRET), Err(PseudonymsError::InvalidKeyId(_))));
        assert!(matches!(Pseudonyms::with_key("a:b", SECRET), Err(PseudonymsError::InvalidKeyId(_))));
        assert!(matches!(Pseudonyms::with_key("k1", &[0; 15]), Err(PseudonymsError::ShortSecret)));
        assert!(matches!(pseudonyms(SECRET).and_previous("k1", SECRET), Err(PseudonymsError::SameKeyId(_))));
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(
            format!("{:?}", pseudonyms(b"0123456789abcdef")),
            r#"Pseudonyms { id: "k1", previous: None, .. }"#
        );
    }
}
