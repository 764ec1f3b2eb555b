//! `#[reason(..)]` as rules with spans.

use proc_macro2::{Ident, Span, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, ExprPath, LitStr, Meta, Path, Result, Token, parenthesized, token};

use super::custom::{Custom, Parts};
use crate::diag::Diag;
use crate::label;
use crate::runtime::Runtime;

/// What decides the reason.
pub(super) enum Rule {
    /// It is always this variant of `Reason`.
    Label(Ident),
    /// It is always this reason, which is no standard one.
    Custom(Custom),
    /// It is no failure.
    Success,
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
                if list.tokens.is_empty() {
                    Err(Error::new_spanned(list, format!("write {}", ways(EXAMPLE))))
                } else {
                    list.parse_args_with(|input: ParseStream<'_>| read_list(input, &mut said, diag))
                }
            }
            meta => Err(Error::new_spanned(meta, format!("write {}", ways(EXAMPLE)))),
        };
        said.broken |= diag.keep(result).is_none();
    }
    said
}

/// A label for where nothing hints at a better one.
pub(super) const EXAMPLE: &str = "invalid_credentials";

/// The three ways to say a reason, with an example of a label.
pub(super) fn ways(label: &str) -> String {
    format!(
        "`#[reason({label})]` (or another label), `#[reason(transparent)]` if its one field implements `FailureReason`, or `#[reason(with = path)]` with a `fn(&Field) -> Reason`"
    )
}

fn read_list(input: ParseStream<'_>, said: &mut Said, diag: &mut Diag) -> Result<()> {
    let mut custom = Parts::default();
    while !input.is_empty() {
        if let Err(error) = read_one(input, said, &mut custom, diag) {
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
    // After a mistake its other half may be what could not be read.
    if !said.broken
        && let Some((span, custom)) = custom.finish()?
    {
        said.rules.push((span, Rule::Custom(custom)));
    }
    Ok(())
}

fn read_one(input: ParseStream<'_>, said: &mut Said, custom: &mut Parts, diag: &mut Diag) -> Result<()> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let near = label::nearest(&text.value());
        let label = near.first().unwrap_or(&EXAMPLE);
        return Err(Error::new(
            text.span(),
            format!("write the reason as its label, without quotes: `#[reason({label})]`"),
        ));
    }
    let word = Ident::parse_any(input)
        .map_err(|error| Error::new(error.span(), format!("expected a reason: write {}", ways(EXAMPLE))))?;
    let span = word.span();
    match word.to_string().as_str() {
        "success" => said.rules.push((span, Rule::Success)),
        "transparent" => said.rules.push((span, Rule::Transparent)),
        "with" => {
            let path = with(input, span)?;
            said.rules.push((span, Rule::With { path, among: None }));
        }
        "among" => among(input, span, said, diag)?,
        "custom" => custom.read_label(input, span, diag)?,
        "fault" => custom.read_fault(input, span, diag)?,
        "crate" => {
            input.parse::<Token![=]>()?;
            let path = Runtime::read_path(input)?;
            if said.runtime.replace((span, path)).is_some() {
                diag.span(span, "`crate` is given twice");
            }
        }
        unknown if input.peek(Token![=]) || input.peek(token::Paren) => {
            return Err(Error::new(
                span,
                format!(
                    "unknown argument `{unknown}`: `reason` takes a label, `transparent`, `with = path`, `among(..)` after that, `custom = \"…\"` with `fault = …`, or `crate = path` on the whole type"
                ),
            ));
        }
        _ => said.rules.push((span, Rule::Label(label::read(&word, input)?))),
    }
    Ok(())
}

/// The function of `with = path`.
fn with(input: ParseStream<'_>, span: Span) -> Result<ExprPath> {
    const PATH: &str = "`with` takes the path of a function: `#[reason(with = path)]`, where `path` is a `fn(&Field) -> Reason`";
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(Error::new(span, PATH));
    }
    input.parse().map_err(|error: Error| Error::new(error.span(), PATH))
}

/// `among(timeout, overloaded)`, which narrows the `with` before it.
fn among(input: ParseStream<'_>, span: Span, said: &mut Said, diag: &mut Diag) -> Result<()> {
    let mistake = || {
        Error::new(
            span,
            "`among(..)` lists the reasons that a function can give: `#[reason(with = path, among(timeout, overloaded))]`",
        )
    };
    if !input.peek(token::Paren) {
        return Err(mistake());
    }
    let labels;
    parenthesized!(labels in input);
    let labels = Punctuated::<Ident, Token![,]>::parse_terminated_with(&labels, Ident::parse_any)?;
    if labels.is_empty() {
        return Err(mistake());
    }
    let known: Vec<Ident> = labels.iter().filter_map(|word| diag.keep(label::variant(word))).collect();
    said.broken |= known.len() < labels.len();
    match said.rules.last_mut() {
        Some((_, Rule::With { among: among @ None, .. })) => {
            *among = Some(known);
            Ok(())
        }
        Some((_, Rule::With { .. })) => Err(Error::new(span, "`among` is given twice")),
        _ => Err(mistake()),
    }
}
