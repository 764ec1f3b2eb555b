//! The return type as a `static` can spell it, so that the reasons of its error are listed before the first call.
//! A `static` inside a function sees none of the generics around it; where they matter, nothing is listed.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{GenericArgument, GenericParam, Lifetime, PathArguments, Signature, Type, TypePath};

use super::judge::Judge;
use super::types::{bare, last_segment, type_arguments};
use crate::name;

/// Types whose own name is safe to say, and whose error is the one inside.
const POINTERS: [&str; 3] = ["Box", "Arc", "Rc"];

/// A return type in a `static`.
pub(super) struct Listed {
    pub(super) ty: TokenStream,
    /// Names in it that may turn out to be generics of the `impl` around the function, which no macro can see.
    pub(super) doubtful: BTreeSet<Ident>,
}

/// The type whose reasons can be listed, with everything that does not bear on them left out.
pub(super) fn listed(signature: &Signature, judge: &Judge, ty: &Type) -> Option<Listed> {
    let mut lister = Lister {
        generics: generics(signature),
        in_impl: signature.receiver().is_some() || mentions_self(signature),
        doubtful: BTreeSet::new(),
    };
    let ty = lister.returned(judge, ty)?;
    Some(Listed { ty, doubtful: lister.doubtful })
}

/// The names of the function's own type and const parameters.
fn generics(signature: &Signature) -> BTreeSet<String> {
    let name = |parameter: &GenericParam| match parameter {
        GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
        GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
        GenericParam::Lifetime(_) => None,
    };
    signature.generics.params.iter().filter_map(name).collect()
}

