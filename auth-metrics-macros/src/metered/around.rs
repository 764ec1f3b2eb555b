//! What an annotated `impl` or `trait` says that bears on the reasons of its methods: which names are generic, and what its
//! associated types are. It reaches the methods as an argument of their attributes.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Generics, ItemImpl, ItemTrait, Result, Token, Type, braced};

use super::fragments::ungrouped;
use super::generics;
use super::types::bare;

/// The name of that argument.
pub(super) const MARK: &str = "__auth_metrics_around";

/// The block that has a method.
#[derive(Default)]
pub(super) struct Around {
    pub(super) generics: generics::Generics,
    /// The name of the trait that it implements.
    of: Option<Ident>,
    /// The associated types that it sets, and `Self`.
    types: Vec<(Ident, Type)>,
}

impl Around {
    /// What the block says that `Self::Error`, `<Self as Trait>::Error` or `Self` is.
    pub(super) fn resolved(&self, ty: &Type) -> Option<&Type> {
        let Type::Path(path) = bare(ty) else { return None };
        let segments = &path.path.segments;
        let (first, last) = (segments.first()?, segments.last()?);
        let is_of_self = match &path.qself {
            // Another trait may have a type of the same name.
            Some(qualified) => {
                let of = qualified.position.checked_sub(1).and_then(|last| segments.get(last));
                is_self(&qualified.ty) && of.is_none_or(|of| Some(&of.ident) == self.of.as_ref())
            }
            None => first.ident == "Self" && segments.len() < 3,
        };
        let found = self.types.iter().find(|(name, _)| *name == last.ident);
        found.filter(|_| is_of_self && last.arguments.is_none()).map(|(_, ty)| ty)
    }
}

fn is_self(ty: &Type) -> bool {
    matches!(bare(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self"))
}

/// Reads `{ <T, const N: usize> Login; Self = Type; Error = LoginError; }`.
impl Parse for Around {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        braced!(content in input);
        let generics: Generics = content.parse()?;
        let of = content.parse()?;
        content.parse::<Token![;]>()?;
        let mut types = Vec::new();
        while !content.is_empty() {
            let name = Ident::parse_any(&content)?;
            content.parse::<Token![=]>()?;
            types.push((name, content.parse()?));
            content.parse::<Token![;]>()?;
        }
        Ok(Self { generics: generics::generics(&generics.params), of, types })
    }
}

/// The argument for the methods of a block; nothing for a block that can't be read.
pub(super) fn argument(head: &TokenStream, body: TokenStream) -> Option<TokenStream> {
    let (generics, of, this) = match syn::parse2::<ItemImpl>(quote!(#head {})) {
        Ok(block) => (block.generics, block.trait_.map(|(path, _)| path), Some(block.self_ty)),
        Err(_) => (syn::parse2::<ItemTrait>(quote!(#head {})).ok()?.generics, None, None),
    };
    let of = of.as_ref().and_then(|path| path.segments.last()).map(|last| &last.ident);
    let (mark, parameters, this) = (Ident::new(MARK, Span::call_site()), generics.params, this.into_iter());
    let types = associated(body).into_iter().map(|(name, ty)| quote!(#name = #ty;));
    Some(quote!(#mark { <#parameters> #of; #(Self = #this;)* #(#types)* }))
}

/// Every `type Error = LoginError;` in the body. One that is there twice, by `cfg`, is not known.
fn associated(body: TokenStream) -> Vec<(Ident, TokenStream)> {
    let body = ungrouped(body);
    let mut found: Vec<(Ident, TokenStream)> = Vec::new();
    for (place, token) in body.iter().enumerate() {
        let is_type = matches!(token, TokenTree::Ident(word) if word == "type");
        let rest = body.get(place + 1..).filter(|_| is_type);
        if let Some([TokenTree::Ident(name), TokenTree::Punct(equals), rest @ ..]) = rest
            && equals.as_char() == '='
        {
            let is_end = |token: &&TokenTree| !matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
            let ty: TokenStream = rest.iter().take_while(is_end).cloned().collect();
            found.push((name.clone(), ty));
        }
    }
    let names: Vec<String> = found.iter().map(|(name, _)| name.to_string()).collect();
    found.retain(|(name, ty)| {
        let is_read = syn::parse2::<Type>(ty.to_token_stream()).is_ok();
        is_read && names.iter().filter(|other| name == *other).count() == 1
    });
    found
}
