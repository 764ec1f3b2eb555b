//! Objects of JSON, written into one line that is used again.

use std::fmt::{Display, Write as _};

/// An object that is being written. Nothing is closed by itself: [`end`](Object::end) does.
pub(super) struct Object<'a> {
    line: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    pub(super) fn begin(line: &'a mut String) -> Object<'a> {
        line.push('{');
        Object { line, is_empty: true }
    }

    fn key(&mut self, key: &str) {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.line.push(',');
        }
        string(self.line, key);
        self.line.push(':');
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        string(self.line, value);
    }

    /// A number or a truth, as `Display` writes it.
    pub(super) fn plain(&mut self, key: &str, value: impl Display) {
        self.key(key);
        // A `String` takes everything.
        let _ = write!(self.line, "{value}");
    }

    /// A number, or null for what JSON has no number for.
    pub(super) fn number(&mut self, key: &str, value: impl Into<f64> + Display + Copy) {
        if value.into().is_finite() { self.plain(key, value) } else { self.plain(key, "null") }
    }

    pub(super) fn object(&mut self, key: &str) -> Object<'_> {
        self.key(key);
        Object::begin(self.line)
    }

    pub(super) fn end(self) {
        self.line.push('}');
    }
}

fn string(line: &mut String, value: &str) {
    line.push('"');
    for character in value.chars() {
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            // All control characters, so that a terminal that shows the log obeys no name.
            control if control.is_control() => {
                let _ = write!(line, "\\u{:04x}", u32::from(control));
            }
            other => line.push(other),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str) -> String {
        let mut line = String::new();
        let mut object = Object::begin(&mut line);
        object.text("k", value);
        object.end();
        line
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(written("a\"b\\c"), r#"{"k":"a\"b\\c"}"#);
        assert_eq!(written("\n\r\t\0\u{1b}[2J\u{7f}\u{9b}"), r#"{"k":"\n\r\t\u0000\u001b[2J\u007f\u009b"}"#);
        assert_eq!(written("Zoë 🦀"), r#"{"k":"Zoë 🦀"}"#);
    }

    #[test]
    fn no_name_breaks_out_of_its_line() {
        for code in 0..0x300 {
            let line = written(&char::from_u32(code).unwrap().to_string());
            assert!(!line.chars().any(char::is_control), "{code:x} {line}");
        }
    }

    #[test]
    fn objects_nest_and_numbers_are_finite() {
        let mut line = String::new();
        let mut object = Object::begin(&mut line);
        object.number("a", 0.25_f32);
        let mut inner = object.object("b");
        inner.number("nan", f64::NAN);
        inner.plain("yes", true);
        inner.end();
        object.object("c").end();
        object.number("t", 1_700_000_000.125_f64);
        object.end();
        assert_eq!(line, r#"{"a":0.25,"b":{"nan":null,"yes":true},"c":{},"t":1700000000.125}"#);
    }
}
