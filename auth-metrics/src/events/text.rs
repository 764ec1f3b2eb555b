//! `Text`: a short text of an event, kept in place where it fits. Knows nothing of what it says.

use std::fmt;

use crate::groups::unwinding_stops;

/// The longest text that needs no memory of its own.
const IN_PLACE: usize = 47;

/// A text of an event, at most [`Text::MOST`] bytes.
#[derive(Clone)]
pub(crate) enum Text {
    InPlace { len: u8, bytes: [u8; IN_PLACE] },
    Apart(Box<str>),
}

impl Text {
    /// The most bytes that are kept; what is longer is cut.
    pub(crate) const MOST: usize = 256;

    #[expect(clippy::cast_possible_truncation, reason = "it is at most 47")]
    pub(super) fn new(text: &str) -> Text {
        let mut bytes = [0; IN_PLACE];
        match bytes.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Text::InPlace { len: text.len() as u8, bytes }
            }
            None => Text::Apart(text.into()),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // It was a text when it was copied.
            Text::InPlace { len, bytes } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Text::Apart(text) => text,
        }
    }
}

/// The start of a text: at most so many bytes, whole characters.
pub(super) fn start(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.split_at(end.unwrap_or_default()).0
}

/// A value as a text, at most [`Text::MOST`] bytes, and whether it was longer.
pub(super) fn shown(value: &impl fmt::Display) -> (String, bool) {
    let mut kept = String::new();
    let mut bounded = Bounded { kept: &mut kept, start: 0, is_cut: false };
    // A `Display` that gives an error, or panics, has said all that it can.
    unwinding_stops(|| fmt::Write::write_fmt(&mut bounded, format_args!("{value}")));
    let is_cut = bounded.is_cut;
    (kept, is_cut)
}

/// Takes what is written and stops at the most bytes that are kept, so that a text of a megabyte costs no more than one of 256 bytes.
pub(super) struct Bounded<'a> {
    pub(super) kept: &'a mut String,
    /// Where this text begins in there.
    pub(super) start: usize,
    pub(super) is_cut: bool,
}

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error);
        }
        let room = (self.start + Text::MOST).saturating_sub(self.kept.len());
        if text.len() <= room {
            self.kept.push_str(text);
            return Ok(());
        }
        self.kept.push_str(start(text, room));
        self.is_cut = true;
        // Whoever writes stops here.
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn cut(parts: &[&str]) -> (String, bool) {
        let mut kept = "before".to_owned();
        let mut cut = Bounded { kept: &mut kept, start: 6, is_cut: false };
        let _ = parts.iter().try_for_each(|part| cut.write_str(part));
        let is_cut = cut.is_cut;
        (kept.split_off(6), is_cut)
    }

    #[test]
    fn texts_of_every_length_come_back() {
        for len in 0..=Text::MOST {
            let text = "x".repeat(len);
            assert_eq!(Text::new(&text).as_str(), text);
        }
    }

    #[test]
    fn a_text_that_fits_is_not_cut() {
        let text = "é".repeat(128);
        assert_eq!(cut(&[&text]), (text, false));
    }

    #[test]
    fn a_longer_text_is_cut_between_characters() {
        let (kept, is_cut) = cut(&["x", &"é".repeat(128), "never written"]);
        assert_eq!((kept.len(), is_cut), (255, true));
        assert!(kept.ends_with('é'));
    }
}
