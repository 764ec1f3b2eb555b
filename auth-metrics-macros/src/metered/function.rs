//! The annotated function: a parsed signature, and a body that stays tokens, however broken it is.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Error, FnArg, Meta, Pat, Result, Signature, Token, Visibility};

use super::fragments::ungroup;
use crate::diag::Diag;
use crate::name;

/// One function, method or default method with a body.
pub(super) struct Function {
    /// `#[..]` before the function, token for token.
    pub(super) attributes: TokenStream,
    /// Everything between them and the body, token for token.
    pub(super) head: TokenStream,
    pub(super) visibility: Visibility,
    defaultness: Option<Token![default]>,
    pub(super) signature: Signature,
    /// `#![..]` at the start of the body; it speaks of the whole function.
    pub(super) inner_attributes: TokenStream,
    /// What stands between the braces of the body after that.
    pub(super) body: TokenStream,
    /// Where the user wrote the body.
    pub(super) place: Span,
}

/// One name that an argument binds, with the `cfg`s that decide whether it exists.
pub(super) struct Binding {
    /// Whether it is there, and which lints are allowed.
    pub(super) attributes: Vec<Attribute>,
    pub(super) mutability: Option<Token![mut]>,
    pub(super) name: TokenStream,
}

/// Reads the item under the attribute.
///
/// # Errors
///
/// What the item is instead of a function with a body, and the way out.
pub(super) fn read(item: &TokenStream) -> Result<Function> {
    let mut head: Vec<TokenTree> = item.clone().into_iter().collect();
    let last = head.pop().map(ungroup);
    let (attributes, head) = split_attributes(head.into_iter().collect(), "#");
    match last {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => {
            let (visibility, defaultness, signature) = signature.parse2(head.clone())?;
            let place = body.span();
            let (inner_attributes, body) = split_attributes(body.stream(), "#!");
            Ok(Function {
                attributes,
                head,
                visibility,
                defaultness,
                signature,
                inner_attributes,
                body,
                place,
            })
        }
        Some(TokenTree::Punct(end)) if end.as_char() == ';' => Err(match signature.parse2(head) {
            Ok((.., signature)) => Error::new_spanned(
                signature.ident,
                "this method has no body to meter: put `#[auth_metered]` on the method in the `impl`, or on a default body",
            ),
            Err(error) => error,
        }),
        _ => Err(Error::new(Span::call_site(), NO_FUNCTION)),
    }
}

const NO_FUNCTION: &str = "`#[auth_metered]` goes on a function with a body";

/// Parses what stands between the attributes and a body.
fn signature(input: ParseStream<'_>) -> Result<(Visibility, Option<Token![default]>, Signature)> {
    let (visibility, defaultness) = (input.parse()?, input.parse()?);
    refuse_other_items(input)?;
    if name::any_word(input.fork().parse()?, &|word| word == "fn") {
        Ok((visibility, defaultness, Signature::parse(input)?))
    } else {
        Err(Error::new(input.span(), NO_FUNCTION))
    }
}

fn refuse_other_items(input: ParseStream<'_>) -> Result<()> {
    let way_out = if input.peek(Token![mod]) {
        "put it on each function that authenticates, not on the whole module"
    } else if input.peek(Token![struct]) || input.peek(Token![enum]) || input.peek(Token![union]) {
        "for an error type write `#[derive(FailureReason)]`"
    } else if input.peek(Token![const]) && !input.peek2(Token![fn]) && input.peek3(Token![:])
        || input.peek(Token![static])
        || input.peek(Token![type])
        || input.peek(Token![use])
    {
        "this item is never called, so annotate the function that uses it"
    } else {
        return Ok(());
    };
    Err(Error::new(input.span(), format!("{NO_FUNCTION}: {way_out}")))
}

/// Takes the attributes from the front, which begin with `#`, or `#!` inside of a body: in a block of ours those would no
/// longer be first.
fn split_attributes(tokens: TokenStream, beginning: &str) -> (TokenStream, TokenStream) {
    let mut attributes = TokenStream::new();
    let mut rest = tokens.into_iter();
    loop {
        let mut ahead = rest.clone();
        let taken: Vec<TokenTree> = ahead.by_ref().take(beginning.len() + 1).collect();
        let Some((TokenTree::Group(brackets), marks)) = taken.split_last() else { break };
        let is_mark = |(token, mark): (&TokenTree, char)| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
        let is_attribute = brackets.delimiter() == Delimiter::Bracket
            && marks.len() == beginning.len()
            && marks.iter().zip(beginning.chars()).all(is_mark);
        if !is_attribute {
            break;
        }
        attributes.extend(taken);
        rest = ahead;
    }
    (attributes, rest.collect())
}

impl Function {
    /// Notes what makes a function impossible to meter, whatever it returns.
    pub(super) fn check(&self, diag: &mut Diag) {
        if let Some(token) = &self.signature.constness {
            diag.at(token, "a `const fn` can't be metered, since counting happens at run time: drop `const`, or annotate its caller");
        }
        if let Some(abi) = &self.signature.abi
            && abi.name.as_ref().is_none_or(|name| name.value() != "Rust")
        {
            diag.at(
                abi,
                "a foreign-ABI function can't be metered: annotate a plain `fn` and call it from this one",
            );
        }
        if let Some(variadic) = &self.signature.variadic {
            diag.at(
                variadic,
                "a variadic function can't be metered: annotate a plain `fn` and call it from this one",
            );
        }
    }