/// Whether the signature says `Self`.
pub(super) fn mentions_self(signature: &Signature) -> bool {
    name::any_word(quote!(#signature), &|word| word == "Self")
}

struct Lister {
    generics: BTreeSet<String>,
    /// Whether the function certainly stands in an `impl` or `trait`, whose parameters no macro can see.
    in_impl: bool,
    doubtful: BTreeSet<Ident>,
}

impl Lister {
    fn returned(&mut self, judge: &Judge, ty: &Type) -> Option<TokenStream> {
        let arguments = last_segment(ty).map(type_arguments).unwrap_or_default();
        match (judge, arguments.as_slice()) {
            (Judge::Any, _) => Some(quote!(())),
            (Judge::Flag(_), _) => Some(quote!(bool)),
            (Judge::Maybe(_, some), [inner, ..]) => {
                let inner = self.returned(some, inner)?;
                Some(quote!(::core::option::Option<#inner>))
            }
            (Judge::Tried(_, ok), [inner, error]) => {
                let inner = self.returned(ok, inner)?;
                let error = self.error(error)?;
                self.with_first_argument(ty, &inner, Some(error))
            }
            (Judge::Tried(_, ok), [inner]) => {
                let inner = self.returned(ok, inner)?;
                self.with_first_argument(ty, &inner, None)
            }
            (Judge::Tried(..), []) => self.error(ty),
            (Judge::Tried(..) | Judge::Maybe(..) | Judge::Classified(_), _) => None,
        }
    }

    /// `Result<inner, error>` or an alias, by the name that the user gave it.
    fn with_first_argument(
        &mut self,
        ty: &Type,
        inner: &TokenStream,
        error: Option<TokenStream>,
    ) -> Option<TokenStream> {
        let Type::Path(TypePath { qself: None, path, .. }) = bare(ty) else { return None };
        let mut path = path.clone();
        let name = path.segments.last_mut().map(|segment| std::mem::take(&mut segment.arguments))?;
        let PathArguments::AngleBracketed(list) = name else { return None };
        let lifetimes = list.args.iter().filter(|argument| matches!(argument, GenericArgument::Lifetime(_)));
        let lifetimes = lifetimes.map(|_| quote!('static,));
        if self.is_generic(&quote!(#path)) {
            return None;
        }
        let error = error.into_iter();
        Some(quote!(#path<#(#lifetimes)* #inner #(, #error)*>))
    }

    /// An error type, or the whole of an alias without arguments.
    fn error(&mut self, ty: &Type) -> Option<TokenStream> {
        match bare(ty) {
            Type::Path(TypePath { qself: None, path, .. }) => {
                let (first, last) = (path.segments.first()?, path.segments.last()?);
                let is_projection = path.segments.len() > 1
                    && first.ident.to_string().starts_with(|letter: char| letter.is_uppercase());
                if is_projection || self.is_generic(&quote!(#path)) {
                    return None;
                }
                let is_pointer = POINTERS.iter().any(|pointer| last.ident == pointer);
                if path.segments.len() == 1 && !is_pointer {
                    self.doubt(&first.ident);
                }
                for argument in type_arguments(last) {
                    // A stand-in for a parameter does not keep the bounds that a type may ask of it.
                    if self.in_impl && !is_pointer && is_parameter_by_form(argument) {
                        return None;
                    }
                    self.error(argument)?;
                }
            }
            Type::Reference(reference) => {
                self.error(&reference.elem)?;
            }
            Type::Tuple(tuple) if tuple.elems.is_empty() => {}
            _ => return None,
        }
        Some(with_static_lifetimes(quote!(#ty)))
    }

    /// Whether the tokens name a parameter of the function, `Self`, or what by custom is a parameter: `T`, `E2`, `N`.
    fn is_generic(&self, tokens: &TokenStream) -> bool {
        let is_parameter_by_custom = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_uppercase())
                && word.bytes().all(|byte| !byte.is_ascii_lowercase())
        };
        name::any_word(tokens.clone(), &|word| {
            matches!(word, "Self" | "impl" | "dyn")
                || self.generics.contains(word)
                || is_parameter_by_custom(word)
        })
    }

    /// Every name that may be a parameter: in an `impl` that is any, elsewhere `LoginError` is a type by custom.
    fn doubt(&mut self, name: &Ident) {
        let text = name.to_string();
        if text.starts_with(is_upper) && (self.in_impl || !is_type_by_custom(&text)) {
            self.doubtful.insert(Ident::new(&text, Span::call_site()));
        }
    }
}

fn is_upper(letter: char) -> bool {
    letter.is_ascii_uppercase()
}

/// `LoginError` is a type by custom; `Err`, `Failure` or `TError` may be a parameter.
fn is_type_by_custom(name: &str) -> bool {
    name.len() > "Error".len()
        && (name.ends_with("Error") || name.ends_with("Result"))
        && !name.strip_prefix('T').is_some_and(|rest| rest.starts_with(is_upper))
}

/// Whether a type is one word that may be a parameter.
fn is_parameter_by_form(ty: &Type) -> bool {
    let Type::Path(TypePath { qself: None, path, .. }) = bare(ty) else { return false };
    path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        name.starts_with(is_upper) && !is_type_by_custom(&name)
    })
}

/// No lifetime of a function exists in a `static`.
fn with_static_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut result = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(quote) if quote.as_char() == '\'' => {
                let _name = tokens.next();
                let lifetime = Lifetime::new("'static", quote.span());
                result.extend(quote::quote!(#lifetime));
            }
            TokenTree::Group(group) => {
                let inner = with_static_lifetimes(group.stream());
                result.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            token => result.extend([token]),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(signature: &str) -> Option<(String, Vec<String>)> {
        let signature: Signature = syn::parse_str(signature).ok()?;
        let syn::ReturnType::Type(_, ty) = &signature.output else { return None };
        let judge = Judge::Tried(Span::call_site(), Box::new(Judge::Any));
        let listed = listed(&signature, &judge, ty)?;
        Some((listed.ty.to_string(), listed.doubtful.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn what_does_not_bear_on_the_reasons_is_left_out() {
        let found = listing("fn f<T>(a: T) -> Result<Vec<T>, Box<LoginError>>");
        assert_eq!(found, Some(("Result < () , Box < LoginError > >".to_owned(), Vec::new())));
        let found = listing("fn f(&self) -> api::Result<Self>");
        assert_eq!(found, Some(("api :: Result < () >".to_owned(), Vec::new())));
    }

    #[test]
    fn generic_errors_are_not_listed() {
        for error in [
            "E",
            "Self",
            "Self::Error",
            "S::Error",
            "LoginError<T>",
            "LoginError<S>",
            "Box<E>",
            "Box<dyn Error>",
        ] {
            assert_eq!(listing(&format!("fn f<T>(&self) -> Result<u8, {error}>")), None, "{error}");
        }
    }

    #[test]
    fn a_name_that_may_be_a_parameter_of_the_impl_is_doubtful() {
        let doubtful =
            |error: &str| listing(&format!("fn f(&self) -> Result<u8, {error}>")).map(|found| found.1);
        assert_eq!(doubtful("Failure"), Some(vec!["Failure".to_owned()]));
        assert_eq!(doubtful("TError"), Some(vec!["TError".to_owned()]));
        assert_eq!(doubtful("TokenError"), Some(vec!["TokenError".to_owned()]));
        assert_eq!(doubtful("Box<StoreError>"), Some(vec!["StoreError".to_owned()]));
        assert_eq!(doubtful("io::Failure"), Some(Vec::new()));
    }

    #[test]
    fn outside_of_an_impl_an_error_is_a_type_by_its_name() {
        let doubtful = |error: &str| listing(&format!("fn f() -> Result<u8, {error}>")).map(|found| found.1);
        assert_eq!(doubtful("TokenError"), Some(Vec::new()));
        assert_eq!(doubtful("Failure"), Some(vec!["Failure".to_owned()]));
        assert_eq!(doubtful("Traced<Failure>"), Some(vec!["Failure".to_owned(), "Traced".to_owned()]));
    }

    #[test]
    fn an_error_around_what_may_be_a_parameter_of_the_impl_is_not_listed() {
        assert_eq!(listing("fn f(&self) -> Result<u8, LoginError<Backend>>"), None);
        assert_eq!(listing("fn new() -> Result<Self, LoginError<Backend>>"), None);
        assert!(listing("fn f(&self) -> Result<u8, RetryError<StoreError>>").is_some());
    }

    #[test]
    fn lifetimes_become_static() {
        let found = listing("fn f<'a>(&'a self) -> Result<&'a str, LoginError<'a>>").map(|found| found.0);
        assert_eq!(found.as_deref(), Some("Result < () , LoginError < 'static > >"));
    }
}
