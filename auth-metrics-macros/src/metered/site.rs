//! The static that a metered function holds, and how a call begins there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr;
use syn::spanned::Spanned;

use super::model::{Model, Run};
use super::reasons;
use crate::runtime::shown;

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

/// The site alone, or what the call says of its handle, service and source.
pub(super) fn begin(model: &Model) -> TokenStream {
    let is_later = matches!(model.run, Run::Deferred | Run::Boxed);
    let said = [("metrics", &model.metrics), ("service", &model.service), ("source", &model.source)];
    let said: Vec<_> =
        said.into_iter().filter_map(|(method, expr)| Some((method, borrowed(expr.as_ref()?)))).collect();
    match said.as_slice() {
        [] if is_later => quote!(__AUTH_METRICS_SITE.later()),
        [] => quote!(&__AUTH_METRICS_SITE),
        // The usual one, and so the shortest.
        [("service", service)] if !is_later => {
            let at_service = model.runtime.private(&quote!(AtService::new));
            ended(&quote!(#at_service(&__AUTH_METRICS_SITE, #service)))
        }
        said => {
            let start = if is_later { quote!(later) } else { quote!(call) };
            let said = said.iter().map(|(method, value)| {
                let method = Ident::new(method, Span::call_site());
                quote!(.#method(#value))
            });
            ended(&quote!(__AUTH_METRICS_SITE.#start()#(#said)*))
        }
    }
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
        Expr::Binary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Assign(_) | Expr::Closure(_) => {
            quote!(#and (#expr))
        }
        _ => quote!(#and #expr),
    }
}