    /// Whether the user documented it.
    pub(super) fn is_documented(&self) -> bool {
        let outer = Attribute::parse_outer.parse2(self.attributes.clone()).unwrap_or_default();
        let inner = Attribute::parse_inner.parse2(self.inner_attributes.clone()).unwrap_or_default();
        let is_doc = |attribute: &Attribute| matches!(&attribute.meta, Meta::NameValue(value) if value.path.is_ident("doc"));
        outer.iter().chain(&inner).any(is_doc)
    }

    /// The head for a body that binds its arguments anew: those that it changes are not changed outside of it.
    pub(super) fn head_of_rebound(&self) -> TokenStream {
        if self.bindings().iter().all(|binding| binding.mutability.is_none()) {
            return self.head.clone();
        }
        let (visibility, defaultness) = (&self.visibility, &self.defaultness);
        let mut signature = self.signature.clone();
        for argument in &mut signature.inputs {
            if let FnArg::Typed(typed) = argument {
                settle(&mut typed.pat);
                typed.attrs = typed.attrs.iter().map(allowed).collect();
            }
        }
        quote::quote!(#visibility #defaultness #signature)
    }

    /// Every name that the arguments bind, in their order. A `self` can't be bound anew, so it is never `mut` here.
    pub(super) fn bindings(&self) -> Vec<Binding> {
        let mut all = Vec::new();
        for argument in &self.signature.inputs {
            match argument {
                FnArg::Receiver(receiver) => {
                    let token = &receiver.self_token;
                    let (attributes, name) = (kept(&receiver.attrs, &[]), quote::quote!(#token));
                    all.push(Binding { attributes, mutability: None, name });
                }
                FnArg::Typed(typed) => bound_by(&typed.pat, &kept(&typed.attrs, &[]), &mut all),
            }
        }
        all
    }
}

fn bound_by(pattern: &Pat, outer: &[Attribute], all: &mut Vec<Binding>) {
    match pattern {
        Pat::Ident(binding) => {
            let name = &binding.ident;
            let mutability = binding.mutability.filter(|_| binding.by_ref.is_none());
            all.push(Binding { attributes: outer.to_vec(), mutability, name: quote::quote!(#name) });
            if let Some((_, inner)) = &binding.subpat {
                bound_by(inner, outer, all);
            }
        }
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|inner| bound_by(inner, outer, all)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|inner| bound_by(inner, outer, all)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|inner| bound_by(inner, outer, all)),
        Pat::Struct(fields) => {
            fields.fields.iter().for_each(|field| bound_by(&field.pat, &kept(&field.attrs, outer), all));
        }
        Pat::Reference(inner) => bound_by(&inner.pat, outer, all),
        Pat::Paren(inner) => bound_by(&inner.pat, outer, all),
        Pat::Type(inner) => bound_by(&inner.pat, outer, all),
        // Every case of an or-pattern binds the same names.
        Pat::Or(cases) => cases.cases.first().into_iter().for_each(|inner| bound_by(inner, outer, all)),
        _ => {}
    }
}

/// Takes the `mut` from what the pattern binds.
fn settle(pattern: &mut Pat) {
    match pattern {
        Pat::Ident(binding) => {
            binding.mutability = binding.mutability.filter(|_| binding.by_ref.is_some());
            if let Some((_, inner)) = &mut binding.subpat {
                settle(inner);
            }
        }
        Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(settle),
        Pat::TupleStruct(tuple) => tuple.elems.iter_mut().for_each(settle),
        Pat::Slice(slice) => slice.elems.iter_mut().for_each(settle),
        Pat::Struct(fields) => fields.fields.iter_mut().for_each(|field| settle(&mut field.pat)),
        Pat::Reference(inner) => settle(&mut inner.pat),
        Pat::Paren(inner) => settle(&mut inner.pat),
        Pat::Type(inner) => settle(&mut inner.pat),
        Pat::Or(cases) => cases.cases.iter_mut().for_each(settle),
        _ => {}
    }
}

/// The attributes of an argument that what it binds needs again: whether it is there, and what is allowed of it.
fn kept(attributes: &[Attribute], outer: &[Attribute]) -> Vec<Attribute> {
    let is_kept = |attribute: &Attribute| {
        let path = attribute.path();
        path.is_ident("cfg") || path.is_ident("allow")
    };
    outer.iter().cloned().chain(attributes.iter().map(allowed).filter(is_kept)).collect()
}

/// The same attribute, with `allow` in the place of `expect`: of two places that it stands at, one may have nothing to expect.
fn allowed(attribute: &Attribute) -> Attribute {
    let mut attribute = attribute.clone();
    if let Meta::List(list) = &mut attribute.meta
        && let Some(expect) = list.path.get_ident().filter(|name| *name == "expect")
    {
        list.path = syn::Path::from(syn::Ident::new("allow", expect.span()));
    }
    attribute
}
