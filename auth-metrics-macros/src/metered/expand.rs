//! From the model to the metered function. Nothing can fail here.
//!
//! ```text
//! async fn login(&self, name: &str) -> Result<Session, LoginError> {
//!     static __AUTH_METRICS_SITE: Site = ..;              // with the reasons of LoginError
//!     inventory::submit! { .. }                           // in every scrape from the first on
//!     future(&__AUTH_METRICS_SITE, Tried(Any), async move {
//!         if false { return edge::<Result<Session, LoginError>>(); }
//!         let _ = &name; let _ = &self;                   // the block owns each argument whole
//!         '_auth_metrics_body: { the body }
//!     }).await
//! }
//! ```

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, ReturnType, Type};

use super::docs;
use super::function::Binding;
use super::in_place;
use super::judge::{Judge, Reader, Returned};
use super::model::{Model, Run};
use super::reasons;
use super::types::{erase_impl_trait, name_span};
use crate::name;
use crate::ready;
use crate::runtime::{Runtime, called, parenthesized, shown};

/// The whole metered function.
pub(super) fn expand(model: &Model) -> TokenStream {
    let (attributes, inner_attributes) = (&model.function.attributes, &model.function.inner_attributes);
    let (head, inside) = if let Some(inside) = in_place::expand(model) {
        (model.function.head.clone(), inside)
    } else {
        let (site, run) = (site(model), run(model));
        (model.function.head_of_rebound(), quote!(#site #run))
    };
    // After everything that the user wrote, also where that is at the start of the body.
    let docs = model.docs.as_ref().map(|docs| docs.attributes(!inner_attributes.is_empty()));
    let (outer, inner) = if inner_attributes.is_empty() { (docs, None) } else { (None, docs) };
    let watched = model.docs.as_ref().map(|_| docs::watched());
    let body = Group::new(Delimiter::Brace, quote!(#inner_attributes #inner #watched #inside));
    quote!(#attributes #outer #head #body)
}

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

/// The one call into the runtime. It is shown at the type that it reads, so that a type which can't be read is one
/// mistake there and not a second one at the attribute.
fn run(model: &Model) -> TokenStream {
    let runtime = &model.runtime;
    let span = model.judge.span();
    let (begin, judge) = (begin(model), judge_value(model, &model.judge, span));
    let (place, captures) = (model.function.place, captures(model));
    // A block of its own, in which the user's items stand first; its label keeps lints on needless braces away.
    let (label, body) =
        (written(quote!('_auth_metrics_body:), place), enclosed(model.function.body.clone(), place));
    let body = quote!(#label #body);
    let call = |function: TokenStream, body: TokenStream| {
        called(runtime.private(&function), quote!(#begin, #judge, #body), span)
    };
    match model.run {
        Run::Future => {
            let edge = edge(model);
            let block = enclosed(quote!(if false { return #edge; } #captures #body), place);
            let body = written(quote!(async move), place).into_iter().chain([block]).collect();
            let (future, wait) = (call(quote!(future), body), shown(quote!(.await), span));
            quote!(#future #wait)
        }
        Run::Deferred => {
            let (closure, block) =
                (written(quote!(move ||), place), enclosed(quote!(#captures #body), place));
            called(runtime.private(&quote!(hidden)), call(quote!(deferred), quote!(#closure #block)), span)
        }
        Run::Call | Run::Boxed => {
            let function = if matches!(model.run, Run::Call) { quote!(call) } else { quote!(boxed) };
            let output = returned(model).into_iter();
            let (closure, block) =
                (written(quote!(move ||), place), enclosed(quote!(#captures #body), place));
            call(function, quote!(#closure #(-> #output)* #block))
        }
    }
}

/// The same tokens as if the user had written them there: the compiler names no variable inside of what a macro wrote.
pub(super) fn written(tokens: TokenStream, place: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        token.set_span(place);
        token
    };
    tokens.into_iter().map(at).collect()
}

/// `{ tokens }`, as if the user had written the braces.
pub(super) fn enclosed(tokens: TokenStream, place: Span) -> TokenTree {
    let mut block = Group::new(Delimiter::Brace, tokens);
    block.set_span(place);
    block.into()
}

/// Never runs: gives the `async` block the function's return type, and is shown there where a body has another.
fn edge(model: &Model) -> TokenStream {
    match &model.function.signature.output {
        ReturnType::Default => {
            let edge = model.runtime.private(&quote!(edge));
            quote!(#edge::<()>())
        }
        ReturnType::Type(_, ty) => edge_of(&model.runtime, ty),
    }
}

pub(super) fn edge_of(runtime: &Runtime, ty: &Type) -> TokenStream {
    let (edge, span, output) = (runtime.private(&quote!(edge)), name_span(ty), in_body(ty));
    let (edge, end) = (shown(quote!(#edge::<), span), shown(quote!(>()), span));
    quote!(#edge #output #end)
}

/// The function's return type, as a body can say it.
fn returned(model: &Model) -> Option<TokenStream> {
    match &model.function.signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(in_body(ty)),
    }
}

fn in_body(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    erase_impl_trait(&mut ty);
    ty.into_token_stream()
}

/// Mentions each argument, so that the body's block owns it whole and drops it when a plain function would: what it only
/// captures after its own variables, in the order in which it mentions them. From the first `mut` on the arguments become
/// variables of the block, since the compiler takes no drop of what is captured for a use of what was assigned to it.
fn captures(model: &Model) -> TokenStream {
    let bindings = model.function.bindings();
    let changed = bindings.iter().position(|binding| binding.mutability.is_some());
    let (captured, rebound) = bindings.split_at(changed.unwrap_or(bindings.len()));
    let mention = |binding: &Binding, keeps: bool| {
        let Binding { cfgs, mutability, name } = binding;
        let borrow = shown(quote!(&), name.span());
        let allowed =
            name.to_string().starts_with('_').then(|| quote!(#[allow(clippy::used_underscore_binding)]));
        let keep = keeps.then(|| quote!(#(#cfgs)* #allowed let #mutability #name = #name;));
        quote!(#keep #(#cfgs)* #allowed let _ = #borrow #name;)
    };
    let captured = captured.iter().rev().map(|binding| mention(binding, false));
    captured.chain(rebound.iter().map(|binding| mention(binding, true))).collect()
}

/// The site alone, or what the call says of its handle, service and source.
pub(super) fn begin(model: &Model) -> TokenStream {
    let said = [("metrics", &model.metrics), ("service", &model.service), ("source", &model.source)];
    let said: TokenStream = said
        .into_iter()
        .filter_map(|(method, expr)| {
            let expr = expr.as_ref()?;
            let method = Ident::new(method, Span::call_site());
            let borrowed = borrowed(expr);
            Some(quote!(.#method(#borrowed)))
        })
        .collect();
    match model.run {
        Run::Deferred | Run::Boxed if said.is_empty() => quote!(__AUTH_METRICS_SITE.later()),
        Run::Deferred | Run::Boxed => ended(&quote!(__AUTH_METRICS_SITE.later()#said)),
        Run::Future | Run::Call if said.is_empty() => quote!(&__AUTH_METRICS_SITE),
        Run::Future | Run::Call => ended(&quote!(__AUTH_METRICS_SITE.call()#said)),
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

/// The judge as a value, shown at `span`.
pub(super) fn judge_value(model: &Model, judge: &Judge, span: Span) -> TokenStream {
    let runtime = &model.runtime;
    match judge {
        Judge::Any => shown(runtime.private(&quote!(Any)), span),
        Judge::Tried(_, ok) => called(runtime.private(&quote!(Tried)), judge_value(model, ok, span), span),
        Judge::Read(reader, ok) => {
            let (reason, ok) = (read_error(runtime, reader), judge_value(model, ok, span));
            called(runtime.private(&quote!(ReadBy)), quote!(#reason, #ok), span)
        }
        Judge::Flag(reason) => {
            called(runtime.private(&quote!(Flag)), outcome(runtime, reason.as_ref()), span)
        }
        Judge::Maybe(reason, some) => {
            let (maybe, none) = (runtime.private(&quote!(Maybe)), outcome(runtime, reason.as_ref()));
            let some = judge_value(model, some, span);
            shown(quote!(#maybe { none: #none, some: #some }), span)
        }
        Judge::Classified(path) => {
            called(runtime.private(&quote!(Classified)), classifier(model, path, span), span)
        }
    }
}

/// The user's function, called with a value of the return type where that is written: a function that takes or gives
/// something else is then one mistake at its path.
fn classifier(model: &Model, path: &ExprPath, span: Span) -> TokenStream {
    let returned = match &model.returned {
        Returned::Hidden(_) => return quote!(#path),
        Returned::Nothing => quote!(()),
        Returned::Type(ty) => in_body(ty),
    };
    let outcome = shown(model.runtime.public(&quote!(Outcome)), span);
    let value = shown(quote!(__auth_metrics_returned), span);
    let argument = parenthesized(value.clone(), span);
    // Whatever a reference to the user's type looks like, it is not his.
    quote!(#[allow(clippy::ref_option_ref)] |#value: &#returned| -> #outcome { #path #argument })
}

/// The user's function, called with the error of the `Result` where that can be written, for the same reason.
fn read_error(runtime: &Runtime, reader: &Reader) -> TokenStream {
    let (path, result, span) = (&reader.path, &reader.result, reader.path.span());
    let (error, reason) = (shown(quote!(__auth_metrics_error), span), runtime.public(&quote!(Reason)));
    let (call, reason) = (ready::call(path, &error), shown(reason, span));
    let has = |word: &str| name::any_word(quote!(#result), &|found| found == word);
    let ty = if has("impl") {
        quote!(_)
    } else {
        let attempted = runtime.private(&quote!(Attempted));
        let error = quote!(<#result as #attempted>::Error);
        // Shown exactly where the judge is, so that a type which is no `Result` is one mistake. `$crate` is what it is by
        // its place.
        if has("$crate") { error } else { shown(error, reader.span) }
    };
    quote!(|#error: &#ty| -> #reason { #call })
}

fn outcome(runtime: &Runtime, reason: Option<&Ident>) -> TokenStream {
    let Some(reason) = reason else { return runtime.public(&quote!(Outcome::Success)) };
    let (failure, reason) =
        (runtime.public(&quote!(Outcome::Failure)), runtime.public(&quote!(Reason::#reason)));
    quote!(#failure(#reason))
}
