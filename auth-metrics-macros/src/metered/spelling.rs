//! Types as a `static` can spell them. It sees the module and none of the generics around the function, and a method's
//! attribute does not see which names those are.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{AngleBracketedGenericArguments, Expr, GenericArgument, Path, PathArguments, Type, TypeParamBound};

use super::around::Around;
use super::generics::Generics;
use super::types::bare;
use crate::runtime::shown;

/// Types that ask nothing of what they point to.
const POINTERS: [&str; 3] = ["Box", "Arc", "Rc"];

const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// The only type of the prelude that takes no arguments, and so can be spelled like a parameter.
pub(super) const STRING: &str = "String";

/// How many associated types may lead to each other.
const DEPTH: usize = 16;

/// Where a type stands. It decides what a name alone can be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is a type.
    Error,
    /// It is a type or a constant, and there may be a bound on it.
    Argument,
}

pub(super) struct Speller<'a> {
    /// The block that has the function, where the attribute stands on that.
    around: Option<&'a Around>,
    /// The function's own parameters.
    generics: Generics,
    depth: usize,
    /// Names that may turn out to be generics of the `impl` around the function, which no macro can see.
    pub(super) doubtful: BTreeSet<Ident>,
}

impl<'a> Speller<'a> {
    pub(super) fn new(around: Option<&'a Around>, generics: Generics) -> Self {
        Self { around, generics, depth: DEPTH, doubtful: BTreeSet::new() }
    }

