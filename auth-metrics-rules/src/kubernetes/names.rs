//! What Kubernetes accepts as names, labels, ports and keys.

use super::super::RulesError;

/// The longest name of an object.
pub(super) const LONGEST: usize = 253;

/// The same, with room for what the names of some objects end in.
pub(super) const LONGEST_OBJECT: usize = LONGEST - "-dashboard".len();

/// The longest part of a name, and the longest value of a label.
const LONGEST_LABEL: usize = 63;

/// The longest name of a container's port.
const LONGEST_PORT: usize = 15;

const DOMAIN: &str = "lower-case letters, digits, - and ., such as gateway";
const LABEL: &str = "at most 63 lower-case letters, digits and -, such as prod";
const METADATA: &str = "a label such as app: gateway, or example.com/app: gateway";
const KEY: &str = "letters, digits, -, _ and ., such as token";
const PORT: &str = "the name of a port, such as metrics: at most 63 lower-case letters, digits and -, for a pod at most 15 with a letter";
const PATH: &str = "a path that begins with /, such as /metrics";

fn needs(fits: bool, option: &'static str, value: &str, needs: &'static str) -> Result<(), RulesError> {
    if fits { Ok(()) } else { Err(RulesError::Kubernetes { option, value: value.to_owned(), needs }) }
}

/// A subdomain of RFC 1123, as objects are named.
pub(super) fn domain(option: &'static str, value: &str, longest: usize) -> Result<(), RulesError> {
    needs(is_domain(value, longest), option, value, DOMAIN)
}

/// A label of RFC 1123, as namespaces are named.
pub(super) fn label(option: &'static str, value: &str) -> Result<(), RulesError> {
    needs(is_label(value), option, value, LABEL)
}

/// The key and value of a label of an object.
pub(super) fn metadata(option: &'static str, key: &str, value: &str) -> Result<(), RulesError> {
    let (prefix, name) = match key.rsplit_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let fits = !name.is_empty()
        && is_metadata(name)
        && is_metadata(value)
        && prefix.is_none_or(|prefix| is_domain(prefix, LONGEST));
    needs(fits, option, &format!("{key}: {value}"), METADATA)
}

/// The key of a secret's entry.
pub(super) fn key(option: &'static str, value: &str) -> Result<(), RulesError> {
    let known = |each: char| each.is_ascii_alphanumeric() || "-_.".contains(each);
    let fits = !value.is_empty()
        && value.len() <= LONGEST
        && value.chars().all(known)
        && ![".", ".."].contains(&value);
    needs(fits, option, value, KEY)
}

/// A port, which a container names more strictly than a service does.
pub(super) fn port(value: &str, of_container: bool) -> Result<(), RulesError> {
    let fits_container = || {
        value.len() <= LONGEST_PORT
            && value.chars().any(|each| each.is_ascii_lowercase())
            && !value.contains("--")
    };
    let fits = is_label(value) && (!of_container || fits_container());
    needs(fits, "port", value, PORT)
}

/// The path of a URL, without a query.
pub(super) fn path(value: &str) -> Result<(), RulesError> {
    let fits = value.starts_with('/')
        && value.chars().all(|each| each.is_ascii_graphic() && !"?#\"<>\\^`{|}".contains(each));
    needs(fits, "path", value, PATH)
}

fn is_domain(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.split('.').all(|part| {
            !part.is_empty()
                && has_ends(part, is_lower)
                && part.chars().all(|each| is_lower(each) || each == '-')
        })
}

fn is_label(text: &str) -> bool {
    text.len() <= LONGEST_LABEL && !text.contains('.') && is_domain(text, LONGEST_LABEL)
}

/// Empty, or letters and digits with `-`, `_` and `.` between them.
fn is_metadata(text: &str) -> bool {
    let alphanumeric = |each: char| each.is_ascii_alphanumeric();
    let known = |each: char| alphanumeric(each) || "-_.".contains(each);
    text.is_empty() || text.len() <= LONGEST_LABEL && has_ends(text, alphanumeric) && text.chars().all(known)
}

fn is_lower(each: char) -> bool {
    each.is_ascii_lowercase() || each.is_ascii_digit()
}

fn has_ends(text: &str, fits: impl Fn(char) -> bool) -> bool {
    text.starts_with(&fits) && text.ends_with(&fits)
}
