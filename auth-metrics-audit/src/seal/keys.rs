//! The keys of the seals: one for each line, each made from the one before, so that nobody who finds a key can go back.
//!
//! There are two levels, so that a restart does not need as many steps as there are lines:
//!
//! - `E(0) = HMAC(seed, "auth-metrics-audit" ‖ chain id)`, `E(k + 1) = HMAC(E(k), "epoch")`;
//! - line `n` is in epoch `k = n / 1024`; the key of the epoch's first line is `HMAC(E(k), "line")`, and each next one is
//!   `HMAC(key, "next")`.
//!
//! What is kept is the key of the next line and the *next* epoch's `E`. Neither leads to an older key.

use std::fmt;
use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::hex::Hash;

/// Lines of an epoch.
const EPOCH: u64 = 1024;

/// A secret that is overwritten before its memory is given back. That is the best that safe code can do: the compiler and the system may
/// have made copies, in registers, on the stack, or in swapped pages.
pub(super) struct Secret(Box<[u8]>);

/// The key of one line, and what the keys of later ones are made from.
pub(crate) struct Keys {
    sequence: u64,
    line: Secret,
    /// Of the next epoch, since this one's would lead back to the keys of earlier lines.
    next_epoch: Secret,
}

impl Secret {
    pub(super) fn new(bytes: &[u8]) -> Secret {
        Secret(bytes.into())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn derive(&self, message: &[&[u8]]) -> Secret {
        let mut tag = self.mac(message);
        let derived = Secret::new(&tag);
        tag.fill(0);
        black_box(&tag);
        derived
    }

    fn mac(&self, message: &[&[u8]]) -> Hash {
        // HMAC pads a short key with zeros and hashes a long one; done here, it can't fail.
        let mut block = [0_u8; 64];
        if self.0.len() <= block.len() {
            block.iter_mut().zip(&self.0).for_each(|(place, byte)| *place = *byte);
        } else {
            block.iter_mut().zip(Sha256::digest(&self.0)).for_each(|(place, byte)| *place = byte);
        }
        let mut keyed = Hmac::<Sha256>::new(&block.into());
        block.fill(0);
        black_box(&block);
        for part in message {
            keyed.update(part);
        }
        keyed.finalize().into_bytes().into()
    }
}

impl From<Vec<u8>> for Secret {
    fn from(bytes: Vec<u8>) -> Secret {
        Secret(bytes.into_boxed_slice())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.fill(0);
        // Reads what was written, so that writing it is not left out.
        black_box(&self.0);
    }
}

impl Keys {
    /// Makes the key of the line with this sequence: about `sequence / 1024 + 1024` steps.
    pub(crate) fn new(seed: &[u8], chain: &str, sequence: u64) -> Keys {
        Keys::from_seed(&Secret::new(seed), chain, sequence)
    }

    pub(super) fn from_seed(seed: &Secret, chain: &str, sequence: u64) -> Keys {
        let mut epoch = seed.derive(&[b"auth-metrics-audit", chain.as_bytes()]);
        for _ in 0..sequence / EPOCH {
            epoch = epoch.derive(&[b"epoch"]);
        }
        let mut line = epoch.derive(&[b"line"]);
        for _ in 0..sequence % EPOCH {
            line = line.derive(&[b"next"]);
        }
        Keys { sequence, line, next_epoch: epoch.derive(&[b"epoch"]) }
    }

    /// Returns the seal of the line that has this hash.
    pub(crate) fn seal(&self, hash: &Hash) -> Hash {
        self.line.mac(&[&self.sequence.to_be_bytes(), hash])
    }

    /// Returns the seal that somebody who has this key would give a line of another sequence.
    #[cfg(test)]
    pub(crate) fn forge(&self, sequence: u64, hash: &Hash) -> Hash {
        self.line.mac(&[&sequence.to_be_bytes(), hash])
    }

    /// Moves to the next line, and forgets the key of this one.
    pub(crate) fn advance(&mut self) {
        self.sequence += 1;
        if self.sequence.is_multiple_of(EPOCH) {
            self.line = self.next_epoch.derive(&[b"line"]);
            self.next_epoch = self.next_epoch.derive(&[b"epoch"]);
        } else {
            self.line = self.line.derive(&[b"next"]);
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Keys").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::hex;

    const SEED: [u8; 32] = [7; 32];
    const CHAIN: &str = "0123456789abcdef";

    fn seal(sequence: u64) -> String {
        hex::text(&Keys::new(&SEED, CHAIN, sequence).seal(&[3; 32]))
    }

    #[test]
    fn seals_are_those_of_another_implementation() {
        // Printed by `python3 tests/verify.py golden`.
        assert_eq!(seal(1), "0f00ccc1b953948a7074fec7f318eec343753898bac266f649c161d8a2990703");
        assert_eq!(seal(1023), "8a4b9c33cd7e608be5f1bc2279672379e56fc1c1f18c6a71e355b88ef95be542");
        assert_eq!(seal(1024), "fb33ba0fe9c2828820bec67cf368e321153167cba5cd3af90ed845bd666235e1");
        assert_eq!(seal(5000), "b7f2450f1542825618c45196a8b86e6780ffe55c76cb2c44065947b29c86f872");
        let long = Keys::new(&[9; 100], CHAIN, 2).seal(&[3; 32]);
        assert_eq!(hex::text(&long), "6b0e2d067104252a8d34f0e4264a7e59f203a007b77c3f97f5cfd1b9300b8e87");
    }

    #[test]
    fn restart_makes_the_key_that_going_on_makes() {
        let mut keys = Keys::new(&SEED, CHAIN, 1);
        for sequence in 2..2200 {
            keys.advance();
            if sequence % 97 == 0 || sequence % EPOCH < 2 {
                assert_eq!(hex::text(&keys.seal(&[3; 32])), seal(sequence), "line {sequence}");
            }
        }
    }

    #[test]
    fn what_is_kept_does_not_lead_back() {
        let seed = Secret::new(&SEED);
        let mut secrets: Vec<Vec<u8>> = vec![SEED.to_vec()];
        let mut keys = Keys::from_seed(&seed, CHAIN, 1020);
        for _ in 0..8 {
            for kept in [&keys.line, &keys.next_epoch] {
                let derived = [&b"next"[..], b"line", b"epoch"].map(|word| kept.derive(&[word]).0.to_vec());
                assert!(derived.iter().all(|secret| !secrets.contains(secret)), "an old key came back");
            }
            secrets.push(keys.line.0.to_vec());
            keys.advance();
            assert!(!secrets.contains(&keys.line.0.to_vec()));
        }
        let here = Keys::from_seed(&seed, CHAIN, 1020);
        let epoch = seed.derive(&[b"auth-metrics-audit", CHAIN.as_bytes()]);
        assert_ne!(here.next_epoch.0, epoch.0, "the epoch of a line makes the keys of its earlier lines");
    }

    #[test]
    fn seal_depends_on_seed_chain_sequence_and_hash() {
        let one = Keys::new(&SEED, CHAIN, 1);
        assert_ne!(one.seal(&[3; 32]), one.seal(&[4; 32]));
        assert_ne!(one.seal(&[3; 32]), Keys::new(&[8; 32], CHAIN, 1).seal(&[3; 32]));
        assert_ne!(one.seal(&[3; 32]), Keys::new(&SEED, "0123456789abcdee", 1).seal(&[3; 32]));
        assert_ne!(one.seal(&[3; 32]), Keys::new(&SEED, CHAIN, 2).seal(&[3; 32]));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", Keys::new(&SEED, CHAIN, 5)), "Keys { sequence: 5, .. }");
    }
}
