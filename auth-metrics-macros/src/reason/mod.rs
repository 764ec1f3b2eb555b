//! `#[derive(FailureReason)]` and `#[derive(Verdict)]`: an error type becomes a model, the model becomes the implementation.
//! After a mistake an implementation still stands, so that nothing that needs one breaks as well.

mod attr;
mod constant;
mod custom;
mod expand;
mod model;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use model::Derived;

/// The row of a custom reason that is declared as a constant.
pub(crate) fn custom_reason_row(input: TokenStream) -> TokenStream {
    constant::expand(input).unwrap_or_else(syn::Error::into_compile_error)
}

/// The implementation, or every mistake and one that gives no reason.
pub(crate) fn failure_reason(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    derived(&input, Derived::FailureReason)
}

/// The implementation of `Verdict`, in the same way.
pub(crate) fn verdict(item: TokenStream) -> TokenStream {
    match syn::parse2(item) {
        Ok(input) => derived(&input, Derived::Verdict),
        Err(error) => error.into_compile_error(),
    }
}

fn derived(input: &DeriveInput, derived: Derived) -> TokenStream {
    let (runtime, model) = model::read(input, derived);
    match model {
        Ok(model) => expand::expand(input, &runtime, derived, &model),
        Err(errors) => {
            let (errors, stub) = (errors.into_compile_error(), expand::stub(input, &runtime, derived));
            quote!(#errors #stub)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion_of(item: &str) -> String {
        failure_reason(item.parse().unwrap_or_default()).to_string()
    }

    #[test]
    fn every_mistake_is_reported_and_an_implementation_still_stands() {
        let expansion = expansion_of(
            "enum E { #[reason(wrong_pasword)] A, #[reason(cancelled)] B, Zebra, #[reason(transparent)] C }",
        );
        assert_eq!(expansion.matches("compile_error").count(), 4, "{expansion}");
        assert!(expansion.contains("FailureReason for E"), "{expansion}");
    }

    #[test]
    fn a_variant_named_like_a_reason_needs_no_attribute() {
        let expansion = expansion_of("enum E { RateLimited { after: u64 } }");
        assert!(expansion.contains("Reason :: RateLimited"), "{expansion}");
        assert!(!expansion.contains("compile_error"), "{expansion}");
    }
}
