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

    /// Returns whether it asks for one value.
    pub(super) fn is_equality(&self) -> bool {
        self.operator == "="
    }

    /// Returns whether it asks for one value.
    pub(super) fn is_equal(&self) -> bool {
        self.operator == "="
    }

    /// Returns it as it stands between the braces.
    pub(super) fn as_text(&self) -> String {
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{}{}\"{value}\"", self.label, self.operator)
    }
}

pub(super) fn is_label_name(name: &str) -> bool {
    let fits = |each: char| each.is_ascii_alphanumeric() || each == '_';
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !name.starts_with("__")
        && name.chars().all(fits)
}
