//! Recognizes secrets and ids in small letters. Knows no list of words: whatever is made of words is a name.

use std::collections::BTreeSet;

use super::groups::has_drawn_groups;
use super::numbers::{has_address, has_long_number, is_a_time};
use super::randomness::{is_change, is_drawn, surprise_within};

/// A run of this many hexadecimal digits is no word.
const LONG_HEX: usize = 16;
/// A part of this length with letters among its digits is no name of anything.
const LONG: usize = 20;
/// How tokens of services begin that are short, or all digits. The others are told by what follows.
const TOKENS: [&str; 8] = ["glpat-", "gldt-", "glrt-", "xapp-", "sq0atp-", "sq0csp-", "shpat_", "hvs."];
/// How the key ids of AWS begin, and how long they are.
const AWS: [&str; 4] = ["akia", "asia", "aroa", "aida"];
const AWS_LENGTH: usize = 20;
/// How many digits the ids in a token of Slack have together, at the least.
const SLACK_DIGITS: usize = 9;

/// Whether a text in small letters looks like a key, a token or an id, or has one in it.
pub(super) fn is_secret(text: &str) -> bool {
    let digits = || text.bytes().filter(u8::is_ascii_digit).count();
    has_hexadecimal(text)
        || (is_of_slack(text) && digits() >= SLACK_DIGITS)
        || parts(text).any(|part| part.len() >= LONG && changes(part.as_bytes()) >= 4)
        || parts(text).any(is_drawn_at_once)
        || has_groups(text)
        || has_drawn_groups(&parts(text).collect::<Vec<&str>>())
        || has_long_number(text)
        || has_address(text)
        || is_drawn(text, is_of_slack(text) || is_a_token(text))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['-', '_', '.', ':', ' '])
}

/// Whether letters in one piece follow each other as in no word. What stands around them says nothing then.
fn is_drawn_at_once(part: &str) -> bool {
    let least = match part.len() {
        16.. => 18,
        14.. => 22,
        _ => return false,
    };
    part.bytes().all(|each| each.is_ascii_lowercase()) && surprise_within(part) >= least
}

/// How often a letter stands beside a digit.
fn changes(part: &[u8]) -> usize {
    part.windows(2).filter(|pair| is_change(pair[0], pair[1])).count()
}

/// `xoxb-`, `xoxs-`, `xoxe.` and their like.
fn is_of_slack(text: &str) -> bool {
    text.match_indices("xox")
        .any(|(at, _)| matches!(text.as_bytes()[at..], [_, _, _, b'a'..=b'z', b'-' | b'.' | b'_', ..]))
}

fn is_a_token(text: &str) -> bool {
    let is_of_aws = |part: &str| part.len() >= AWS_LENGTH && AWS.iter().any(|aws| part.contains(aws));
    TOKENS.iter().any(|token| text.contains(token)) || parts(text).any(is_of_aws)
}

/// Whether four parts that follow each other are as long, and mix letters and digits, each in its own way: license keys.
fn has_groups(text: &str) -> bool {
    let is_mixed = |part: &&str| changes(part.as_bytes()) >= 2;
    let shape = |part: &str| part.bytes().map(|each| each.is_ascii_digit()).collect::<Vec<bool>>();
    let parts: Vec<&str> = parts(text).collect();
    parts.windows(4).any(|four| {
        let length = four[0].len();
        let shapes: BTreeSet<Vec<bool>> = four.iter().copied().filter(is_mixed).map(shape).collect();
        length >= 4 && shapes.len() >= 2 && four[1..].iter().all(|part| part.len() == length)
    })
}

/// Hexadecimal digits that nothing but separators interrupts.
#[derive(Default)]
struct Hexadecimal {
    lengths: Vec<usize>,
    /// How many digits there are, without groups that are numbers.
    digits: usize,
    changes: usize,
    is_a_number: bool,
}

fn has_hexadecimal(text: &str) -> bool {
    let is_hex = |each: &&u8| each.is_ascii_digit() || (b'a'..=b'f').contains(*each);
    let mut found = Hexadecimal::default();
    parts(text).filter(|part| !is_a_time(part)).map(str::as_bytes).any(|part| {
        let first = part.iter().take_while(is_hex).count();
        if first == part.len() {
            let has_digit = part.iter().any(u8::is_ascii_digit);
            return (first >= LONG_HEX && has_digit) || found.goes_on(part);
        }
        let last = part.iter().rev().take_while(is_hex).count();
        let ends = found.goes_on(&part[..first]);
        found = Hexadecimal::default();
        ends || found.goes_on(&part[part.len() - last..])
    })
}

impl Hexadecimal {
    /// Whether it is too long for a name with this group. Dates and numbers are not, however long.
    fn goes_on(&mut self, group: &[u8]) -> bool {
        if group.is_empty() {
            return false;
        }
        let is_a_number = group.iter().all(u8::is_ascii_digit);
        self.is_a_number = is_a_number && (self.lengths.is_empty() || self.is_a_number);
        self.digits += if is_a_number { 0 } else { group.len() };
        self.changes += changes(group);
        self.lengths.push(group.len());
        let is_uuid = matches!(self.lengths[..], [.., (8..), 4, 4, 4, (12..)]);
        let is_fingerprint = self.lengths.len() >= 8 && !self.is_a_number;
        is_uuid || is_fingerprint || (self.digits >= LONG_HEX && self.changes >= 3)
    }
}
