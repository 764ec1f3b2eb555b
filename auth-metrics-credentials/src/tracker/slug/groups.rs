//! Recognizes groups of the same length, in which seeds, app passwords and recovery codes are written so that people can type
//! them.

use std::collections::BTreeSet;

use super::randomness::surprise_within;

/// How many groups, how long they are at the least, and what their letters and digits are, at the least. Of the names of
/// packages that have such groups, no words come above 4, and abbreviations of five letters not above 12.
const DRAWN: [(usize, usize, i32); 2] = [(4, 4, 16), (3, 5, 20)];

/// Whether some of the parts that follow each other are groups of a secret.
pub(super) fn has_drawn_groups(parts: &[&str]) -> bool {
    let is_drawn = |(count, length, least): (usize, usize, i32)| {
        of_one_length(parts, count, length).any(|groups| {
            let differ = groups.iter().collect::<BTreeSet<_>>().len() == count;
            differ && groups.iter().map(|group| surprise_within(group)).sum::<i32>() >= least
        })
    };
    DRAWN.into_iter().any(is_drawn)
        || of_one_length(parts, 2, 5).any(|codes| codes.iter().all(|code| is_mixed_hexadecimal(code)))
        || of_one_length(parts, 4, 4).any(|groups| {
            let mixed = groups.iter().filter(|group| is_mixed_hexadecimal(group)).count();
            mixed >= 2 && groups.iter().all(|group| is_hexadecimal(group))
        })
}

fn of_one_length<'a>(parts: &'a [&str], count: usize, least: usize) -> impl Iterator<Item = &'a [&'a str]> {
    let is_even = |groups: &&[&str]| groups.iter().all(|group| group.len() == groups[0].len());
    parts.windows(count).filter(move |groups| groups[0].len() >= least).filter(is_even)
}

fn is_hexadecimal(group: &str) -> bool {
    group.bytes().all(|each| matches!(each, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_mixed_hexadecimal(group: &str) -> bool {
    let has = |what: fn(&u8) -> bool| group.as_bytes().iter().any(what);
    is_hexadecimal(group) && has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase)
}
