//! Reads what the generated YAML says.

use yaml_serde::Value;

#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is no text")).to_owned()
}

#[track_caller]
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_sequence().unwrap_or_else(|| panic!("{value:?} is no list"))
}

#[track_caller]
pub(crate) fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(text).collect()
}
