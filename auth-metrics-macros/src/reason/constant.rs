//! What `custom_reason!` makes of its label and fault.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::parse::Parser;
use syn::{LitStr, Result, Token};

use super::custom::{Place, check_fault, check_label};
use crate::diag::Diag;

/// Input: the path of the runtime's private module, the label and the fault. Output: a reference to the reason's row.
pub(super) fn expand(input: TokenStream) -> Result<TokenStream> {
    parse.parse2(input)
}

fn parse(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut private = TokenStream::new();
    while !input.peek(Token![,]) {
        private.extend([input.parse::<proc_macro2::TokenTree>()?]);
    }
    input.parse::<Token![,]>()?;
    let label: LitStr = input.parse()?;
    input.parse::<Token![,]>()?;
    let fault: Ident = input.parse()?;
    let mut diag = Diag::default();
    diag.keep(check_label(&label, Place::Constant));
    diag.keep(check_fault(&fault));
    let row = |label: &str, fault: &Ident| {
        let failed_status = format!("failed_{label}");
        quote!(&#private::Row::custom(#label, #failed_status, #private::faults::#fault))
    };
    match diag.finish(Some(())) {
        Ok(()) => Ok(row(&label.value(), &fault)),
        Err(errors) => {
            // A constant still stands, so that nothing that needs it breaks as well.
            let (errors, row) =
                (errors.into_compile_error(), row("broken", &Ident::new("unknown", fault.span())));
            Ok(quote!({ #errors #row }))
        }
    }
}
