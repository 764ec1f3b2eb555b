//! `Matcher`: a label matcher that the options add to every selector. Knows how `PromQL` quotes.

/// One matcher of a selector.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pub(super) label: String,
    operator: &'static str,
    value: String,
    /// A value that it matches, for the series of tests.
    example: String,
}

impl Matcher {
    pub(super) fn equal(label: String, value: String) -> Matcher {
        Matcher { label, operator: "=", example: value.clone(), value }
    }

    pub(super) fn pattern(label: String, pattern: String, example: String) -> Matcher {
        Matcher { label, operator: "=~", value: pattern, example }
    }

    /// Returns a label that it matches.
    pub(super) fn example(&self) -> (&str, &str) {
        (&self.label, &self.example)
    }

    /// Returns whether Prometheus can read it, and a series can have its example.
    pub(super) fn is_sound(&self) -> bool {
        !self.example.is_empty() && (self.is_equality() || regex_syntax::parse(&self.value).is_ok())
    }

    /// Returns its example in the letters of a metric's name.
    pub(super) fn slug(&self) -> String {
        let fits = |each: char| if each.is_ascii_alphanumeric() { each.to_ascii_lowercase() } else { '_' };
        self.example.chars().map(fits).collect()
    }

    /// Returns whether it asks for one value.
    pub(super) fn is_equality(&self) -> bool {
        self.operator == "="
    }

    /// Returns whether its label is one of families, and not of every target.
    pub(super) fn is_of_family(&self) -> bool {
        ["service_id", "operation"].contains(&&*self.label)
    }

    /// Returns it as it stands between the braces.
    pub(super) fn as_text(&self) -> String {
        format!("{}{}\"{}\"", self.label, self.operator, escaped(&self.value))
    }
}

/// Escapes a label's value as `PromQL` and series notation do.
pub(super) fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

pub(super) fn is_label_name(name: &str) -> bool {
    let fits = |each: char| each.is_ascii_alphanumeric() || each == '_';
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !name.starts_with("__")
        && name.chars().all(fits)
}