    /// What the block says that an associated type is. Nothing, once they lead in a circle.
    pub(super) fn resolved(&mut self, ty: &Type) -> Option<&'a Type> {
        let found = self.around?.resolved(ty)?;
        self.depth = self.depth.checked_sub(1)?;
        Some(found)
    }

    /// A path without the arguments at its end.
    pub(super) fn named(&self, path: &Path) -> Option<TokenStream> {
        let mut path = path.clone();
        let (first, last) = (path.segments.first()?.ident.to_string(), path.segments.last_mut()?);
        last.arguments = PathArguments::None;
        let is_plain = path.segments.iter().all(|segment| segment.arguments.is_none());
        let may_be_projection = path.segments.len() > 1
            && (self.is_generic(&first) || self.around.is_none() && first.starts_with(is_upper));
        (is_plain && first != "Self" && !may_be_projection).then(|| path.into_token_stream())
    }

    fn is_generic(&self, name: &str) -> bool {
        self.generic(name).is_some()
    }

    /// Whether a parameter that is known is a constant.
    fn generic(&self, name: &str) -> Option<bool> {
        self.generics.get(name).or_else(|| self.around?.generics.get(name)).copied()
    }

    /// Whether an argument may be a constant, which looks like a type.
    pub(super) fn may_be_constant(&self, ty: &Type) -> bool {
        let Type::Path(path) = bare(ty) else { return false };
        path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            self.generic(&name)
                .unwrap_or_else(|| name != "Self" && !PRIMITIVES.contains(&&*name) && !is_upper_camel(&name))
        })
    }

    /// A type as the user spelled it, unless a generic may be in it.
    pub(super) fn spelled(&mut self, ty: &Type, place: Place) -> Option<TokenStream> {
        if let Some(found) = self.resolved(ty) {
            return self.spelled(found, place);
        }
        match bare(ty) {
            Type::Path(path) if path.qself.is_none() => self.path(&path.path, place),
            Type::Reference(reference) => {
                let (mutability, to) = (&reference.mutability, self.spelled(&reference.elem, place)?);
                Some(match bare(&reference.elem) {
                    Type::TraitObject(object) if object.bounds.len() > 1 => {
                        quote!(&'static #mutability (#to))
                    }
                    _ => quote!(&'static #mutability #to),
                })
            }
            Type::Tuple(tuple) => {
                let parts: Option<Vec<_>> =
                    tuple.elems.iter().map(|part| self.spelled(part, place)).collect();
                let parts = parts?;
                Some(quote!((#(#parts,)*)))
            }
            Type::Array(array) => {
                let (of, len) = (self.spelled(&array.elem, place)?, literal(&array.len)?);
                Some(quote!([#of; #len]))
            }
            Type::Slice(slice) => {
                let of = self.spelled(&slice.elem, place)?;
                Some(quote!([#of]))
            }
            Type::TraitObject(object) => {
                let plain = |bound: &TypeParamBound| match bound {
                    TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => {
                        bound.path.segments.iter().all(|segment| segment.arguments.is_none())
                    }
                    TypeParamBound::Lifetime(lifetime) => lifetime.ident == "static",
                    _ => false,
                };
                object.bounds.iter().all(plain).then(|| quote!(#object))
            }
            _ => None,
        }
    }

    fn path(&mut self, path: &Path, place: Place) -> Option<TokenStream> {
        let last = path.segments.last()?;
        match &last.arguments {
            // Without arguments a name alone may be a parameter; with them it is a type.
            PathArguments::None => match path.get_ident() {
                Some(name) => self.name(name, place),
                None => self.named(path),
            },
            PathArguments::AngleBracketed(arguments) => {
                let place = if POINTERS.iter().any(|pointer| last.ident == pointer) {
                    place
                } else {
                    Place::Argument
                };
                let (name, arguments) = (self.named(path)?, self.arguments(arguments, place)?);
                Some(quote!(#name<#(#arguments),*>))
            }
            PathArguments::Parenthesized(_) => None,
        }
    }

    fn arguments(&mut self, list: &AngleBracketedGenericArguments, place: Place) -> Option<Vec<TokenStream>> {
        let one = |argument: &GenericArgument| match argument {
            GenericArgument::Type(ty) => self.spelled(ty, place),
            other => argument_of_no_type(other),
        };
        list.args.iter().map(one).collect()
    }

    /// A name alone. Nothing may hang on what it is: a type of the module, of the prelude, or a generic.
    fn name(&mut self, name: &Ident, place: Place) -> Option<TokenStream> {
        let text = name.to_string();
        if text == "Self" || self.is_generic(&text) {
            return None;
        }
        if self.around.is_some() || PRIMITIVES.contains(&&*text) {
            return Some(quote!(#name));
        }
        let is_type = text == STRING || is_type_by_custom(&text);
        if is_parameter_by_custom(&text) || place == Place::Argument && !is_type {
            return None;
        }
        let mut ours = name.clone();
        ours.set_span(Span::call_site());
        self.doubtful.insert(ours);
        // A lifetime is hidden in the stand-in, and the user's lints are not to see that.
        Some(shown(quote!(#name), name.span()))
    }
}

/// An argument that is no type: a lifetime, of which a `static` knows only one, or a constant.
pub(super) fn argument_of_no_type(argument: &GenericArgument) -> Option<TokenStream> {
    match argument {
        GenericArgument::Lifetime(_) => Some(quote!('static)),
        GenericArgument::Const(value) => literal(value),
        _ => None,
    }
}

/// A constant that names nothing.
fn literal(value: &Expr) -> Option<TokenStream> {
    match value {
        Expr::Lit(_) => Some(quote!(#value)),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

fn is_upper(letter: char) -> bool {
    letter.is_ascii_uppercase()
}

/// `T`, `E2` and `JWT` are parameters by custom.
fn is_parameter_by_custom(name: &str) -> bool {
    name.starts_with(is_upper) && !is_upper_camel(name)
}

fn is_upper_camel(name: &str) -> bool {
    name.starts_with(is_upper) && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// `LoginError` is a type by custom; `Err`, `Failure` or `TError` may be a parameter.
fn is_type_by_custom(name: &str) -> bool {
    name.len() > "Error".len()
        && is_upper_camel(name)
        && (name.ends_with("Error") || name.ends_with("Result"))
        && !name.strip_prefix('T').is_some_and(|rest| rest.starts_with(is_upper))
}
