//! `Json`: writes one object of JSON into a line, and cuts texts. Knows nothing of what the members mean.

use std::io::Write;

use auth_metrics::events::Pseudonym;

/// What is written of an object so far.
pub(super) struct Json<'a> {
    line: &'a mut Vec<u8>,
    /// Where the line begins in there.
    start: usize,
    /// What the members of ours begin with.
    prefix: &'static str,
    /// The most bytes of a text from outside, escaped.
    most: usize,
    is_cut: bool,
}

/// The most bytes of an id of ours: a chain, a boot, a hash. They are never longer.
const ID: usize = 64;

impl<'a> Json<'a> {
    /// Opens the object.
    pub(super) fn new(line: &'a mut Vec<u8>, prefix: &'static str, most: usize) -> Json<'a> {
        let start = line.len();
        line.push(b'{');
        Json { line, start, prefix, most, is_cut: false }
    }

    fn len(&self) -> usize {
        self.line.len() - self.start
    }

    /// Returns whether a text was cut, or left out.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Begins a member. Its key needs no escape.
    pub(super) fn at(&mut self, key: &str) -> Value<'_, 'a> {
        self.begin("", key)
    }

    /// Begins a member that the schema has no word for.
    pub(super) fn ours(&mut self, key: &str) -> Value<'_, 'a> {
        self.begin(self.prefix, key)
    }

    /// Opens an object as a member.
    pub(super) fn open(&mut self, key: &str) {
        self.begin("", key).raw(b"{");
    }

    /// Closes it.
    pub(super) fn close(&mut self) {
        self.line.push(b'}');
    }

    /// Opens a list as a member of ours.
    pub(super) fn open_list(&mut self, key: &str) {
        self.begin(self.prefix, key).raw(b"[");
    }

    /// Adds some texts, one after another, as one text to the list, unless the line would be longer than `most` then. Returns whether it
    /// did.
    pub(super) fn item(&mut self, texts: &[&str], most: usize) -> bool {
        let (before, was_cut) = (self.line.len(), self.is_cut);
        self.divide();
        self.quoted(texts, most);
        let fits = self.len() <= most && self.is_cut == was_cut;
        if !fits {
            self.line.truncate(before);
            self.is_cut = true;
        }
        fits
    }

    /// Opens an object in a list.
    pub(super) fn open_item(&mut self) {
        self.divide();
        self.line.push(b'{');
    }

    /// Closes it.
    pub(super) fn close_list(&mut self) {
        self.line.push(b']');
    }

    fn begin(&mut self, prefix: &str, key: &str) -> Value<'_, 'a> {
        self.divide();
        for part in ["\"", prefix, key, "\":"] {
            self.line.extend_from_slice(part.as_bytes());
        }
        Value(self)
    }

    /// Writes a comma, unless this is the first in an object or a list.
    fn divide(&mut self) {
        if !matches!(self.line.last(), Some(b'{' | b'[')) {
            self.line.push(b',');
        }
    }

    /// Writes at most so many bytes of a text, whole characters, in quotes.
    fn quoted(&mut self, texts: &[&str], most: usize) {
        self.line.push(b'"');
        let mut room = most;
        for text in texts {
            let Some(left) = self.escaped(text, room) else {
                self.is_cut = true;
                break;
            };
            room = left;
        }
        self.line.push(b'"');
    }

    /// Writes a text and returns the room that is left, or `None` if it did not fit.
    fn escaped(&mut self, text: &str, room: usize) -> Option<usize> {
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        let plain = text.bytes().take(room).take_while(|byte| is_plain(byte)).count();
        let (plain, rest) = text.split_at_checked(plain)?;
        self.line.extend_from_slice(plain.as_bytes());
        let mut room = room - plain.len();
        for each in rest.chars() {
            let length = encoded_len(each);
            room = room.checked_sub(length)?;
            self.encode(each);
        }
        Some(room)
    }

    fn encode(&mut self, each: char) {
        match escape(each) {
            Escape::Short(letter) => self.line.extend_from_slice(&[b'\\', letter]),
            Escape::Long => {
                // All of them are in the first plane.
                let _ = write!(self.line, "\\u{:04x}", u32::from(each));
            }
            Escape::None => self.line.extend_from_slice(each.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// The value of a member, still to be written.
#[must_use = "a key needs a value"]
pub(super) struct Value<'j, 'a>(&'j mut Json<'a>);

impl Value<'_, '_> {
    /// A text from outside: cut if it is too long.
    pub(super) fn text(self, text: &str) {
        self.texts(&[text]);
    }

    /// Some texts, one after another, as one. They are cut together.
    pub(super) fn texts(self, texts: &[&str]) {
        let most = self.0.most;
        self.0.quoted(texts, most);
    }

    /// A word or an id of ours.
    pub(super) fn word(self, word: &str) {
        self.0.quoted(&[word], ID);
    }

    /// A place in a chain: its id, a colon, and the number.
    pub(super) fn place(self, chain: &str, sequence: u64) {
        self.0.quoted(&[chain], ID);
        self.0.line.pop();
        let _ = write!(self.0.line, ":{sequence}\"");
    }

    /// A list with one word.
    pub(super) fn list_of(self, word: &str) {
        self.list(&[word]);
    }

    /// A list of words of ours.
    pub(super) fn list(self, words: &[&str]) {
        self.0.line.push(b'[');
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                self.0.line.push(b',');
            }
            self.0.quoted(&[word], ID);
        }
        self.0.line.push(b']');
    }

    pub(super) fn number(self, number: u64) {
        let _ = write!(self.0.line, "{number}");
    }

    pub(super) fn signed(self, number: i64) {
        let _ = write!(self.0.line, "{number}");
    }

    pub(super) fn flag(self, flag: bool) {
        self.raw(if flag { b"true" } else { b"false" });
    }

    /// What needs no escape, such as an address, in quotes.
    pub(super) fn shown(self, shown: impl std::fmt::Display) {
        let _ = write!(self.0.line, "\"{shown}\"");
    }

    /// The id of the key and the digits.
    pub(super) fn pseudonym(self, pseudonym: &Pseudonym) {
        self.0.line.push(b'"');
        // A key's id has letters, digits, dashes, underscores and dots.
        self.0.line.extend_from_slice(pseudonym.key_id().as_bytes());
        self.0.line.push(b':');
        self.0.digits(pseudonym.as_bytes());
        self.0.line.push(b'"');
    }

    /// Bytes as lowercase hexadecimal digits.
    pub(super) fn hex(self, bytes: &[u8]) {
        self.0.line.push(b'"');
        self.0.digits(bytes);
        self.0.line.push(b'"');
    }

    fn raw(self, bytes: &[u8]) {
        self.0.line.extend_from_slice(bytes);
    }
}

impl Json<'_> {
    fn digits(&mut self, bytes: &[u8]) {
        let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
        self.line.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    }
}

enum Escape {
    None,
    /// A backslash and this letter.
    Short(u8),
    /// Four hexadecimal digits.
    Long,
}

/// How a character is written. Escaped is what ends a line or a string somewhere, what moves a terminal, and what turns the direction of
/// the text around it.
fn escape(each: char) -> Escape {
    match each {
        '"' => Escape::Short(b'"'),
        '\\' => Escape::Short(b'\\'),
        '\n' => Escape::Short(b'n'),
        '\r' => Escape::Short(b'r'),
        '\t' => Escape::Short(b't'),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Escape::Long,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Escape::Long
        }
        _ => Escape::None,
    }
}

fn encoded_len(each: char) -> usize {
    match escape(each) {
        Escape::None => each.len_utf8(),
        Escape::Short(_) => 2,
        Escape::Long => 6,
    }
}
