//! Paths of functions that give a reason: those of `reasons` and of `reason_chain!`, which have a list of what they can give
//! beside them, and any other, which may give any reason.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ExprPath;
use syn::spanned::Spanned;

use crate::runtime::{Runtime, parenthesized, shown};

/// The list beside a function, as a `ReasonSet`: that of a ready mapping such as `reasons::io`, or of a `reason_chain!`; nothing
/// for a function that can't have one.
pub(crate) fn list(runtime: &Runtime, path: &ExprPath) -> Option<TokenStream> {
    if let Some(name) = path.path.get_ident().filter(|_| may_have_a_list(path)) {
        let all = runtime.public(&quote!(ReasonSet));
        let mut name = name.clone();
        name.set_span(Span::call_site());
        // A list in the module comes before the stand-in around it.
        return Some(quote!({
            #[allow(non_camel_case_types, dead_code)]
            enum #name {}
            #[allow(dead_code)]
            impl #name {
                const REASONS: #all = #all::ALL;
            }
            {
                #[allow(unused_imports)]
                use self::*;
                #name::REASONS
            }
        }));
    }
    if !may_have_a_list(path) {
        return None;
    }
    let (unlisted, import, name) = (runtime.private(&quote!(unlisted)), import(path), name(path.span()));
    Some(quote!({
        #[allow(unused_imports)]
        use #unlisted::*;
        #import
        #name::REASONS
    }))
}

/// The function, called with one argument and shown at its path. One in another module is called by the name of its import, so
/// that a path that leads nowhere is one mistake.
pub(crate) fn call(path: &ExprPath, argument: &TokenStream) -> TokenStream {
    let (span, end) = (path.span(), end(path));
    let argument = parenthesized(shown(argument.clone(), span), end);
    if may_have_a_list(path) && path.path.get_ident().is_none() {
        let (import, name) = (import(path), name(end));
        quote!(#import #name #argument)
    } else {
        quote!(#path #argument)
    }
}

/// Whether the path is spelled as one with a list is: a function of a module. A function of a type can't be imported, and no
/// ready one is one.
fn may_have_a_list(path: &ExprPath) -> bool {
    let segments = &path.path.segments;
    path.qself.is_none()
        && segments.iter().all(|segment| segment.arguments.is_none())
        && segments.iter().all(|segment| !segment.ident.to_string().starts_with(char::is_uppercase))
}

fn import(path: &ExprPath) -> TokenStream {
    let (import, name) = (shown(quote!(use), path.span()), name(path.span()));
    quote!(#[allow(unused_imports)] #import #path as #name;)
}

/// The name that the runtime's `unlisted` has a list for.
fn name(span: Span) -> Ident {
    Ident::new("__auth_metrics_with", Span::call_site().located_at(span))
}

/// Where the path ends: the whole call is shown there, and so is a mistake in what the function returns.
fn end(path: &ExprPath) -> Span {
    path.path.segments.last().map_or_else(|| path.span(), |last| last.ident.span())
}
