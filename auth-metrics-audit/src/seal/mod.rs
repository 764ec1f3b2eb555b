//! The chain of a sink's lines: SHA-256 over the raw bytes, and an optional seal whose key moves on with each line. Knows nothing of what
//! the lines say.

mod ending;
pub(crate) mod hex;
mod keys;
#[cfg(test)]
pub(crate) mod lines;

pub(crate) use ending::{Ending, MOST_LINES};
pub(crate) use hex::Hash;
pub(crate) use keys::Keys;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::format::Format;
use keys::Secret;

/// How the lines of a sink are protected.
///
/// The chain finds every line that was edited, inserted, removed or moved, as long as the end of the chain is the true one: whoever can
/// write the files can also compute them anew from some line on. The ratchet stops that for all lines before the intrusion, because the
/// process no longer has the keys that sealed them. Keep the seed off the host; `auth-metrics-audit verify --seed` needs it. Neither
/// stops somebody who controls the process while it runs: from then on, lines may be false or missing.
///
/// A cut end is only found with a witness: compare with `auth_audit_sequence` of a scrape, as `auth-metrics-audit verify --witness` does.
pub struct Seal {
    seed: Option<Secret>,
}

/// The last line of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tail {
    pub(crate) sequence: u64,
    pub(crate) hash: Hash,
}

/// The chain of one sink: what the next line continues.
#[derive(Debug)]
pub(crate) struct Chain {
    id: String,
    tail: Tail,
    /// Those of the next line.
    keys: Option<Keys>,
}

impl Seal {
    /// Chains the lines by SHA-256.
    pub fn chain() -> Seal {
        Seal { seed: None }
    }

    /// Chains them, and seals each with a key that the next line no longer has. `auth-metrics-audit seed` prints a fresh seed; see
    /// [`ratchet_hex`](Seal::ratchet_hex).
    ///
    /// The seed is copied, and the copy overwritten once the chain has begun. Overwrite your own copy too. This is best effort: safe code
    /// can't reach copies that the compiler or the system made.
    ///
    /// # Errors
    ///
    /// [`Error::ShortSeed`] if the seed has less than 32 bytes.
    pub fn ratchet(seed: &[u8]) -> Result<Seal, Error> {
        if seed.len() < 32 {
            return Err(Error::ShortSeed);
        }
        Ok(Seal { seed: Some(Secret::new(seed)) })
    }

    /// As [`ratchet`](Seal::ratchet), from hexadecimal digits as `auth-metrics-audit seed` prints them. Space around them does not count.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSeed`] if they are no hexadecimal digits, and [`Error::ShortSeed`] if there are less than 64.
    pub fn ratchet_hex(digits: &str) -> Result<Seal, Error> {
        let seed = Secret::from(hex::bytes(digits.trim()).ok_or(Error::InvalidSeed)?);
        if seed.len() < 32 {
            return Err(Error::ShortSeed);
        }
        Ok(Seal { seed: Some(seed) })
    }

    /// Returns whether lines have a seal beside their hash.
    pub(crate) fn is_ratchet(&self) -> bool {
        self.seed.is_some()
    }

    /// Returns whether the last line of a chain was sealed, or not sealed, as this one would have done it.
    pub(crate) fn fits(&self, ending: &Ending<'_>) -> Result<(), &'static str> {
        match (&self.seed, ending.seal) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err("its lines are sealed, and this trail has no seed"),
            (Some(_), None) => Err("its lines are not sealed, and this trail has a seed"),
            (Some(seed), Some(seal)) => {
                let keys = Keys::from_seed(seed, ending.chain, ending.sequence);
                let is_right = keys.seal(&ending.hash) == seal;
                is_right.then_some(()).ok_or("its last line was not sealed with this seed")
            }
        }
    }
}

impl Default for Seal {
    fn default() -> Seal {
        Seal::chain()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.is_ratchet() { "Seal::ratchet(..)" } else { "Seal::chain()" })
    }
}

impl Chain {
    /// Goes on after `tail`, or begins a new chain. The seed is overwritten here; the keys of the lines so far can't be made again.
    pub(crate) fn new(id: String, seal: Seal, tail: Option<Tail>) -> Chain {
        let tail = tail.unwrap_or(Tail { sequence: 0, hash: [0; 32] });
        let keys = seal.seed.as_ref().map(|seed| Keys::from_seed(seed, &id, tail.sequence + 1));
        drop(seal);
        Chain { id, tail, keys }
    }

