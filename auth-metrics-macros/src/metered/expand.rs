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

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;
use syn::ReturnType;
use syn::spanned::Spanned;

use super::docs;
use super::edge::{edge_of, in_body};
use super::function::Binding;
use super::in_place;
use super::judge_value::judge_value;
use super::model::{Model, Run};
use super::placed::{enclosed, written};
use super::site::{begin, site};
use crate::runtime::{called, shown};

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

/// The one call into the runtime. It is shown at the type that it reads, so that a type which can't be read is one
/// mistake there and not a second one at the attribute.
fn run(model: &Model) -> TokenStream {
    let runtime = &model.runtime;
    let span = model.judge.span();
    let (begin, judge) = (begin(model), judge_value(model, span));
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

/// The function's return type, as a body can say it.
fn returned(model: &Model) -> Option<TokenStream> {
    match &model.function.signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(in_body(ty)),
    }
}

/// Mentions each argument, so that the body's block owns it whole and drops it when a plain function would: what it only
/// captures after its own variables, in the order in which it mentions them. From the first `mut` on the arguments become
/// variables of the block, since the compiler takes no drop of what is captured for a use of what was assigned to it.
fn captures(model: &Model) -> TokenStream {
    let bindings = model.function.bindings();
    let changed = bindings.iter().position(|binding| binding.mutability.is_some());
    let (captured, rebound) = bindings.split_at(changed.unwrap_or(bindings.len()));
    let mention = |binding: &Binding, keeps: bool| {
        let Binding { attributes, mutability, name } = binding;
        let borrow = shown(quote!(&), name.span());
        let allowed =
            name.to_string().starts_with('_').then(|| quote!(#[allow(clippy::used_underscore_binding)]));
        let keep = keeps.then(
            || quote!(#(#attributes)* #allowed #[allow(clippy::shadow_same)] let #mutability #name = #name;),
        );
        quote!(#keep #(#attributes)* #allowed let _ = #borrow #name;)
    };
    let captured = captured.iter().rev().map(|binding| mention(binding, false));
    captured.chain(rebound.iter().map(|binding| mention(binding, true))).collect()
}
