//! The form of label values, with one check for each kind of value.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// The value that counts everything that does not fit.
pub(crate) const OTHER: &str = "other";

const MAX_NAME: usize = 64;
const MAX_SERVICE_ID: usize = 128;

/// Returns whether this can name an operation, a source or something else in code: `[a-z][a-z0-9_]*`, at most 64 bytes.
pub(crate) const fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > MAX_NAME || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut next = 1;
    while next < bytes.len() {
        if !(bytes[next].is_ascii_lowercase() || bytes[next].is_ascii_digit() || bytes[next] == b'_') {
            return false;
        }
        next += 1;
    }
    true
}

/// Returns whether an annotated function can have this name. `other` counts the names that don't fit.
pub(crate) const fn is_operation(text: &str) -> bool {
    is_name(text) && !matches!(text.as_bytes(), b"other")
}

/// Returns whether a custom reason can have this label. Some values mean something else in the labels of reasons.
pub(crate) const fn is_custom_reason(text: &str) -> bool {
    is_name(text) && !matches!(text.as_bytes(), b"success" | b"other" | b"none")
}

/// Orders two labels as `Ord` does, but also in constants.
pub(crate) const fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut next = 0;
    while next < one.len() && next < other.len() {
        if one[next] != other[next] {
            return if one[next] < other[next] { Ordering::Less } else { Ordering::Greater };
        }
        next += 1;
    }
    if one.len() == other.len() {
        Ordering::Equal
    } else if one.len() < other.len() {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

/// Characters that are invisible or change the direction of text: two ids that differ by one look the same. They are
/// Unicode's `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`, the same from version 14 to 17), which
/// includes every `Bidi_Control` (`PropList.txt`).
const INVISIBLE: [RangeInclusive<char>; 17] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Returns whether this can name a service: 1 to 128 bytes without control characters and invisible ones.
pub(crate) fn is_service_id(text: &str) -> bool {
    let is_unseen = |each: char| {
        each.is_control() || !each.is_ascii() && INVISIBLE.iter().any(|range| range.contains(&each))
    };
    !text.is_empty() && text.len() <= MAX_SERVICE_ID && !text.chars().any(is_unseen)
}

/// Returns whether this can be the name of a user's own label: `[a-zA-Z_][a-zA-Z0-9_]*`, not starting with `__`.
pub(crate) fn is_label_name(text: &str) -> bool {
    !text.starts_with("__") && is_identifier(text)
}

/// Returns whether the name of a metric can start with this: `[a-zA-Z_][a-zA-Z0-9_]*`.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|each| each.is_ascii_alphanumeric() || each == '_')
}
