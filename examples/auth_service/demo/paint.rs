//! Colours, where the terminal has them and the user wants them (<https://no-color.org>).

use std::io::IsTerminal as _;

/// What a text means; the terminal decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hue {
    /// A heading.
    Bold,
    /// Less important.
    Faint,
    /// Good.
    Green,
    /// A correct refusal.
    Yellow,
    /// Our fault.
    Red,
    /// On the way.
    Blue,
    /// Gone.
    Magenta,
}

/// Paints, or does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    /// On for a terminal, unless `NO_COLOR` is set to something or the terminal is dumb.
    pub(super) fn for_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { on: std::io::stdout().is_terminal() && !unwanted && !dumb }
    }

    /// Never.
    #[cfg(test)]
    pub(super) fn off() -> Self {
        Self { on: false }
    }

    /// Whether anything is painted.
    pub(super) fn is_on(self) -> bool {
        self.on
    }

    /// The text in this hue. Pad it before, not after: the escape codes have a width for `format!`.
    pub(super) fn text(self, hue: Hue, text: &str) -> String {
        if !self.on || text.is_empty() {
            return text.to_owned();
        }
        let code = match hue {
            Hue::Bold => "1",
            Hue::Faint => "2",
            Hue::Green => "32",
            Hue::Yellow => "33",
            Hue::Red => "31",
            Hue::Blue => "34",
            Hue::Magenta => "35",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
