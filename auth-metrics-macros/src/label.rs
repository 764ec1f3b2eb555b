//! Labels as users write them: the reason that one names, and those that it may have meant.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Path, Result, Token};

use crate::name;
use crate::taxonomy::{REASONS, Row};

/// The variant of `Reason` that a label names.
///
/// # Errors
///
/// The label is none, with the names that may have been meant; or a function can't give that reason.
pub(crate) fn variant(word: &Ident) -> Result<Ident> {
    let text = word.to_string();
    if let Some(why) = guards_only(&text) {
        return Err(Error::new(word.span(), why));
    }
    let row = REASONS.iter().find(|row| row.label == text);
    row.map(Row::variant).ok_or_else(|| {
        let near = nearest(&text);
        let meant = name::did_you_mean(&near, "; the documentation of `auth_metrics::Reason` lists them all");
        Error::new(word.span(), format!("`{text}` is not a standard reason{meant}"))
    })
}

/// The variant that a label names, where `word` was its first word and `rest` is what follows.
///
/// # Errors
///
/// As for [`variant`], and where the label is written as a path.
pub(crate) fn read(word: &Ident, rest: ParseStream<'_>) -> Result<Ident> {
    if !rest.peek(Token![::]) {
        return variant(word);
    }
    let path: Path = rest.parse()?;
    let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    let near = nearest(&last);
    let meant = name::did_you_mean(&near, "");
    Err(Error::new(
        word.span(),
        format!("write the reason as its label, in lowercase and without a path{meant}"),
    ))
}

/// Whether a standard reason has this label.
pub(crate) fn is_standard(label: &str) -> bool {
    REASONS.iter().any(|row| row.label == label)
}

/// What errors are often called, and the label that says it; the first word that occurs counts.
const OFTEN: [(&str, &str); 24] = [
    ("password", "invalid_credentials"),
    ("secret", "invalid_credentials"),
    ("credentials", "invalid_credentials"),
    ("signature", "token_signature_invalid"),
    ("jwt", "token_malformed"),
    ("totp", "mfa_invalid"),
    ("otp", "mfa_invalid"),
    ("banned", "abuse_blocked"),
    ("csrf", "csrf_rejected"),
    ("locked", "account_locked"),
    ("disabled", "account_disabled"),
    ("forbidden", "permission_denied"),
    ("unauthorized", "permission_denied"),
    ("throttled", "rate_limited"),
    ("database", "dependency_unavailable"),
    ("db", "dependency_unavailable"),
    ("io", "dependency_unavailable"),
    ("network", "dependency_unavailable"),
    ("unavailable", "dependency_unavailable"),
    ("config", "configuration_error"),
    ("internal", "internal_error"),
    ("bug", "internal_error"),
    ("user", "unknown_subject"),
    ("found", "unknown_subject"),
];

/// The up to three labels that a name may have meant, likeliest first.
pub(crate) fn nearest(name: &str) -> Vec<&'static str> {
    let snake = name::snake_case(name);
    let is_word = |often: &str| snake.split('_').any(|word| name::is_nearly(word, often));
    let often = OFTEN.iter().find(|(often, _)| is_word(often));
    let mut labels: Vec<&str> = often.map(|(_, label)| *label).into_iter().collect();
    let given = REASONS.iter().map(|row| row.label).filter(|label| guards_only(label).is_none());
    for label in name::nearest(&snake, given) {
        if labels.len() < 3 && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// Why a label is kept for the attempt's guard, if it is.
pub(crate) fn guards_only(label: &str) -> Option<&'static str> {
    match label {
        "cancelled" => Some(
            "`cancelled` is counted when a future is dropped before it ends, so no value can have this reason: if a deadline passed, write `timeout`",
        ),
        "panicked" => Some(
            "`panicked` is counted when the function unwinds, so no value can have this reason: for a bug, write `internal_error`",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_errors_are_often_called_leads_to_a_label_that_exists() {
        for (often, label) in OFTEN {
            assert!(REASONS.iter().any(|row| row.label == label), "{label}");
            assert_eq!(nearest(often).first(), Some(&label));
        }
        assert_eq!(nearest("UserNotFound").first(), Some(&"unknown_subject"));
        assert_eq!(nearest("invalid_credential").first(), Some(&"invalid_credentials"));
    }
}