    /// Returns its id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns its last line; the sequence is 0 before the first.
    pub(crate) fn tail(&self) -> Tail {
        self.tail
    }

    /// Closes the next line, which [`Format::append`] opened: appends its hash, its seal, what closes it, and a newline. Returns the tail
    /// that the chain has once the line is written. The same line may be closed again after a failure.
    ///
    /// The buffer has nothing but this line in it.
    pub(crate) fn close(&self, format: Format, line: &mut Vec<u8>) -> Tail {
        let hash = Hash::from(Sha256::digest(&line[..]));
        let (name, seal_name, close): (&[u8], &[u8], &[u8]) = match format {
            Format::Ecs => (b",\"event.hash\":\"", b",\"auth.seal\":\"", b"}\n"),
            Format::Ocsf => (b",\"hash\":\"", b",\"seal\":\"", b"}}\n"),
        };
        line.extend_from_slice(name);
        hex::append(&hash, line);
        line.push(b'"');
        if let Some(keys) = &self.keys {
            line.extend_from_slice(seal_name);
            hex::append(&keys.seal(&hash), line);
            line.push(b'"');
        }
        line.extend_from_slice(close);
        Tail { sequence: self.tail.sequence + 1, hash }
    }

    /// Goes on after a line that was written, and forgets the key of its seal.
    pub(crate) fn advance(&mut self, tail: Tail) {
        let lines = tail.sequence.saturating_sub(self.tail.sequence);
        self.tail = tail;
        if let Some(keys) = &mut self.keys {
            (0..lines).for_each(|_| keys.advance());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines::{FORMATS, Lines};
    use super::*;

    fn ratchet() -> Seal {
        Seal::ratchet(&[5; 32]).unwrap()
    }

    #[test]
    fn closing_again_gives_the_same_line() {
        for format in FORMATS {
            let mut lines = Lines::new(format, ratchet(), None);
            lines.next("x");
            assert_eq!(lines.peek("y"), lines.peek("y"));
        }
    }

    #[test]
    fn restart_goes_on_as_if_there_was_none() {
        for seal in [Seal::chain, ratchet] {
            let mut lines = Lines::new(Format::Ecs, seal(), None);
            for _ in 0..1030 {
                let mut again = Lines::new(Format::Ecs, seal(), Some(lines.chain.tail()));
                assert_eq!(again.next("x"), lines.next("x"));
            }
        }
    }

    #[test]
    fn hash_is_that_of_the_bytes_before_it() {
        let mut lines = Lines::new(Format::Ocsf, Seal::chain(), None);
        let line = String::from_utf8(lines.next("x")).unwrap();
        let (body, _) = line.split_once(",\"hash\":").unwrap();
        let digest = hex::text(&Sha256::digest(body));
        assert!(line.ends_with(&format!(",\"hash\":\"{digest}\"}}}}\n")));
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    }

    #[test]
    fn last_line_must_fit_the_seal() {
        let mut lines = Lines::new(Format::Ecs, ratchet(), None);
        lines.next("x");
        let line = lines.next("y");
        let ending = Ending::of(line.trim_ascii_end()).unwrap();
        assert_eq!(ratchet().fits(&ending), Ok(()));
        assert!(Seal::ratchet(&[6; 32]).unwrap().fits(&ending).is_err());
        assert!(Seal::chain().fits(&ending).is_err());
        assert!(ratchet().fits(&Ending { seal: None, ..ending }).is_err());
        assert_eq!(Seal::chain().fits(&Ending { seal: None, ..ending }), Ok(()));
    }

    #[test]
    fn seed_is_32_bytes_at_least_and_never_shown() {
        assert!(matches!(Seal::ratchet(&[1; 31]), Err(Error::ShortSeed)));
        assert!(matches!(Seal::ratchet_hex(&"0".repeat(62)), Err(Error::ShortSeed)));
        assert!(matches!(Seal::ratchet_hex("password"), Err(Error::InvalidSeed)));
        let seal = Seal::ratchet_hex(&format!(" {}\n", "05".repeat(32))).unwrap();
        assert_eq!(format!("{seal:?}"), "Seal::ratchet(..)");
        let line = Lines::new(Format::Ecs, seal, None).next("x");
        assert_eq!(line, Lines::new(Format::Ecs, ratchet(), None).next("x"));
    }
}
