//! `#[reason(..)]` as rules with spans; and labels, which arguments of the other macro name too.

use proc_macro2::{Ident, Span, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, ExprPath, LitStr, Meta, Path, Result, Token, parenthesized};

use crate::diag::Diag;
use crate::name;
use crate::taxonomy::REASONS;

/// What decides the reason.
pub(super) enum Rule {
    /// It is always this variant of `Reason`.
    Label(Ident),
    /// The field says its own.
    Transparent,
    /// A function says it of the field: one of `among`, if that is given.
    With { path: ExprPath, among: Option<Vec<Ident>> },
}

/// Everything that the `#[reason(..)]` attributes of one place say.
#[derive(Default)]
pub(super) struct Said {
    pub(super) rules: Vec<(Span, Rule)>,
    pub(super) runtime: Option<(Span, Path)>,
    /// Something was said that could not be understood, and is noted already.
    pub(super) broken: bool,
}

/// Reads the attributes of one item, variant or field.
pub(super) fn read(attributes: &[Attribute], diag: &mut Diag) -> Said {
    let mut said = Said::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("reason")) {
        let result = match &attribute.meta {
            Meta::List(list) => {
                list.parse_args_with(|input: ParseStream<'_>| read_list(input, &mut said, diag))
            }
            meta => Err(Error::new_spanned(meta, format!("write {THREE_WAYS}"))),
        };
        said.broken |= diag.keep(result).is_none();
    }
    said
}

/// The three ways to say a reason.
pub(super) const THREE_WAYS: &str = "`#[reason(invalid_credentials)]` (or another label), `#[reason(transparent)]` if its one field implements `FailureReason`, or `#[reason(with = path)]` with a `fn(&Field) -> Reason`";

fn read_list(input: ParseStream<'_>, said: &mut Said, diag: &mut Diag) -> Result<()> {
    if input.is_empty() {
        return Err(input.error(format!("write {THREE_WAYS}")));
    }
    while !input.is_empty() {
        if let Err(error) = read_one(input, said, diag) {
            said.broken = true;
            diag.push(error);
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn read_one(input: ParseStream<'_>, said: &mut Said, diag: &mut Diag) -> Result<()> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Err(Error::new(
            text.span(),
            format!("a reason's label stands without quotes: `#[reason({})]`", text.value()),
        ));
    }
    let word = Ident::parse_any(input)?;
    let span = word.span();
    match word.to_string().as_str() {
        "transparent" => said.rules.push((span, Rule::Transparent)),
        "with" => {
            input.parse::<Token![=]>()?;
            said.rules.push((span, Rule::With { path: input.parse()?, among: None }));
        }
        "among" => among(input, span, said, diag)?,
        "crate" => {
            input.parse::<Token![=]>()?;
            let path = Path::parse_mod_style(input)?;
            if said.runtime.replace((span, path)).is_some() {
                diag.span(span, "`crate` is given twice");
            }
        }
        _ => said.rules.push((span, Rule::Label(label(&word)?))),
    }
    Ok(())
}

/// `among(timeout, overloaded)`, which narrows the `with` before it.
fn among(input: ParseStream<'_>, span: Span, said: &mut Said, diag: &mut Diag) -> Result<()> {
    let labels;
    parenthesized!(labels in input);
    let labels = Punctuated::<Ident, Token![,]>::parse_terminated_with(&labels, Ident::parse_any)?;
    let known: Vec<Ident> = labels.iter().filter_map(|word| diag.keep(label(word))).collect();
    said.broken |= known.len() < labels.len();
    match said.rules.last_mut() {
        Some((_, Rule::With { among: among @ None, .. })) => {
            *among = Some(known);
            Ok(())
        }
        Some((_, Rule::With { .. })) => Err(Error::new(span, "`among` is given twice")),
        _ => Err(Error::new(
            span,
            "`among(..)` lists the reasons that a function can give: `#[reason(with = path, among(timeout, overloaded))]`",
        )),
    }
}

/// The variant of `Reason` that a label names.
///
/// # Errors
///
/// The label is none, with the names that may have been meant; or a function can't give that reason.
pub(crate) fn label(word: &Ident) -> Result<Ident> {
    let text = word.to_string();
    if let Some(why) = guards_only(&text) {
        return Err(Error::new(word.span(), why));
    }
    let row = REASONS.iter().find(|row| row.label == text);
    row.map(crate::taxonomy::Row::variant).ok_or_else(|| {
        let near = nearest(&text);
        let meant = name::did_you_mean(&near, "; the documentation of `auth_metrics::Reason` lists them all");
        Error::new(word.span(), format!("`{text}` is not a standard reason{meant}"))
    })
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
pub(super) fn nearest(name: &str) -> Vec<&'static str> {
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
pub(super) fn guards_only(label: &str) -> Option<&'static str> {
    match label {
        "cancelled" => Some(
            "`cancelled` is counted when a future is dropped before it ends; no value stands for it (did a deadline pass? `timeout`)",
        ),
        "panicked" => Some(
            "`panicked` is counted when the function unwinds; no value stands for it (is it a bug? `internal_error`)",
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
