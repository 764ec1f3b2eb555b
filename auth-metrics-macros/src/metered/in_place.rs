//! The metered function whose body makes its future in place: that stays the last expression.
//!
//! ```text
//! fn login(&self) -> Pin<Box<dyn Future<Output = Result<Session, LoginError>> + Send + '_>> {
//!     let made = { static __AUTH_METRICS_SITE: Site = ..; at_once(__AUTH_METRICS_SITE.later()) };
//!     Box::pin(async move { continued(made, Tried(Any), async move { the body of the user's block }).await })
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{ReturnType, Type};

use super::edge::edge_of;
use super::judge::Returned;
use super::judge_value::judge_value;
use super::model::{Model, Run};
use super::placed::{enclosed, written};
use super::shape::{self, Block, Shaped};
use super::site::{begin, site};
use super::types::bare;
use crate::runtime::{called, shown};

/// What stands in the function; nothing, if its body does not show the futures that it returns.
pub(super) fn expand(model: &Model) -> Option<TokenStream> {
    if matches!(model.run, Run::Future | Run::Call) {
        return None;
    }
    let place = model.function.place;
    // Names of their own in each expansion: the function may be annotated twice.
    let making = Ident::new("__auth_metrics_making", Span::mixed_site());
    let made = Ident::new("__auth_metrics_made", Span::mixed_site());
    let change = |block: &Block<'_>| continued(model, &made, block);
    let around = |returned| enclosed(quote!(let #made = #making.end(); #returned), place);
    let Shaped { statements, last } = shape::changed(&model.function.body, &change, &around)?;
    let (site, begin) = (site(model), begin(model));
    if statements.is_empty() {
        let at_once = model.runtime.private(&quote!(at_once));
        return Some(quote!(let #made = { #site #at_once(#begin) }; #last));
    }
    let start = model.runtime.private(&quote!(making));
    Some(quote! {
        let #making = { #site #start(#begin) };
        #statements
        let #made = #making.end();
        #last
    })
}

/// `{ continued(made, judge, async move { .. }).await }`: what the user's block contains becomes a block in it.
fn continued(model: &Model, made: &Ident, block: &Block<'_>) -> TokenTree {
    let (span, place) = (model.judge.span(), block.body.span());
    let judge = judge_value(model, span);
    let keywords = written(block.keywords.iter().cloned().collect(), place);
    let (label, body) = (written(quote!('_auth_metrics_body:), place), enclosed(block.body.stream(), place));
    let edge = edge(model).map(|edge| quote!(if false { return #edge; }));
    let inner = enclosed(quote!(#edge #label #body), place);
    let function = model.runtime.private(&quote!(continued));
    let (future, wait) =
        (called(function, quote!(#made, #judge, #keywords #inner), span), shown(quote!(.await), span));
    enclosed(quote!(#future #wait), place)
}

/// Gives the block the type that the function's return type gave it, where that can be said.
fn edge(model: &Model) -> Option<TokenStream> {
    match (&model.returned, &model.function.signature.output) {
        (Returned::Type(ty), _) => Some(edge_of(&model.runtime, ty)),
        (Returned::Hidden(ty), ReturnType::Type(..)) if !matches!(bare(ty), Type::ImplTrait(_)) => {
            let (edge, future) = (model.runtime.private(&quote!(edge)), quote!(::core::future::Future));
            Some(quote!(#edge::<<#ty as #future>::Output>()))
        }
        _ => None,
    }
}
