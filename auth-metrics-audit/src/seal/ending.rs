//! The end of a line, read from its raw bytes. Whatever a text inside the line says, it can't be taken for these members: they are the
//! last ones, and a quote inside a text is escaped.

use sha2::{Digest, Sha256};

use super::hex::{self, Hash};

/// Lines that a chain may have: more than a trillion. Beyond it a number is forged, and the steps to its key would take hours.
pub(crate) const MOST_LINES: u64 = 1 << 40;

/// The digits of a chain's id.
const ID_DIGITS: usize = 16;

/// The digits of a hash.
const HASH_DIGITS: usize = 64;

/// The members that end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending<'a> {
    pub(crate) chain: &'a str,
    pub(crate) sequence: u64,
    pub(crate) prev: Hash,
    pub(crate) hash: Hash,
    pub(crate) seal: Option<Hash>,
    /// What the hash is made of.
    pub(super) body: &'a [u8],
}

/// How a format spells them.
struct Spelling {
    chain: &'static str,
    sequence: &'static str,
    prev: &'static str,
    hash: &'static str,
    seal: &'static str,
    close: &'static str,
}

const SPELLINGS: [Spelling; 2] = [
    Spelling {
        chain: "\"auth.chain\":",
        sequence: ",\"event.sequence\":",
        prev: ",\"auth.prev\":",
        hash: ",\"event.hash\":",
        seal: ",\"auth.seal\":",
        close: "}",
    },
    Spelling {
        chain: "\"chain\":",
        sequence: ",\"sequence\":",
        prev: ",\"prev\":",
        hash: ",\"hash\":",
        seal: ",\"seal\":",
        close: "}}",
    },
];

impl<'a> Ending<'a> {
    /// Reads the end of a line, given without its newline. Returns none if it is no whole line of this library.
    pub(crate) fn of(line: &'a [u8]) -> Option<Ending<'a>> {
        SPELLINGS.iter().find_map(|spelling| Ending::spelled(line, spelling))
    }

    fn spelled(line: &'a [u8], spelling: &Spelling) -> Option<Ending<'a>> {
        let open = line.strip_suffix(spelling.close.as_bytes())?;
        let (sealed, seal) = match member(open, spelling.seal, HASH_DIGITS) {
            Some((rest, digits)) => (rest, Some(hex::hash(digits)?)),
            None => (open, None),
        };
        let (body, digits) = member(sealed, spelling.hash, HASH_DIGITS)?;
        let hash = hex::hash(digits)?;
        let (rest, digits) = member(body, spelling.prev, HASH_DIGITS)?;
        let prev = hex::hash(digits)?;
        let (rest, sequence) = number(rest, spelling.sequence)?;
        let (rest, digits) = member(rest, spelling.chain, ID_DIGITS)?;
        let is_member = matches!(rest.last(), Some(b',' | b'{')) && line.starts_with(b"{");
        let chain = Some(digits).filter(|digits| is_member && hex::is_digits(digits))?;
        Some(Ending { chain: std::str::from_utf8(chain).ok()?, sequence, prev, hash, seal, body })
    }

    /// Returns what the hash is made of.
    #[cfg(test)]
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Returns whether the line is what it was when it was closed.
    pub(crate) fn holds(&self) -> bool {
        Hash::from(Sha256::digest(self.body)) == self.hash
    }
}

/// Splits a text member of this length off the end: returns what is before it, and its text.
fn member<'a>(bytes: &'a [u8], key: &str, length: usize) -> Option<(&'a [u8], &'a [u8])> {
    let text = bytes.strip_suffix(b"\"")?;
    let (rest, text) = text.split_at_checked(text.len().checked_sub(length)?)?;
    Some((rest.strip_suffix(b"\"")?.strip_suffix(key.as_bytes())?, text))
}

/// Splits a number off the end.
fn number<'a>(bytes: &'a [u8], key: &str) -> Option<(&'a [u8], u64)> {
    let start = bytes.iter().rposition(|byte| !byte.is_ascii_digit())? + 1;
    let (rest, digits) = bytes.split_at_checked(start)?;
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let is_plain = !digits.starts_with(b"0") && (1..=MOST_LINES).contains(&number);
    Some((rest.strip_suffix(key.as_bytes())?, Some(number).filter(|_| is_plain)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::seal::Seal;
    use crate::seal::lines::{FORMATS, Lines};

    #[test]
    fn end_of_a_closed_line_is_read_back() {
        for format in FORMATS {
            for seal in [Seal::chain(), Seal::ratchet(&[1; 32]).unwrap()] {
                let is_sealed = seal.is_ratchet();
                let mut lines = Lines::new(format, seal, None);
                for sequence in 1..=11 {
                    let before = lines.chain.tail();
                    let line = lines.next("x");
                    let ending = Ending::of(line.strip_suffix(b"\n").unwrap()).unwrap();
                    assert!(ending.holds());
                    assert_eq!(
                        (ending.chain, ending.sequence, ending.prev),
                        (lines.chain.id(), sequence, before.hash)
                    );
                    assert_eq!(ending.hash, lines.chain.tail().hash);
                    assert_eq!(ending.seal.is_some(), is_sealed);
                }
            }
        }
    }

    #[test]
    fn every_changed_byte_is_seen() {
        for format in FORMATS {
            let mut lines = Lines::new(format, Seal::chain(), None);
            let line = lines.next("someone");
            let line = line.strip_suffix(b"\n").unwrap();
            for place in 0..line.len() {
                for flip in [1, 0x20, 0x80] {
                    let mut changed = line.to_vec();
                    changed[place] ^= flip;
                    assert!(!Ending::of(&changed).is_some_and(|ending| ending.holds()), "byte {place}");
                }
            }
        }
    }

    #[test]
    fn text_inside_is_not_taken_for_the_end() {
        let forged =
            r#"","auth.chain":"0000000000000000","event.sequence":9,"auth.prev":"P","event.hash":"H"}"#;
        let forged = forged.replace(['P', 'H'], &"0".repeat(64));
        let mut lines = Lines::new(Format::Ecs, Seal::chain(), None);
        let line = lines.next(&forged);
        let line = line.strip_suffix(b"\n").unwrap();
        assert_eq!(Ending::of(line).map(|ending| ending.sequence), Some(1));
        for end in 0..line.len() {
            assert_eq!(Ending::of(&line[..end]), None, "cut after {end} bytes");
        }
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(number(b",\"n\":12", ",\"n\":").map(|found| found.1), Some(12));
        for wrong in [
            ",\"n\":012",
            ",\"n\":0",
            ",\"n\":",
            ",\"n\":-1",
            ",\"n\":18446744073709551616",
            ",\"n\":1099511627777",
        ] {
            assert_eq!(number(wrong.as_bytes(), ",\"n\":"), None, "{wrong}");
        }
    }
}
