//! From the model to the function and its list. Nothing can fail here.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ReturnType;
use syn::spanned::Spanned;

use super::model::{Arm, Chain, Found, Given, Pattern, Row, Text};
use crate::ready;
use crate::runtime::{Runtime, shown};

/// ```text
/// fn why(error: &anyhow::Error) -> Reason {
///     if let Some(found) = reason_chain!(@found error, LoginError) { return LoginError::failure_reason(found); }
///     match text { text if text == "token_expired" => return Reason::TokenExpired, _ => {} }
///     Reason::Unknown
/// }
/// enum why {}                                             // has the name in the namespace of types, as a ready module has
/// impl why { pub const REASONS: ReasonSet = ..; }
/// ```
pub(super) fn expand(runtime: &Runtime, chain: &Chain) -> TokenStream {
    let Chain { attributes, visibility, signature, arms, mistakes, .. } = chain;
    let (name, mut signature) = (&signature.ident, signature.clone());
    if matches!(signature.output, ReturnType::Default) {
        let reason = runtime.public(&quote!(Reason));
        signature.output = syn::parse_quote!(-> #reason);
    }
    let steps = arms.iter().map(|arm| step(runtime, &chain.error, arm));
    let other = chain
        .other
        .as_ref()
        .map_or_else(|| runtime.public(&quote!(Reason::Unknown)), |other| given(runtime, other));
    let end = if arms.last().is_some_and(Arm::takes_all) { None } else { Some(other) };
    let (set, list) = (runtime.public(&quote!(ReasonSet)), list(runtime, chain));
    let body = match mistakes {
        None => quote!(#(#steps)* #end),
        // What is wrong in an arm is not to be wrong in the function too.
        Some(mistakes) => {
            let (error, unknown) = (&chain.error, runtime.public(&quote!(Reason::Unknown)));
            let mistakes = mistakes.clone().into_compile_error();
            quote!(#mistakes let _ = #error; #unknown)
        }
    };
    // Where the function is left out, its list is too.
    let cfgs: Vec<_> = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect();
    quote! {
        #(#attributes)*
        #[allow(clippy::borrowed_box)]
        #visibility #signature {
            #body
        }

        #(#cfgs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, clippy::exhaustive_enums)]
        #visibility enum #name {}

        #(#cfgs)*
        impl #name {
            #[doc(hidden)]
            #[allow(dead_code)]
            pub const REASONS: #set = #list;
        }
    }
}

fn step(runtime: &Runtime, error: &Ident, arm: &Arm) -> TokenStream {
    let (ty, name, reason) = match arm {
        Arm::Text(read) => return text(runtime, read),
        Arm::Found { ty, name, reason } => (ty, name, reason),
    };
    let found = Ident::new("__auth_metrics_found", proc_macro2::Span::call_site());
    let then = match reason {
        Found::Itself => {
            let failure_reason = shown(runtime.public(&quote!(FailureReason)), ty.span());
            quote!(return <#ty as #failure_reason>::failure_reason(#found);)
        }
        Found::Given(reason) => {
            let reason = given(runtime, reason);
            quote!(let _ = #found; return #reason;)
        }
        Found::Function(path) => {
            let call = ready::call(path, &quote!(#found));
            quote!(return { #call };)
        }
        Found::Closure(function) => {
            let asked = runtime.private(&quote!(asked));
            quote!(return #asked::<#ty>(#found, #function);)
        }
        Found::Text(read) => {
            let (name, step) = (name.as_ref().unwrap_or(&found), text(runtime, read));
            quote!(let #name: &#ty = #found; #step)
        }
    };
    let chain = runtime.public(&quote!(reason_chain));
    quote!(if let ::core::option::Option::Some(#found) = #chain!(@found #error, #ty) { #then })
}

/// Compares what is read with each row.
fn text(runtime: &Runtime, text: &Text) -> TokenStream {
    let read = &text.read;
    let other = text.other.as_ref().map_or_else(
        || quote!({}),
        |other| {
            let reason = given(runtime, other);
            quote!(return #reason)
        },
    );
    let rows = text.rows.iter().map(|row| self::row(runtime, row));
    let of_numbers = text
        .rows
        .iter()
        .flat_map(|row| &row.patterns)
        .any(|pattern| matches!(pattern, Pattern::Number(_) | Pattern::Range(..)));
    let value = if of_numbers {
        quote!(#read)
    } else {
        quote_spanned!(read.span()=> ::core::convert::AsRef::<::core::primitive::str>::as_ref(&(#read)))
    };
    quote!(match #value { #(#rows)* _ => #other, })
}

fn row(runtime: &Runtime, row: &Row) -> TokenStream {
    let reason = given(runtime, &row.reason);
    let (mut numbers, mut conditions) = (Vec::new(), Vec::new());
    for pattern in &row.patterns {
        match pattern {
            Pattern::Number(number) => numbers.push(quote!(#number)),
            Pattern::Range(from, to) => numbers.push(quote!(#from..=#to)),
            Pattern::Whole(text) => conditions.push(quote!(__auth_metrics_text == #text)),
            Pattern::Prefix(text) => conditions.push(quote!(__auth_metrics_text.starts_with(#text))),
        }
    }
    if conditions.is_empty() {
        quote!(#(#numbers)|* => return #reason,)
    } else {
        quote!(__auth_metrics_text if #(#conditions)||* => return #reason,)
    }
}

fn given(runtime: &Runtime, reason: &Given) -> TokenStream {
    match reason {
        Given::Standard(variant) => runtime.public(&quote!(Reason::#variant)),
        Given::Constant(path) => quote!(#path),
    }
}

/// The union of what every arm can give.
fn list(runtime: &Runtime, chain: &Chain) -> TokenStream {
    let (mut reasons, mut sets) = (Vec::new(), Vec::new());
    let any = || runtime.public(&quote!(ReasonSet::ALL));
    let mut rows = |text: &Text| {
        let rows = text.rows.iter().map(|row| &row.reason).chain(&text.other);
        reasons.extend(rows.map(|reason| given(runtime, reason)));
    };
    for arm in &chain.arms {
        match arm {
            Arm::Text(text) | Arm::Found { reason: Found::Text(text), .. } => rows(text),
            Arm::Found { ty, reason, .. } => sets.push(match reason {
                Found::Itself => {
                    let failure_reason = shown(runtime.public(&quote!(FailureReason)), ty.span());
                    quote!(<#ty as #failure_reason>::REASONS)
                }
                Found::Given(reason) => {
                    let (of, reason) = (runtime.public(&quote!(ReasonSet::of)), given(runtime, reason));
                    quote!(#of(&[#reason]))
                }
                Found::Function(path) => ready::list(runtime, path).unwrap_or_else(any),
                Found::Closure(_) | Found::Text(_) => any(),
            }),
        }
    }
    if !chain.arms.last().is_some_and(Arm::takes_all) {
        let unknown = || runtime.public(&quote!(Reason::Unknown));
        reasons.push(chain.other.as_ref().map_or_else(unknown, |other| given(runtime, other)));
    }
    let of = runtime.public(&quote!(ReasonSet::of));
    quote!(#of(&[#(#reasons),*])#(.union(#sets))*)
}
