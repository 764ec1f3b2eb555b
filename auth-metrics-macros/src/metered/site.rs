//! The static that a metered function holds, and how a call begins there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned;

use super::model::{Model, PEER, Run};
use super::reasons;
use crate::runtime::{called, parenthesized, shown};

/// What the binary knows of the function before anything calls it.
pub(super) fn site(model: &Model) -> TokenStream {
    let runtime = &model.runtime;
    let (site, submit) = (runtime.private(&quote!(Site)), runtime.private(&quote!(inventory::submit)));
    let op = &model.op;
    let authentication = Ident::new("Authentication", Span::call_site());
    let kind = model.kind.as_ref().unwrap_or(&authentication);
    let kind = runtime.public(&quote!(OperationKind::#kind));
    let dynamic_service = model.service.is_some();
    let reasons = reasons::listed(model);
    quote! {
        static __AUTH_METRICS_SITE: #site = #site::new(
            #op, #kind, #dynamic_service, #reasons, ::core::module_path!(), ::core::file!(), ::core::line!(),
        );
        #submit! { __AUTH_METRICS_SITE.listing() }
    }
}

/// The site alone, or what the call says of its handle, service and source, and of who it is about.
pub(super) fn begin(model: &Model) -> TokenStream {
    let is_later = matches!(model.run, Run::Deferred | Run::Boxed);
    let said = [("metrics", &model.metrics), ("service", &model.service), ("source", &model.source)];
    let said: Vec<_> =
        said.into_iter().filter_map(|(method, expr)| Some((method, borrowed(expr.as_ref()?)))).collect();
    let about = about(model);
    let nested = model.nested.then(|| quote!(.nested_decides()));
    if is_later && said.is_empty() && about.is_none() && nested.is_none() {
        return quote!(__AUTH_METRICS_SITE.later());
    }
    let methods = said.iter().map(|(method, value)| {
        let method = Ident::new(method, Span::call_site());
        quote!(.#method(#value))
    });
    if is_later {
        let about = about.map(|about| quote!(.about(#about)));
        return ended(&quote!(__AUTH_METRICS_SITE.later()#(#methods)*#nested #about));
    }
    let call = match said.as_slice() {
        [] if nested.is_none() => quote!(&__AUTH_METRICS_SITE),
        // The usual one, and so the shortest.
        [("service", service)] if nested.is_none() => {
            let at_service = model.runtime.private(&quote!(AtService::new));
            quote!(#at_service(&__AUTH_METRICS_SITE, #service))
        }
        _ => quote!(__AUTH_METRICS_SITE.call()#(#methods)*#nested),
    };
    match about {
        Some(about) => {
            let with_about = model.runtime.private(&quote!(with_about));
            ended(&quote!(#with_about(#call, #about)))
        }
        None if said.is_empty() && nested.is_none() => call,
        None => ended(&call),
    }
}

/// `|about| { .. }`: runs only where somebody observes, so a closure. One statement each: of two that lock the same lock, the
/// first is done before the second.
fn about(model: &Model) -> Option<TokenStream> {
    if model.about.is_empty() {
        return None;
    }
    let (about, said) = (quote!(__auth_metrics_about), model.runtime.private(&quote!(Said)));
    let each = model.about.iter().map(|(method, expr)| {
        let (method, value) = (Ident::new(method, Span::call_site()), borrowed(expr));
        if method == PEER {
            return quote!(#about.#method(#value););
        }
        // What can't be read is shown from the start of the expression to its end.
        let (start, end) = (expr.span(), last_span(expr));
        let (of, text) = (called(quote!(#said::of), value, start), shown(quote!(.text), end));
        let none = parenthesized(TokenStream::new(), end);
        quote!(#about.#method(#of #text #none);)
    });
    Some(quote!(|#about| { #(#each)* }))
}

fn last_span(expr: &Expr) -> Span {
    expr.to_token_stream().into_iter().last().map_or_else(Span::call_site, |token| token.span())
}

/// The value of an expression whose temporaries are gone before the body runs: one may be the guard of a lock.
fn ended(expr: &TokenStream) -> TokenStream {
    quote!({
        let __auth_metrics_call = #expr;
        __auth_metrics_call
    })
}

/// A reference to the value, without a second one where the user wrote one.
fn borrowed(expr: &Expr) -> TokenStream {
    let and = shown(quote!(&), expr.span());
    match expr {
        Expr::Reference(reference) if reference.mutability.is_none() => quote!(#expr),
        expr if binds_weaker_than_a_reference(expr) => quote!(#and (#expr)),
        expr => quote!(#and #expr),
    }
}

/// A `$value:expr` of a `macro_rules!` arrives in an invisible group, which the compiler does not keep together.
fn binds_weaker_than_a_reference(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Assign(_) | Expr::Closure(_) => true,
        Expr::Group(group) => binds_weaker_than_a_reference(&group.expr),
        _ => false,
    }
}
