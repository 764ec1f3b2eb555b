//! Types as they are written: what their names say, and the same type where `impl Trait` can't be written.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, PathSegment, ReturnType, Token,
    Type, TypeInfer, TypeParamBound,
};

/// The type without the parentheses and invisible groups around it.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}

/// The last segment of a path type, such as `Result<A, B>` of `io::Result<A, B>`.
pub(super) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// One token that stands for the type in an error: the name at the end of its path, else its first token.
pub(super) fn name_span(ty: &Type) -> Span {
    last_segment(ty).map_or_else(|| ty.span(), |segment| segment.ident.span())
}

/// The type arguments of a segment; lifetimes and constants are left out.
pub(super) fn type_arguments<'a>(segment: &'a PathSegment) -> Vec<&'a Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(list) => Some(&list.args),
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    };
    let types = |argument: &'a GenericArgument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(types).collect()
}

/// The bound named `name` among the bounds of an `impl` or `dyn`, such as `Future<Output = R>`.
pub(super) fn bound_named<'a>(
    bounds: &'a Punctuated<TypeParamBound, Token![+]>,
    name: &str,
) -> Option<&'a PathSegment> {
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().filter(|segment| segment.ident == name),
        _ => None,
    })
}

/// The type that a trait's argument `Output = R` names.
pub(super) fn output_of(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else { return None };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(binding) if binding.ident == "Output" => Some(&binding.ty),
        _ => None,
    })
}

/// Puts `_` where the type says `impl Trait`, so that it can be written inside a body.
pub(super) fn erase_impl_trait(ty: &mut Type) {
    match ty {
        Type::ImplTrait(hidden) => {
            let underscore_token = Token![_](hidden.impl_token.span);
            *ty = Type::Infer(TypeInfer { attrs: Vec::new(), underscore_token });
        }
        Type::Array(inner) => erase_impl_trait(&mut inner.elem),
        Type::Group(inner) => erase_impl_trait(&mut inner.elem),
        Type::Paren(inner) => {
            erase_impl_trait(&mut inner.elem);
            // They were needed by `impl A + B`; around `_` the compiler warns of them.
            if let Type::Infer(erased) = bare(&inner.elem) {
                *ty = Type::Infer(erased.clone());
            }
        }
        Type::Ptr(inner) => erase_impl_trait(&mut inner.elem),
        Type::Reference(inner) => erase_impl_trait(&mut inner.elem),
        Type::Slice(inner) => erase_impl_trait(&mut inner.elem),
        Type::Tuple(inner) => inner.elems.iter_mut().for_each(erase_impl_trait),
        Type::Path(path) => erase_in_path(&mut path.path),
        Type::TraitObject(object) => {
            for bound in &mut object.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    erase_in_path(&mut bound.path);
                }
            }
        }
        _ => {}
    }
}

fn erase_in_path(path: &mut Path) {
    for segment in &mut path.segments {
        match &mut segment.arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(list) => erase_in_arguments(list),
            PathArguments::Parenthesized(list) => {
                if let ReturnType::Type(_, output) = &mut list.output {
                    erase_impl_trait(output);
                }
            }
        }
    }
}

fn erase_in_arguments(list: &mut AngleBracketedGenericArguments) {
    for argument in &mut list.args {
        match argument {
            GenericArgument::Type(ty) => erase_impl_trait(ty),
            GenericArgument::AssocType(binding) => erase_impl_trait(&mut binding.ty),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    fn erased(ty: &str) -> Option<String> {
        let mut ty = syn::parse_str(ty).ok()?;
        erase_impl_trait(&mut ty);
        let plain: String = ty.to_token_stream().to_string().split_whitespace().collect();
        Some(plain)
    }

    #[test]
    fn parentheses_go_with_the_impl_trait_that_needed_them() {
        for (ty, plain) in [
            ("Option<&(impl A + use<'a, T>)>", "Option<&_>"),
            ("&mut (((impl A + B)))", "&mut_"),
            ("[(impl A + B); 2]", "[_;2]"),
            ("((impl A + B), *const (impl A + B))", "(_,*const_)"),
            ("Box<dyn Iterator<Item = (impl A + B)> + Send>", "Box<dynIterator<Item=_>+Send>"),
        ] {
            assert_eq!(erased(ty).as_deref(), Some(plain), "{ty}");
        }
    }

    #[test]
    fn parentheses_that_something_else_needs_stay() {
        for ty in
            ["&(dynA+Send)", "Box<(dynFn()->u8+Send)>", "&(dynFuture<Output=_>+Send)", "(u8)", "((A,B))"]
        {
            let written = ty.replace("dyn", "dyn ").replace('_', "(impl A + B)");
            assert_eq!(erased(&written).as_deref(), Some(ty), "{ty}");
        }
    }
}
