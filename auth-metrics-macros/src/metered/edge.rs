//! The edge that gives a block the type which its function returns.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use super::types::{erase_impl_trait, name_span};
use crate::runtime::{Runtime, shown};

pub(super) fn edge_of(runtime: &Runtime, ty: &Type) -> TokenStream {
    let (edge, span, output) = (runtime.private(&quote!(edge)), name_span(ty), in_body(ty));
    let (edge, end) = (shown(quote!(#edge::<), span), shown(quote!(>()), span));
    quote!(#edge #output #end)
}

/// The type as a body can say it.
pub(super) fn in_body(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    erase_impl_trait(&mut ty);
    ty.into_token_stream()
}
