//! `#[reason(..)]` as rules with spans.

use proc_macro2::{Ident, Span, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, ExprPath, LitStr, Meta, Path, Result, Token, parenthesized};

use crate::diag::Diag;
use crate::label;

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
        _ => said.rules.push((span, Rule::Label(label::variant(&word)?))),
    }
    Ok(())
}

/// `among(timeout, overloaded)`, which narrows the `with` before it.
fn among(input: ParseStream<'_>, span: Span, said: &mut Said, diag: &mut Diag) -> Result<()> {
    let labels;
    parenthesized!(labels in input);
    let labels = Punctuated::<Ident, Token![,]>::parse_terminated_with(&labels, Ident::parse_any)?;
    let known: Vec<Ident> = labels.iter().filter_map(|word| diag.keep(label::variant(word))).collect();
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
