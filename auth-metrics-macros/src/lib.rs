//! The attribute and the derive of auth-metrics. Use them through that crate, where their documentation stands.
//! Each macro is a pipeline: tokens, a model that can't be invalid, tokens.

mod chain;
mod diag;
mod label;
mod metered;
mod name;
mod ready;
mod reason;
mod runtime;
mod source;
mod taxonomy;

use proc_macro::TokenStream;

/// Counts and times every call of a function, by the reason it fails for.
#[proc_macro_attribute]
pub fn auth_metered(arguments: TokenStream, item: TokenStream) -> TokenStream {
    metered::auth_metered(arguments.into(), &item.into()).into()
}

/// The attribute in a runtime that is built with `--cfg auth_metrics_disabled`: gives the item back as it is written, whatever the
/// arguments.
#[proc_macro_attribute]
pub fn unmetered(_: TokenStream, item: TokenStream) -> TokenStream {
    metered::unmetered(&item.into()).into()
}

/// Says which standard reason each value of an error type stands for.
#[proc_macro_derive(FailureReason, attributes(reason))]
pub fn failure_reason(item: TokenStream) -> TokenStream {
    reason::failure_reason(item.into()).into()
}

/// Says how an attempt ended that returned this value.
#[proc_macro_derive(Verdict, attributes(reason))]
pub fn verdict(item: TokenStream) -> TokenStream {
    reason::verdict(item.into()).into()
}

/// Makes an enum a source of attempts.
#[proc_macro_derive(Source, attributes(source))]
pub fn source(item: TokenStream) -> TokenStream {
    source::source(item.into()).into()
}

/// Checks the label and the fault of the runtime's `custom_reason!`.
#[doc(hidden)]
#[proc_macro]
pub fn custom_reason_row(input: TokenStream) -> TokenStream {
    reason::custom_reason_row(input.into()).into()
}

/// The item form of the runtime's `reason_chain!`.
#[doc(hidden)]
#[proc_macro]
pub fn reason_chain_item(input: TokenStream) -> TokenStream {
    chain::reason_chain(input.into()).into()
}

/// Calls the macro it is given with every standard reason: how the runtime takes the table of this crate.
#[doc(hidden)]
#[proc_macro]
pub fn reason_table(callback: TokenStream) -> TokenStream {
    taxonomy::reason_table(&callback.into()).into()
}
